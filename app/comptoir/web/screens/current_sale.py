"""Which sale a counter is at: named by a cookie, so that a reload, and a fast scanner, find it.

A sale that was paid leads to the next one by its own name: a scan that comes while the change is
being counted begins the same next sale on every request.
"""

import hashlib
import re
from dataclasses import dataclass, replace

from flask import request
from werkzeug.wrappers import Response

from comptoir.domain.check import OPEN, Check
from comptoir.domain.menu import EAT_IN, TAKE_AWAY
from comptoir.web.access import fresh_id
from comptoir.web.services import services

COOKIE = "comptoir_sale"
LIFE_S = 86_400
ID = re.compile(r"[0-9a-f]{32}")
IN, OUT = "in", "out"
ORDER_TYPE = {IN: EAT_IN, OUT: TAKE_AWAY}


@dataclass(frozen=True, slots=True)
class Sale:
    """The sale at hand; ``last`` is the one before, ``told`` once its change is off the screen."""

    id: str
    way: str = OUT
    last: str = ""
    told: bool = True

    @property
    def order_type(self) -> str:
        """Return how its check is opened."""
        return ORDER_TYPE[self.way]

    @property
    def check(self) -> Check:
        """Return its check, an empty one before the first line."""
        return found(self.id)

    def after(self) -> "Sale":
        """Return the sale that follows this one."""
        return Sale(following(self.id), OUT, self.id, told=False)

    def keep(self, response: Response) -> Response:
        """Let the browser remember it."""
        value = ".".join((self.id, self.way, self.last or "-", str(int(self.told))))
        response.set_cookie(COOKIE, value, max_age=LIFE_S, httponly=True, samesite="Strict")
        return response


def found(name: str) -> Check:
    """Return a check by its id; one without a number is not opened yet."""
    check: Check = services().journal.state(f"check:{name}")
    return check


def following(name: str) -> str:
    """Return the name of the sale after one."""
    return hashlib.sha256(f"after {name}".encode()).hexdigest()[:32]


def current() -> Sale:
    """Return the sale of this browser: the one it remembers, or the next when that is over."""
    sale = _remembered()
    check = sale.check
    return sale.after() if check.number and check.state != OPEN else sale


def fresh(last: str) -> Sale:
    """Return a new sale."""
    return Sale(fresh_id(), last=last)


def _remembered() -> Sale:
    name, way, last, told = (*request.cookies.get(COOKIE, "").split("."), "", "", "", "")[:4]
    if not ID.fullmatch(name):
        return fresh("")
    sale = Sale(name, way if way in ORDER_TYPE else OUT, told=told != "0")
    return replace(sale, last=last) if ID.fullmatch(last) else sale
