"""Shares this terminal's journal."""

import click

from comptoir.bootstrap.replica import open_replica
from comptoir.cli import pass_settings
from comptoir.cli.running import run_at_terminal
from comptoir.settings import Settings


@click.command()
@pass_settings
def replica(config: Settings) -> None:
    """Share this terminal's journal with its peers and the cloud."""
    run_at_terminal(config, open_replica)
