"""The short way to fold a check whose newest event adds a line: what was folded before, and it.

Most events of a check are such; the whole fold of a long check would be made for each of them.
"""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.fold_lines import line_of
from comptoir.domain.hlc import milliseconds


def with_line(before: Check, events: Sequence[ev.Event]) -> Check | None:
    """Return the fold of the events from that of all but the last; None where that is not enough.

    An earlier fact that names the line has waited for it: then all have to be folded.
    """
    event = events[-1]
    body = event.body
    if not isinstance(body, ev.LineAdded) or any(_names(e.body, body.line) for e in events[:-1]):
        return None
    return replace(
        before,
        lines=(*before.lines, line_of(event, body)),
        changed_ms=milliseconds(event.envelope.hlc),
    )


def _names(body: ev.Body | None, line: str) -> bool:
    return line == getattr(body, "line", None) or line in getattr(body, "lines", ())
