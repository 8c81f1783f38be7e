"""Writes the broker's connection to the cloud."""

from pathlib import Path

import click

from comptoir.bootstrap import bridge
from comptoir.cli import pass_settings
from comptoir.settings import Settings


@click.command("bridge-config")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file; default: print.")
@pass_settings
def bridge_config(config: Settings, out: Path | None) -> None:
    """Print the broker's connection to the cloud; nothing when there is no cloud."""
    block = bridge.bridge_config(config)
    if out is None:
        click.echo(block, nl=False)
    else:
        out.write_text(block, encoding="ascii")
