"""Prices a check given as JSON, for anyone who wants to check us."""

import json
from pathlib import Path

import click

from comptoir.commands import price_file
from comptoir.domain import pricing


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def price(file: Path) -> None:
    """Price the check in FILE (JSON, as docs/pricing.md says; - is standard input)."""
    sheet = price_file.load(file)
    click.echo(json.dumps(price_file.written(sheet, pricing.price(sheet)), indent=2))
