"""Looks at tax packs, and puts one in force."""

import click

from comptoir import packs, tax_packs
from comptoir.api_client import TillClient
from comptoir.cli import pass_settings
from comptoir.settings import Settings


@click.group()
def taxes() -> None:
    """Look at tax packs: what restaurants of a region charge."""


@taxes.command("list")
def list_regions() -> None:
    """List the regions there is a pack for."""
    for region in packs.regions():
        click.echo(f"{region:14} {packs.load(region).name}")


@taxes.command("show")
@click.argument("region")
def show(region: str) -> None:
    """Show a pack: its rates, since when, and the page that says so."""
    for line in tax_packs.described(packs.load(region)):
        click.echo(line)


@taxes.command("apply")
@click.argument("region")
@click.option("--pin", prompt="Manager's PIN", hide_input=True, help="A manager's PIN; asked for.")
@pass_settings
def apply(config: Settings, region: str, pin: str) -> None:
    """Put a region's taxes on this house's menu, and its rounding in force."""
    pack = packs.load(region)
    tax_packs.apply(region, TillClient(config.http_port), pin)
    click.echo(f"{len(pack.taxes)} taxes of {pack.name}")
