"""Renders the event reference from the classes themselves: docstring, fields, version."""

import typing
from itertools import groupby

from comptoir.domain.envelope import Envelope
from comptoir.domain.events import KINDS, Body
from tests.docs import tables


def kinds() -> str:
    """Return a section per aggregate with an entry per kind."""
    sections = []
    for subject, bodies in groupby(sorted(KINDS.values(), key=_subject), key=_subject):
        entries = "\n\n".join(_entry(body) for body in bodies)
        sections.append(f"### {subject}\n\n{entries}")
    return "\n\n".join(sections)


def _subject(body: type[Body]) -> str:
    return body.KIND.partition(".")[0]


def _entry(body: type[Body]) -> str:
    title = f"#### `{body.KIND}` v{body.V}"
    since = f"Of language {body.SINCE}.\n\n" if body.SINCE > 1 else ""
    return f"{title}\n\n{tables.about(body)}\n\n{since}{tables.fields(body)}"


def envelope() -> str:
    """Return what stands around every body."""
    return f"{tables.about(Envelope)}\n\n{tables.fields(Envelope)}"


def records() -> str:
    """Return the records that bodies carry inside them, by name."""
    hints = [hint for body in KINDS.values() for hint in typing.get_type_hints(body).values()]
    found = set().union(*(tables.records_in(hint) for hint in hints))
    return "\n\n".join(
        f"### {record.__name__}\n\n{tables.about(record)}\n\n{tables.fields(record)}"
        for record in sorted(found, key=lambda record: record.__name__)
    )
