"""Restaurants that something is published to: the ticked ones, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request

from comptoir.commands import Command
from comptoir.commands.overview import Overview
from comptoir.domain.errors import DomainError, Refusal
from comptoir.domain.head_office import PUBLISHED
from comptoir.web.access import command_id
from comptoir.web.head_office import door
from comptoir.web.head_office.services import services

TARGETS_MAX = 100


class NobodyTicked(DomainError):
    """No restaurant was chosen to publish to."""

    code = "office-nobody-ticked"
    status = 422

    def __init__(self) -> None:
        super().__init__("Tick at least one restaurant.")


@dataclass(frozen=True, slots=True)
class Target:
    """A restaurant that could take it: what it has now, and what became of it."""

    site: Overview
    now: int | str
    said: str = ""
    fault: str = ""


def ticked(targets: Sequence[Target]) -> list[Target]:
    """Return the ticked ones of those that could be; raises NobodyTicked."""
    wanted = set(request.form.getlist("to"))
    found = [one for one in targets if one.site.id in wanted]
    if not found or len(found) < len(wanted):
        raise NobodyTicked
    return found


def id_for(site: Overview) -> str:
    """Return the command's id in one restaurant: sent twice, it does nothing twice."""
    return f"{command_id()}-{site.id}"


def publish(target: Target, detail: str, then: int | str, *commands: Command) -> Target:
    """Publish in one restaurant; returns what became of it, with what it has ``then``.

    ``detail`` is what the audit says of it.
    """
    s, told = services(), True
    try:
        for command in commands:
            told &= s.publish(target.site.id, command, door.user().name)
    except Refusal as error:
        door.note(PUBLISHED, target.site.id, f"refused: {detail}: {error}")
        return replace(target, fault=str(error))
    door.note(PUBLISHED, target.site.id, detail)
    return replace(target, now=then, said="sent" if told else "kept")
