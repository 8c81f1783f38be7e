"""People of the head office: which restaurants each may see, which prices change, and the audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from comptoir.domain.errors import DomainError

EVERY = "*"
SIGNED_IN, REFUSED, WAITING, SIGNED_OUT = "signed-in", "refused", "told-to-wait", "signed-out"
SAW, PUBLISHED, DENIED, SET_USER = "saw", "published", "denied", "user-set"
ACTIONS = (SIGNED_IN, REFUSED, WAITING, SIGNED_OUT, SAW, PUBLISHED, DENIED, SET_USER)


class SiteNotFound(DomainError):
    """No such restaurant, or none that this person may see: they must not learn which."""

    code = "restaurant-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such restaurant, or it is not one of yours.")


class OfficeNotAllowed(DomainError):
    """Somebody asked for what their rights do not cover."""

    code = "office-not-allowed"
    status = 403

    def __init__(self) -> None:
        super().__init__("Your rights do not cover this. Ask who runs the head office.")


@dataclass(frozen=True, slots=True)
class User:
    """One person; ``restaurants`` are ids, or EVERY for all that there are and will be.

    ``publishes`` may change prices there, ``audits`` may read who did what. ``password_hash`` is
    argon2id, ``secret`` what their authenticator shares, base32.
    """

    name: str
    password_hash: str = ""
    secret: str = ""
    restaurants: tuple[str, ...] = ()
    publishes: bool = False
    audits: bool = False
    language: str = "en"
    active: bool = True

    def sees(self, restaurant: str) -> bool:
        """Tell whether a restaurant is theirs."""
        return self.active and (EVERY in self.restaurants or restaurant in self.restaurants)

    def may_publish(self, restaurant: str) -> bool:
        """Tell whether they may change prices in a restaurant."""
        return self.publishes and self.sees(restaurant)

    def theirs(self, restaurants: Iterable[str]) -> list[str]:
        """Return those of the restaurants that they see, in order."""
        return sorted(name for name in restaurants if self.sees(name))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit: who did what, when, where from; times in milliseconds since 1970."""

    at_ms: int
    user: str
    action: str
    restaurant: str = ""
    detail: str = ""
    address: str = ""


class People(Protocol):
    """Keeps the users and the audit; one test suite holds every store of them to it."""

    def users(self) -> list[User]:
        """Return everybody, by name."""
        ...

    def user(self, name: str) -> User | None:
        """Return one person; None when nobody has this name."""
        ...

    def set_user(self, user: User) -> None:
        """Add or change a person."""
        ...

    def use_code(self, name: str, step: int) -> bool:
        """Note that a one-time code was used; tells whether it, or a later one, never was."""
        ...

    def note(self, entry: Entry) -> None:
        """Write a line of the audit; it is kept when this returns."""
        ...

    def notes(self, limit: int) -> list[Entry]:
        """Return the last lines of the audit, newest first."""
        ...
