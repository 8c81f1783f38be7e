"""Keeps the events of many restaurants."""

import json
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

import click
import segno

from comptoir import identity
from comptoir.bootstrap.cloud import open_ingest, open_store
from comptoir.cli import pass_settings
from comptoir.cli.running import run
from comptoir.domain.head_office import EVERY, User
from comptoir.domain.records import dump
from comptoir.settings import Settings


@click.group()
def cloud() -> None:
    """Keep the events of many restaurants."""


@cloud.command("migrate")
@pass_settings
def migrate(config: Settings) -> None:
    """Bring the cloud's store up to this version."""
    store = open_store(config)
    try:
        for name in store.migrate():
            click.echo(f"applied {name}")
    finally:
        store.close()


@cloud.command("register")
@click.argument("restaurant")
@click.argument("cards", nargs=-1, type=click.Path(exists=True, path_type=Path))
@pass_settings
def register(config: Settings, restaurant: str, cards: tuple[Path, ...]) -> None:
    """Take a restaurant in, with the cards of its first terminals (identity card > FILE)."""
    store = open_store(config)
    try:
        store.register(restaurant, [identity.read_card(file) for file in cards])
    finally:
        store.close()


@cloud.command("ingest")
@pass_settings
def ingest(config: Settings) -> None:
    """Take in what terminals upload, and tell them how far it is kept."""
    store = open_store(config)
    try:
        run(open_ingest(store, config))
    finally:
        store.close()


@cloud.command("office")
@pass_settings
def office(config: Settings) -> None:
    """Serve the head office: restaurants side by side."""
    from comptoir.bootstrap.head_office import open_office  # noqa: PLC0415 - a worker needs no web

    store = open_store(config)
    try:
        run(open_office(store, config))
    finally:
        store.close()


@cloud.command("card")
@pass_settings
def card(config: Settings) -> None:
    """Print the head office's card; terminals that have it as cloud-card.json take its prices."""
    from comptoir.bootstrap.head_office import office_card  # noqa: PLC0415 - a worker needs no web

    click.echo(json.dumps(dump(office_card(config)), indent=2))


@cloud.command("user")
@click.argument("name")
@click.option("--restaurant", "restaurants", multiple=True, help="One they see; repeat for more.")
@click.option("--every", is_flag=True, help="They see every restaurant, those to come too.")
@click.option("--publishes", is_flag=True, help="They may change prices.")
@click.option("--audits", is_flag=True, help="They may read who did what.")
@click.option("--language", default="en", show_default=True, help="Language of their pages.")
@click.option("--password", type=click.File(), help="A file with a new password; - asks input.")
@click.option("--new-code", is_flag=True, help="Give them a new second factor.")
@click.option("--off", is_flag=True, help="They may not sign in any more.")
@pass_settings
def user(config: Settings, /, name: str, password: TextIO | None, **said: Any) -> None:
    """Add a person of the head office, or set their rights anew.

    Prints the second factor of who is new, once, for their authenticator app.
    """
    from comptoir.bootstrap.head_office import set_user  # noqa: PLC0415 - a worker needs no web

    rights = (EVERY,) if said["every"] else said["restaurants"]
    powers = (said["publishes"], said["audits"], said["language"], not said["off"])
    wanted = User(name, "", "", rights, *powers)
    store = open_store(config)
    try:
        known = store.people.user(name)
        given = password.readline().rstrip("\n") if password else None
        made = set_user(store, wanted, given, new_code=said["new_code"])
    finally:
        store.close()
    if known is None or known.secret != made.secret:
        label = quote(f"Comptoir:{name}")
        address = f"otpauth://totp/{label}?secret={made.secret}&issuer=Comptoir"
        click.echo(address)
        segno.make(address).terminal(compact=True)
