"""Whose clock runs more than ten minutes ahead of this one: written down, so that all may mark it.

Such events count in their order like all others. Only that somebody held them before their time had
come is a fact of its own, folded by every terminal alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.commands.desk import PROGRAM, SYSTEM_ACTOR, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.clock import RunsAhead
from comptoir.domain.hlc import milliseconds, too_far_ahead
from comptoir.journal import Writing, reading

AGAIN_MS = 10 * 60 * 1000  # what is sold meanwhile is marked by the next sighting


@dataclass(frozen=True, slots=True)
class SeeAhead(Command):
    """Write that a log, held here up to ``seq``, is ``ahead_ms`` ahead of ``at_ms``, the time."""

    terminal: str
    epoch: int
    seq: int
    at_ms: int
    ahead_ms: int


@handles(SeeAhead, PROGRAM)
def see_ahead(command: SeeAhead, writing: Writing, desk: Desk) -> None:
    """Write it, unless somebody did a moment ago; nobody judges its own clock."""
    state: RunsAhead = writing.state(f"ahead:{command.terminal}")
    said = [one.at_ms for one in state.sightings if one.epoch == command.epoch]
    lately = any(abs(command.at_ms - at_ms) < AGAIN_MS for at_ms in said)
    if command.terminal != desk.log.terminal and not lately:
        at = (command.terminal, command.epoch, command.seq)
        writing.append(ev.ClockSeenAhead(*at, command.at_ms, command.ahead_ms))


def note_ahead(desk: Desk) -> None:
    """Write down whose newest event is too far ahead; who does not know the time judges nobody.

    While somebody is of an older version, that would not know it, nothing is marked.
    """
    if desk.log.epoch and desk.time_known() and desk.speaks() >= ev.ClockSeenAhead.SINCE:
        for command in _found(desk):
            desk.run(command, SYSTEM_ACTOR)


def _found(desk: Desk) -> Iterator[SeeAhead]:
    journal, me, now_ms = desk.log.journal, desk.log.terminal, desk.clock.now_ms()
    for (name, epoch), hlc in sorted(reading.readings(journal).items()):
        if name == me or not too_far_ahead(hlc, now_ms):
            continue
        seq = journal.head((name, epoch)).seq
        state: RunsAhead = journal.state(f"ahead:{name}")
        if state.mark(epoch, seq, hlc) is None:
            at = (name, epoch, seq, now_ms, milliseconds(hlc) - now_ms)
            yield SeeAhead(f"ahead-{me}-{name}-{epoch}-{seq}", *at)
