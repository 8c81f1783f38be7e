"""Makes or shows who this terminal is."""

import json
from pathlib import Path

import click

from comptoir import identity as identities
from comptoir.bootstrap.identity import make_identity
from comptoir.cli import pass_settings
from comptoir.domain.records import dump
from comptoir.settings import Settings


@click.group()
def identity() -> None:
    """Make or show who this terminal is."""


@identity.command("init")
@click.option("--enrol", type=click.Path(path_type=Path), help="Enrolment file of the installer.")
@pass_settings
def init(config: Settings, enrol: Path | None) -> None:
    """Make this terminal's keys and name; once."""
    made = make_identity(config, enrol)
    click.echo(f"terminal {made.terminal} ({made.place.name}) of {made.restaurant.id}")


@identity.command("card")
@pass_settings
def card(config: Settings) -> None:
    """Print this terminal's card, by which others admit it."""
    click.echo(json.dumps(dump(identities.read(config.identity_dir).card), indent=2))
