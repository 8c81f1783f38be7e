"""Keeps the events of many restaurants."""

from pathlib import Path

import click

from comptoir import identity
from comptoir.bootstrap.cloud import open_ingest, open_store
from comptoir.cli import pass_settings
from comptoir.cli.running import run
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
