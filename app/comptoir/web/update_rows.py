"""How an update stands, terminal by terminal: the same at the till and at the head office."""

from collections.abc import Iterable
from dataclasses import dataclass

from comptoir.domain.updates import KEPT, Offer, Turn, Updates
from comptoir.domain.versions import precedes

HAS_IT = frozenset({"kept", "ran-already", "newer", "other-kind"})
WORDS = {"": "begun", KEPT: "kept", "went back": "went-back", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Row:
    """How it stands at one terminal; ``word`` is one of ``update_labels.TURNS``."""

    name: str
    version: str
    word: str
    why: str = ""


def row(state: Updates, terminal: str, name: str, offer: Offer | None) -> Row:
    """Return how it stands at a terminal with what is offered."""
    system, turn = state.system(terminal), state.mine(terminal)
    version = system.version if system else ""
    if turn is not None and (not turn.outcome or (offer and turn.bundle == offer.bundle)):
        return Row(name, version, *_said(turn))
    if offer is None or not system:
        word = "none"
    elif system.compatible != offer.compatible:
        word = "other-kind"
    else:
        word = "newer" if precedes(offer.version, version) else "waits"
    return Row(name, version, word)


def all_have_it(rows: Iterable[Row]) -> bool:
    """Tell whether nobody has anything to do about it."""
    return all(one.word in HAS_IT for one in rows)


def _said(turn: Turn) -> tuple[str, str]:
    if turn.outcome == KEPT:
        return ("ran-already" if turn.why else "kept"), ""
    return WORDS[turn.outcome], turn.why
