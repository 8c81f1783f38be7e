"""The house: the restaurant itself, its floor, its people, its terminals, its API clients."""

from dataclasses import dataclass, field

WAITER, CASHIER, KITCHEN, MANAGER = "waiter", "cashier", "kitchen", "manager"
STOCK = "stock"
ROLES = (WAITER, CASHIER, KITCHEN, STOCK, MANAGER)
NO_GUESTS = frozenset({KITCHEN, STOCK})
"""Roles that serve no guests: no tables, no tips."""
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Restaurant:
    """What a restaurant is; ``cutoff_minutes`` after midnight the business day ends.

    ``passphrase_hash`` is empty while it has no passphrase.
    """

    id: str = ""
    name: str = ""
    currency: str = "EUR"
    timezone: str = "Europe/Paris"
    languages: tuple[str, ...] = ("en",)
    cutoff_minutes: int = 240
    passphrase_hash: str = ""


NOWHERE = -1
FLOOR_COLUMNS, FLOOR_ROWS = 6, 10


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the label is what staff call it.

    ``x`` and ``y`` are its column and row in its area's grid, from 0; -1 while nobody placed it.
    """

    id: str
    label: str
    seats: int = 4
    x: int = NOWHERE
    y: int = NOWHERE

    @property
    def placed(self) -> bool:
        """Tell whether it has a place in the grid."""
        return 0 <= self.x < FLOOR_COLUMNS and 0 <= self.y < FLOOR_ROWS


@dataclass(frozen=True, slots=True)
class Area:
    """A room, or the terrace."""

    id: str
    name: str
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Floor:
    """The floor plan as last published."""

    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Staff:
    """One person; PIN and badge are argon2id hashes; who is left-handed has mirrored screens."""

    id: str
    name: str = ""
    role: str = WAITER
    pin_hash: str = ""
    language: str = "en"
    active: bool = True
    badge_hash: str = ""
    left_handed: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may use the API; the token is kept as its SHA-256, hex."""

    id: str
    name: str = ""
    token_hash: str = ""
    role: str = WAITER
    active: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """What others must know to trust a terminal: its keys.

    ``signing_key`` is the raw Ed25519 public key in base64, ``lan_cert`` a PEM certificate.
    """

    terminal: str
    letter: str
    name: str
    signing_key: str
    lan_cert: str


@dataclass(frozen=True, slots=True)
class LastSeen:
    """How far one terminal held another's log when it heard of its retirement."""

    by: str
    epoch: int
    seq: int
    hash: str


NO_CUTOFF = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal of the restaurant: admitted, suspended, or retired and never again.

    ``retired_by`` are the terminals that retired it, ``against`` those that it retired itself. It
    is ``suspended``, out but for a decision, while they are the same. ``actor`` is the manager
    who retired it; ``adopted`` the hashes of what was taken over of it later.
    """

    id: str
    card: Card | None = None
    retired: bool = False
    retired_ms: int = 0
    reason: str = ""
    last_seen: tuple[LastSeen, ...] = field(default=())
    suspended: bool = False
    actor: str = ""
    retired_by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()

    def cutoff(self, epoch: int) -> int:
        """Return the highest attested seq of an epoch; later events are quarantined.

        There is none for a terminal that takes part, or does so again.
        """
        if not self.retired:
            return NO_CUTOFF
        return max((seen.seq for seen in self.last_seen if seen.epoch == epoch), default=0)
