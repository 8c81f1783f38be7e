"""Operations for watching: this terminal's status, and the stream of changes."""

from collections.abc import Callable, Iterator

import msgspec
from flask import Response

from comptoir.commands import queries
from comptoir.web import live
from comptoir.web.api import answers
from comptoir.web.api.operation import Query, Registry
from comptoir.web.safety import key
from comptoir.web.services import Services, services

watching = Registry("watching")
SSE = "text/event-stream"


class ChangeStream:
    """Server-sent events: one ``change`` for each event that enters this journal."""


@watching.reads("/status", answers.Status)
def read_status() -> answers.Status:
    """Read who this terminal is, what it holds, whom it hears."""
    s = services()
    vector = s.journal.vector()
    standing, report = s.safety.standing(vector), s.safety.report
    safe, cloud = (report.safe, report.cloud) if report else ({}, {})
    heads = tuple(
        answers.HeadView(*log, *head, safe.get(key(log), 0), cloud.get(key(log), 0))
        for log, head in sorted(vector.items())
    )
    return answers.Status(
        version=s.version,
        restaurant=queries.restaurant(s.journal),
        terminal=s.identity.terminal,
        epoch=s.desk.log.epoch,
        position=s.journal.position(),
        business_date=s.desk.business_date(),
        now_ms=s.clock.now_ms(),
        vector=heads,
        peers=standing.peers,
        known=standing.known,
        unsafe=standing.unsafe,
        cloud=standing.cloud,
        cloud_behind=standing.cloud_behind,
        digest=s.journal.digest(),
    )


@watching.reads(
    "/events/stream",
    ChangeStream,
    answers=SSE,
    query=(Query("after", "go on after this position; a Last-Event-ID header does the same"),),
)
def stream_events() -> Response:
    """Stream every change of the journal, from a position on."""
    s = services()
    return live.respond(_changes(s, live.starting_position(s), live.left()))


def _changes(s: Services, position: int, gone: Callable[[], bool]) -> Iterator[str]:
    yield ": changes follow\n\n"
    while not s.changes.closed:
        count = s.changes.count
        changes = s.journal.changes(position, live.BATCH)
        for change in changes:
            position = change.position
            yield live.message("change", msgspec.json.encode(change._asdict()).decode(), position)
        if len(changes) < live.BATCH and live.quiet(s, count, gone):
            yield live.STILL_HERE
