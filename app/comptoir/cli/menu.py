"""Looks after the menu."""

from pathlib import Path

import click

from comptoir.api_client import TillClient
from comptoir.cli import pass_settings
from comptoir.menu_import import import_menu
from comptoir.settings import Settings

IMPORT_S = 60.0  # a menu of thousands of dishes, on a till that sells meanwhile


@click.group()
def menu() -> None:
    """Look after the menu."""


@menu.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--pin", prompt="Manager's PIN", hide_input=True, help="A manager's PIN; asked for.")
@click.option("--draft", is_flag=True, help="Keep it for later: a manager publishes it.")
@pass_settings
def menu_import(config: Settings, file: Path, pin: str, *, draft: bool) -> None:
    """Make FILE (CSV or JSON, as docs/menu-file.md says) the menu; all of it or nothing."""
    client = TillClient(config.http_port, timeout_s=IMPORT_S)
    made = import_menu(file, client, pin, draft=draft)
    waits = ", waiting to be published" if draft else ""
    found = f"{len(made.items)} items in {len(made.categories)} categories"
    click.echo(f"{found} from {file.name}{waits}")
