"""Sample restaurants: what a new terminal sells until its owner has written a menu."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from comptoir.commands.menu_file import parse
from comptoir.domain.errors import DomainError
from comptoir.domain.house import Area, Restaurant, Table
from comptoir.domain.menu import Menu

NAMES = ("chinese", "bakery", "shop")


class SampleNotFound(DomainError):
    """There is no sample with this name."""

    code = "sample-not-found"
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no sample {name!r}. Samples are {', '.join(NAMES)}.")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the sample's staff; the PIN is printed in the guide, so a real house changes it."""

    id: str
    name: str
    role: str
    pin: str
    language: str


@dataclass(frozen=True, slots=True)
class Sample:
    """All that a restaurant needs to sell."""

    restaurant: Restaurant
    menu: Menu
    areas: tuple[Area, ...]
    staff: tuple[Person, ...]


def load(name: str) -> Sample:
    """Return a sample by its name; raises SampleNotFound."""
    if name not in NAMES:
        raise SampleNotFound(name)
    folder = files(__name__) / name
    about = tomllib.loads((folder / "restaurant.toml").read_text(encoding="utf-8"))
    house = about["restaurant"]
    restaurant = Restaurant(
        name=house["name"],
        currency=house["currency"],
        timezone=house["timezone"],
        languages=tuple(house["languages"]),
    )
    menu = parse((folder / "menu.csv").read_bytes(), f"{name}/menu.csv", restaurant.currency)
    areas = tuple(_area(area) for area in about.get("area", []))
    return Sample(restaurant, menu, areas, tuple(Person(**person) for person in about["staff"]))


def _area(area: dict[str, Any]) -> Area:
    tables = (Table(f"{area['id']}-{label}", label, n) for label, n in area["tables"].items())
    return Area(area["id"], area["name"], tuple(tables))
