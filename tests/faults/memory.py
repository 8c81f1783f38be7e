"""What eight terminals in one process need not work out eight times: a pure result is remembered.

Only for the length of a run, and only by exactly what went in: a fold by the very events in their
order, a signature by key, digest and signature. Another order or a forgery is another question.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

from comptoir.domain.events import Event
from comptoir.domain.fold import fold
from comptoir.journal import admission, projections, recent
from comptoir.journal.signing import Verifier
from tests.faults.controls import put

Fold = Callable[[str, Sequence[Event]], Any]


def remembered_fold() -> Fold:
    """Return a fold that works out once what any terminal asks; an event is known by identity."""
    known: dict[tuple[str, tuple[int, ...]], tuple[list[Event], Any]] = {}

    def asked(aggregate: str, events: Sequence[Event]) -> Any:
        key = (aggregate, tuple(map(id, events)))
        if key not in known:
            known[key] = (list(events), fold(aggregate, events))  # kept: an id stays theirs
        return known[key][1]

    return asked


class RememberingVerifier(Verifier):
    """Checks each signature of its key once."""

    def __init__(self, public: str) -> None:
        super().__init__(public)
        self.accepts = cache(super().accepts)  # type: ignore[method-assign]


@contextmanager
def remembering() -> Iterator[None]:
    """Remember pure results as long as this lasts."""
    with ExitStack() as stack:
        once = remembered_fold()
        for module in (projections, recent):
            stack.enter_context(put(module, "fold", once))
        stack.enter_context(put(admission, "Verifier", cache(RememberingVerifier)))
        yield
