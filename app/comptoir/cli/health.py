"""Says whether this terminal sells, for who is about to change one of them."""

import json
import time
from typing import Any

import click

from comptoir import manager_client
from comptoir.bootstrap import inspection
from comptoir.cli import pass_settings
from comptoir.domain.errors import Refusal
from comptoir.settings import Settings

AGAIN_S = 1.0


class NotWell(Refusal):
    """The terminal does not sell, or holds what nobody else has."""


@click.command()
@click.option("--safe", is_flag=True,
              help="Also demand every other terminal, and copies where any could be.")  # fmt: skip
@click.option("--wait", "wait_s", type=click.IntRange(min=0), default=0, metavar="SECONDS",
              help="How long it may take to become so.")  # fmt: skip
@pass_settings
def health(config: Settings, wait_s: int, *, safe: bool) -> None:
    """Say that this terminal sells; with --safe that it may be taken away without a loss."""
    end_s = time.monotonic() + wait_s
    while True:
        try:
            click.echo(_told(config, safe=safe))
        except Refusal:
            if time.monotonic() >= end_s:
                raise
            time.sleep(AGAIN_S)
        else:
            return


def _told(config: Settings, *, safe: bool) -> str:
    said: dict[str, Any] = manager_client.ask(config.http_port, "GET", "/healthz")
    name = said["terminal"]
    if not said["ok"]:
        raise NotWell(f"{name} is still starting. Wait, and ask again.")
    if safe:
        _demand_safe(config, said)
    return json.dumps({"terminal": name, "peers": said["peers"], "unsafe": said["unsafe"]})


def _demand_safe(config: Settings, said: dict[str, Any]) -> None:
    name, alive = said["terminal"], set(said["peers"])
    taking_part = {row["id"]: row["name"] for row in inspection.terminals(config)
                   if not row["retired"] and not row["here"]}  # fmt: skip
    missing = [f"{label} ({one})" for one, label in taking_part.items() if one not in alive]
    if missing:
        raise NotWell(f"{name} does not hear {', '.join(missing)}. Mend that, or retire it, first.")
    if said["unsafe"] is None:
        raise NotWell(f"{name} cannot say what is safe: comptoir-replica does not run. Start it.")
    somebody_copies = taking_part or said["cloud_behind"] is not None
    if said["unsafe"] and somebody_copies:
        raise NotWell(f"{said['unsafe']} events are on {name} alone. Wait until they are copied.")
