"""Who takes part: trusted from the start or admitted since, and not retired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comptoir.domain.house import Card, Terminal


@dataclass(frozen=True, slots=True)
class Roster:
    """The cards of the admitted terminals, this one's too, and the names of the retired."""

    admitted: Mapping[str, Card]
    retired: frozenset[str]

    @classmethod
    def of(cls, trust: Mapping[str, Card], terminals: Iterable[Terminal]) -> "Roster":
        """Return the roster; a card trusted from the start is never replaced."""
        terminals = list(terminals)
        cards = {t.id: t.card for t in terminals if t.card is not None} | dict(trust)
        retired = frozenset(terminal.id for terminal in terminals if terminal.retired)
        return cls({name: cards[name] for name in cards if name not in retired}, retired)
