"""Prints."""

import click

from comptoir.bootstrap.devices import open_devices
from comptoir.cli import pass_settings
from comptoir.cli.running import run_at_terminal
from comptoir.settings import Settings


@click.command()
@pass_settings
def devices(config: Settings) -> None:
    """Print what the kitchen and the guests get on paper."""
    run_at_terminal(config, open_devices)
