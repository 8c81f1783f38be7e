"""Updates this terminal in its turn; says how far the restaurant is, offers and begins a round."""

import json
import time
from pathlib import Path

import click

from comptoir import manager_client
from comptoir.bootstrap import update_round
from comptoir.bootstrap.updates import open_updates
from comptoir.cli import pass_settings
from comptoir.cli.running import run_at_terminal
from comptoir.cli.visit import PIN
from comptoir.settings import Settings

AGAIN_S = 2.0


@click.group(invoke_without_command=True)
@click.pass_context
def updates(ctx: click.Context) -> None:
    """Install what is offered, one terminal after the other, and give it to peers.

    Without a command it does so until it is told to stop: the updates program.
    """
    if ctx.invoked_subcommand is None:
        run_at_terminal(ctx.obj, open_updates)


@updates.command("show")
@click.option("--wait", "wait_s", type=click.IntRange(min=0), default=0, metavar="SECONDS",
              help="How long to wait until nothing is left for this terminal to do.")  # fmt: skip
@pass_settings
def show(config: Settings, wait_s: int) -> None:
    """Print as JSON how far each terminal is with what is offered to it."""
    end_s = time.monotonic() + wait_s
    while (rows := update_round.rows(config)) and time.monotonic() < end_s:
        if update_round.is_over(rows):
            break
        time.sleep(AGAIN_S)
    click.echo(json.dumps(rows, indent=2))


@updates.command("offer")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@PIN
@pass_settings
def offer(config: Settings, file: Path, pin: str) -> None:
    """Offer the bundle in FILE to the terminals that it is made for, for their quiet hour.

    They find it where the file lies in updates/ of data_dir.
    """
    about = update_round.about(file)
    if update_round.is_offered(config, about["bundle"]):
        click.echo(f"{about['version']} is offered already")
        return
    manager_client.ask(config.http_port, "POST", "/api/v1/updates", about, pin=pin)
    click.echo(f"offered {about['version']}")


@updates.command("want")
@PIN
@pass_settings
def want(config: Settings, pin: str) -> None:
    """Begin at once with what is offered, or again where it went wrong."""
    wanted = update_round.to_want(config)
    for bundle, version in wanted.items():
        path = f"/api/v1/updates/{bundle}/want"
        manager_client.ask(config.http_port, "POST", path, pin=pin)
        click.echo(f"wanted {version}")
    if not wanted:
        click.echo("nothing waits")
