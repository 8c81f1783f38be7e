"""What the head office's pages work with, built by the bootstrap and handed to the factory."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Protocol

from flask import current_app

from comptoir.commands import Command
from comptoir.commands.overview import Overview
from comptoir.domain.head_office import People
from comptoir.domain.updates import Offer
from comptoir.journal import Clock, Journal
from comptoir.web.throttle import Throttle

EXTENSION = "comptoir.head-office"

Publish = Callable[[str, Command, str], bool]


class Chain(Protocol):
    """The restaurants as the cloud has them."""

    @property
    def fault(self) -> str:
        """Return why the figures stand still; empty while they move."""
        ...

    def sites(self) -> Mapping[str, Overview]:
        """Return the figures of every restaurant, by id."""
        ...

    def journal(self, restaurant: str) -> AbstractContextManager[Journal]:
        """Open a restaurant's events and projections to look into them."""
        ...


@dataclass(frozen=True, slots=True)
class OfficeServices:
    """The parts that the pages need; ``secret`` signs the sessions.

    ``publish`` carries a command out in a restaurant for somebody, and tells whether the terminals
    hear of it now; raises a Refusal when nothing was kept. ``bundles`` lie ready to be offered.
    """

    chain: Chain
    people: People
    clock: Clock
    secret: bytes
    publish: Publish
    bundles: Callable[[], Sequence[Offer]] = tuple
    throttle: Throttle = field(default_factory=Throttle)
    version: str = field(default_factory=lambda: version("comptoir"))


def services() -> OfficeServices:
    """Return the services of the running application."""
    found: OfficeServices = current_app.extensions[EXTENSION]
    return found
