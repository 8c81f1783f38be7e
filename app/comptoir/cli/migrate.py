"""Makes the journal's tables, or brings them up to this version."""

import click

from comptoir.bootstrap import terminal
from comptoir.cli import pass_settings
from comptoir.settings import Settings


@click.command()
@pass_settings
def migrate(config: Settings) -> None:
    """Bring the journal's tables up to this version."""
    for name in terminal.migrate(config):
        click.echo(f"applied {name}")
