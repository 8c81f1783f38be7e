"""What appends to a terminal's own log: its desk, and the house it founds."""

import time

from comptoir import samples
from comptoir.bootstrap.terminal import SystemClock
from comptoir.commands import (
    AttestRetired,
    Desk,
    FoundRestaurant,
    PublishFloor,
    PublishMenu,
    SetStaff,
    queries,
)
from comptoir.commands.desk import SYSTEM_ACTOR, Around
from comptoir.commands.steered_clock import SteeredClock, newest_ms
from comptoir.identity import Identity
from comptoir.journal import Clock, Journal, OwnLog, Signer
from comptoir.settings import Settings


def open_desk(
    journal: Journal,
    identity: Identity,
    around: Around | None = None,
    machine: Clock | None = None,
) -> Desk:
    """Return the desk of this terminal, by its machine's clock; its own log is not open yet."""
    around = around or Around()
    floor_ms = newest_ms(journal, identity.terminal)
    clock = SteeredClock(machine or SystemClock(), time.monotonic, around.off_ms, floor_ms)
    signer = Signer.load(identity.directory / "signing.key")
    log = OwnLog(
        journal, signer, clock, restaurant=identity.restaurant.id, terminal=identity.terminal
    )
    return Desk(log, clock, letter=identity.place.letter, around=around)


def found_if_new(desk: Desk, identity: Identity, settings: Settings) -> None:
    """Found the restaurant when this terminal knows no other and nothing was founded yet.

    The command ids are fixed, so a power cut in the middle is made good at the next start.
    """
    if not identity.founder or not settings.sample:
        return
    journal = desk.log.journal
    if queries.restaurant(journal).id and queries.staff(journal):
        return
    sample = samples.load(settings.sample)
    house = identity.restaurant
    about = sample.restaurant
    key = f"found-{identity.terminal}"
    for command in (
        FoundRestaurant(
            f"{key}-restaurant",
            house.name or about.name,
            house.currency or about.currency,
            house.timezone or about.timezone,
            about.languages,
            identity.card,
        ),
        PublishMenu(f"{key}-menu", sample.menu),
        PublishFloor(f"{key}-floor", sample.areas),
        *(
            SetStaff(f"{key}-staff-{p.id}", p.id, p.name, p.role, p.pin, p.language)
            for p in sample.staff
        ),
    ):
        desk.run(command, SYSTEM_ACTOR)


def attest_retired(desk: Desk) -> None:
    """Attest how far every retired terminal's log is held here; done once for each retirement.

    Also of one that no event admitted: it was trusted from the start; and of one whose retirement
    is known from others' attesting only: who retired it may be out itself, and not be heard.
    """
    mine = desk.log.terminal
    for terminal in desk.log.journal.states("terminal"):
        said = sum(seen.by == mine for seen in terminal.last_seen)
        heard_of = terminal.last_seen and not said
        if terminal.id != mine and (terminal.retired or heard_of):
            key = f"attest-{mine}-{terminal.id}-{terminal.retired_ms}"
            desk.run(AttestRetired(key, terminal.id), SYSTEM_ACTOR)
