"""What the house is: founded, its floor, its people and programs."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.dayparts import Daypart
from comptoir.domain.events.base import Body
from comptoir.domain.house import Area


@dataclass(frozen=True, slots=True)
class RestaurantFounded(Body):
    """A restaurant exists: its name, currency, time zone and languages."""

    KIND: ClassVar[str] = "restaurant.founded"
    name: str
    currency: str
    timezone: str
    languages: tuple[str, ...] = ("en",)
    cutoff_minutes: int = 240

    def aggregates(self) -> tuple[str, ...]:
        return ("restaurant:it",)


@dataclass(frozen=True, slots=True)
class RestaurantChanged(Body):
    """The restaurant is called this now and speaks these languages, the house's own first."""

    KIND: ClassVar[str] = "restaurant.changed"
    name: str
    languages: tuple[str, ...]

    def aggregates(self) -> tuple[str, ...]:
        return ("restaurant:it",)


@dataclass(frozen=True, slots=True)
class DaypartsSet(Body):
    """The house's day has these parts, each until the next one begins; reports tell them apart."""

    KIND: ClassVar[str] = "restaurant.dayparts_set"
    parts: tuple[Daypart, ...]

    def aggregates(self) -> tuple[str, ...]:
        return ("dayparts:it",)


@dataclass(frozen=True, slots=True)
class PassphraseSet(Body):
    """The house has a passphrase, for what a PIN is not enough for; here is its argon2id hash."""

    KIND: ClassVar[str] = "restaurant.passphrase_set"
    hash: str

    def aggregates(self) -> tuple[str, ...]:
        return ("restaurant:it",)


@dataclass(frozen=True, slots=True)
class FloorPublished(Body):
    """The floor plan changed: all areas and tables, as they now are."""

    KIND: ClassVar[str] = "floor.published"
    areas: tuple[Area, ...]

    def aggregates(self) -> tuple[str, ...]:
        return ("floor:it",)


@dataclass(frozen=True, slots=True)
class StaffSet(Body):
    """A person was added or changed; the last writer wins."""

    KIND: ClassVar[str] = "staff.set"
    staff: str
    name: str
    role: str
    pin_hash: str
    language: str = "en"
    active: bool = True
    badge_hash: str = ""
    left_handed: bool = False

    def aggregates(self) -> tuple[str, ...]:
        return (f"staff:{self.staff}",)


@dataclass(frozen=True, slots=True)
class ClientSet(Body):
    """A program was given, or lost, access to the API."""

    KIND: ClassVar[str] = "client.set"
    client: str
    name: str
    token_hash: str
    role: str
    active: bool = True

    def aggregates(self) -> tuple[str, ...]:
        return (f"client:{self.client}",)


BODIES = (
    RestaurantFounded,
    RestaurantChanged,
    DaypartsSet,
    PassphraseSet,
    FloorPublished,
    StaffSet,
    ClientSet,
)
