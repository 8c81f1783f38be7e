"""Makes or shows who this terminal is."""

import json
from pathlib import Path

import click

from comptoir import identity as identities
from comptoir.bootstrap.identity import join_restaurant, make_identity
from comptoir.cli import pass_settings
from comptoir.domain.records import dump
from comptoir.enrolment import enrol_again, read_enrolment
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


@identity.command("cloud")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@pass_settings
def cloud(config: Settings, file: Path) -> None:
    """Take a new way to the cloud from an enrolment file: when its certificate has ended.

    Everything else of this terminal stays as it is. The file holds a key; delete it then.
    """
    made = identities.read(config.identity_dir)
    enrol_again(made, read_enrolment(file))
    click.echo(f"terminal {made.terminal} of {made.restaurant.id} has a new way to its cloud")


@identity.command("join")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@pass_settings
def join(config: Settings, file: Path) -> None:
    """Make this new terminal one of the restaurant that an enrolment FILE names.

    Its keys stay. The programs must be stopped; their journal is another restaurant's then.
    """
    made = join_restaurant(config, file)
    click.echo(f"terminal {made.terminal} ({made.place.name}) is now of {made.restaurant.id}")


@identity.command("card")
@pass_settings
def card(config: Settings) -> None:
    """Print this terminal's card, by which others admit it."""
    click.echo(json.dumps(dump(identities.read(config.identity_dir).card), indent=2))
