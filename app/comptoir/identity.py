"""Who this terminal is, as the folder outside the data partition says; ``enrolment`` makes it."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comptoir.domain.errors import EventMalformed, Refusal
from comptoir.domain.house import Card
from comptoir.domain.records import load

CLOUD_CARD = "cloud-card.json"
LOOK_S = 0.1


class IdentityRefused(Refusal):
    """An identity or an enrolment that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class House:
    """The restaurant that a terminal is made for."""

    id: str = ""
    name: str = ""
    currency: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What a terminal is called; the letter starts the numbers of its checks."""

    id: str = ""
    letter: str = "A"
    name: str = "Till"


@dataclass(frozen=True, slots=True)
class Identity:
    """This terminal: its restaurant, its name, its card, and whom it trusted from the start.

    ``cloud`` is the card under which the head office writes; it is an author, no terminal.
    """

    directory: Path
    restaurant: House
    place: Place
    card: Card
    trust: Mapping[str, Card]
    cloud: Card | None = None

    @property
    def authors(self) -> Mapping[str, Card]:
        """Return the cards of all whose events were believed from the start."""
        return {**self.trust, **({self.cloud.terminal: self.cloud} if self.cloud else {})}

    @property
    def terminal(self) -> str:
        """Return the terminal's id."""
        return self.place.id

    @property
    def founder(self) -> bool:
        """Tell whether this terminal knew no other at its making, so that it founds its house."""
        return set(self.trust) == {self.terminal}


def wait_for(directory: Path, seconds: float) -> None:
    """Return when there is an identity whose key may be read; IdentityRefused if it may not."""
    key = directory / "signing.key"
    end_s = time.monotonic() + seconds
    while not (made := (directory / "terminal.json").exists()) or not os.access(key, os.R_OK):
        if time.monotonic() >= end_s:
            break
        time.sleep(LOOK_S)
    if made and not os.access(key, os.R_OK):
        raise IdentityRefused(f"{key} cannot be read here. Run: systemctl restart comptoir-layout")


def read(directory: Path) -> Identity:
    """Read the identity; raises IdentityRefused when there is none."""
    try:
        about = json.loads((directory / "terminal.json").read_text(encoding="utf-8"))
        cards = json.loads((directory / "trust.json").read_text(encoding="utf-8"))
        trust = {card.terminal: card for card in (load(Card, one) for one in cards)}
        place = load(Place, about["terminal"])
        house, card = load(House, about["restaurant"]), trust[place.id]
        file = directory / CLOUD_CARD
        return Identity(
            directory, house, place, card, trust, read_card(file) if file.exists() else None
        )
    except FileNotFoundError as error:
        raise IdentityRefused(
            f"{directory} holds no identity. Run: comptoir identity init"
        ) from error
    except (OSError, ValueError, KeyError, EventMalformed) as error:
        raise IdentityRefused(
            f"{directory}: {error!r}. Restore the identity or enrol anew."
        ) from error


def read_card(path: Path) -> Card:
    """Read a terminal's card; raises IdentityRefused naming what is wrong in it."""
    try:
        return load(Card, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, EventMalformed) as error:
        raise IdentityRefused(f"{path}: {error}. Take a new one: comptoir identity card") from error
