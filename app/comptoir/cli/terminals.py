"""Looks after who takes part: lists the terminals, enrols and admits one, retires one."""

import json
from typing import TextIO

import click

from comptoir import manager_client
from comptoir.bootstrap import inspection
from comptoir.bootstrap.another_terminal import enrol_another
from comptoir.cli import pass_settings
from comptoir.cli.visit import PIN
from comptoir.domain.records import dump
from comptoir.settings import Settings


@click.group()
def terminals() -> None:
    """Look after who takes part."""


@terminals.command("list")
@pass_settings
def show(config: Settings) -> None:
    """Print as JSON every terminal of the restaurant, with its address if one is known."""
    click.echo(json.dumps(inspection.terminals(config), indent=2))


@terminals.command("enrol")
@click.argument("name")
@click.option("--letter", default="", help="Begins the numbers of its checks; default: a free one.")
@click.option("--host", default="", help="Where the new one reaches this one.")
@pass_settings
def enrol(config: Settings, name: str, letter: str, host: str) -> None:
    """Print the enrolment of a new terminal called NAME; it takes part once it is admitted.

    It holds no key, and no way to the cloud (comptoir cloud enrol).
    """
    click.echo(json.dumps(dump(enrol_another(config, name, letter, host)), indent=2))


@terminals.command("admit")
@click.argument("card", type=click.File())
@PIN
@pass_settings
def admit(config: Settings, card: TextIO, pin: str) -> None:
    """Let the terminal take part whose CARD this is (of identity card; - is input)."""
    try:
        body = {"card": json.load(card)}
        name = body["card"]["terminal"]
    except (ValueError, KeyError, TypeError) as error:
        raise manager_client.TillRefused(f"{card.name} is no card of a terminal.") from error
    manager_client.ask(config.http_port, "POST", "/api/v1/terminals", body, pin=pin)
    click.echo(f"admitted {name}")


@terminals.command("retire")
@click.argument("terminal")
@click.option("--reason", type=click.Choice(["stolen", "broken", "replaced"]), required=True)
@PIN
@pass_settings
def retire(config: Settings, terminal: str, reason: str, pin: str) -> None:
    """Put a terminal out for ever."""
    path = f"/api/v1/terminals/{terminal}/retire"
    manager_client.ask(config.http_port, "POST", path, {"reason": reason}, pin=pin)
    click.echo(f"retired {terminal}")
