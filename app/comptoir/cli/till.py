"""Serves the till's screens and its API."""

import click

from comptoir.bootstrap.till import open_till
from comptoir.cli import pass_settings
from comptoir.cli.running import run_at_terminal
from comptoir.settings import Settings


@click.command()
@pass_settings
def till(config: Settings) -> None:
    """Serve the till's screens and its API."""
    run_at_terminal(config, open_till)
