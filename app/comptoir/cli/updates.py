"""Updates this terminal in its turn."""

import click

from comptoir.bootstrap.updates import open_updates
from comptoir.cli import pass_settings
from comptoir.cli.running import run_at_terminal
from comptoir.settings import Settings


@click.command()
@pass_settings
def updates(config: Settings) -> None:
    """Install what is offered, one terminal after the other, and give it to peers."""
    run_at_terminal(config, open_updates)
