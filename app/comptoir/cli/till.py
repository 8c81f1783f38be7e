"""Serves the till's screens and its API."""

import click

from comptoir import identity
from comptoir.bootstrap import terminal
from comptoir.bootstrap.till import open_till
from comptoir.cli import pass_settings
from comptoir.cli.readiness import tell_ready
from comptoir.cli.running import run_at_terminal
from comptoir.settings import Settings


@click.command()
@click.option(
    "--wait", "wait_s", type=click.FloatRange(min=0), default=0, metavar="SECONDS",
    help="How long to wait for an identity that the first boot is still making.",
)  # fmt: skip
@pass_settings
def till(config: Settings, wait_s: float) -> None:
    """Bring the journal up to this version, then serve the till's screens and its API."""
    for name in terminal.migrate(config):
        click.echo(f"applied {name}")
    identity.wait_for(config.identity_dir, wait_s)
    tell_ready()
    run_at_terminal(config, open_till)
