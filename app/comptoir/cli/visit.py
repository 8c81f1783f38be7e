"""Lets a technician in for a while, without the till's screen; asks to be let in."""

import sys
import time
from typing import TextIO

import click

from comptoir import manager_client
from comptoir.cli import pass_settings
from comptoir.domain.visit import MINUTES_MAX, code_of, public_key
from comptoir.settings import Settings

MINUTE_S = 60
AGAIN_S = 2.0


def _from_input(_: click.Context, __: click.Parameter, pin: str) -> str:
    """Return a PIN that a program gives as a line, so that no list of processes shows it.

    Not a byte more is read than that line: what a command wants besides may follow.
    """
    return sys.stdin.buffer.readline().decode().strip() if pin == "-" else pin


PIN = click.option(
    "--pin", prompt="Manager's PIN", hide_input=True, callback=_from_input,
    help="A manager's PIN; asked for. - is a line of input.",
)  # fmt: skip


@click.group()
def visit() -> None:
    """Let a technician in to all terminals of the restaurant for a while."""


@visit.command("ask")
@click.argument("terminal")
@click.argument("key", type=click.File())
@click.option("--technician", required=True, help="Your name, as the manager will see it.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, help="Of the terminal's till.")
@click.option("--wait", "wait_s", type=click.IntRange(min=0), default=0, metavar="SECONDS",
              help="How long to wait for the manager.")  # fmt: skip
def ask(terminal: str, key: TextIO, technician: str, port: int, wait_s: int) -> None:
    """From your computer, ask the restaurant of TERMINAL to let in KEY, your public SSH key."""
    known = public_key(key.read())
    code, end_s = code_of(known), time.monotonic() + wait_s
    body = {"technician": technician, "key": known}
    manager_client.ask(port, "POST", "/api/v1/visit/knocks", body, host=terminal)
    click.echo(f"asked; the manager must see {code}, or send you away")
    while not _is_in(terminal, port, code):
        if time.monotonic() >= end_s:
            raise manager_client.TillRefused(f"Nobody has let you in yet at {terminal}.")
        time.sleep(AGAIN_S)
    click.echo("come in: every terminal of the restaurant is open to you")


def _is_in(terminal: str, port: int, code: str) -> bool:
    now = manager_client.ask(port, "GET", "/api/v1/visit", host=terminal)
    return bool(now["code"] == code and now["left_s"] > 0)


@visit.command("grant")
@click.argument("key", type=click.File())
@click.option("--technician", required=True, help="Their name, as every terminal will show it.")
@click.option(
    "--minutes", type=click.IntRange(1, MINUTES_MAX), default=MINUTES_MAX, help="How long."
)
@PIN
@pass_settings
def grant(config: Settings, key: TextIO, technician: str, minutes: int, pin: str) -> None:
    """Let in who has the secret half of KEY, a file with a public SSH key (- is input)."""
    body = {"technician": technician, "key": key.read().strip(), "minutes": minutes}
    manager_client.ask(config.http_port, "POST", "/api/v1/visit", body, pin=pin)
    click.echo(f"{technician} has access to all terminals for {minutes} minutes")


@visit.command("end")
@PIN
@pass_settings
def end(config: Settings, pin: str) -> None:
    """End the visit at once."""
    manager_client.ask(config.http_port, "POST", "/api/v1/visit/end", pin=pin)
    click.echo("nobody has access")


@visit.command("show")
@pass_settings
def show(config: Settings) -> None:
    """Say who has access now, and how long yet."""
    now = manager_client.ask(config.http_port, "GET", "/api/v1/visit")
    minutes = -(-now["left_s"] // MINUTE_S)
    inside = f"{now['technician']} ({now['code']}) has access, {minutes} minutes more"
    click.echo(inside if minutes else "nobody has access")
