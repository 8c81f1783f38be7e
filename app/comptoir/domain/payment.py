"""A payment as folded from its events: intended, then taken or cancelled."""

from dataclasses import dataclass

INTENDED, TAKEN, CANCELLED = "intended", "taken", "cancelled"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved, or was about to; amounts in minor units.

    ``part`` is the part of a split check it was for, ``owed`` what that part owed just before.
    """

    id: str
    tender: str
    amount: int
    status: str = INTENDED
    tendered: int = 0
    change: int = 0
    terminal: str = ""
    taken_by: str = ""
    part: str = ""
    owed: int = 0
