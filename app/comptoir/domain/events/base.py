"""What every event body has, and from which language on it is understood."""

from dataclasses import dataclass
from typing import ClassVar


class Body:
    """What every event body has: a kind, a version and the aggregates it touches.

    ``SINCE`` is the first language whose speakers know this kind in this version.
    """

    KIND: ClassVar[str]
    V: ClassVar[int] = 1
    SINCE: ClassVar[int] = 1

    def aggregates(self) -> tuple[str, ...]:
        """Return the ids of the aggregates that this event is folded into."""
        raise NotImplementedError

    def authored(self, terminal: str) -> tuple[str, ...]:
        """Return the aggregates that it touches because this terminal wrote it."""
        del terminal
        return ()


def in_drawer(drawer: str) -> tuple[str, ...]:
    """Return where money of a drawer is filed: never folded, read when its drawer is counted."""
    return (f"takings:{drawer}",) if drawer else ()


def on_account(account: str) -> tuple[str, ...]:
    """Return the house account that money was put on, if any."""
    return (f"account:{account}",) if account else ()


@dataclass(frozen=True, slots=True)
class CheckBody(Body):
    """A body that belongs to one check."""

    check: str

    def aggregates(self) -> tuple[str, ...]:
        """Return the check."""
        return (f"check:{self.check}",)
