"""The waiter's pad over 2,000 dishes: a tap on a dish, and a search, as a browser asks for them."""

import hashlib
import http.client
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.bench.figures import Amount, Figure, NotMeasurable, Ratio, percentile
from tests.bench.insert import BareInserts
from tests.bench.line import Client
from tests.bench.till import RunningTill
from tests.fakes.large_menu import barcode, large_menu

DISHES = 2000
TURNS, TURNS_LONG = 300, 2000
WARM_UP = 20
LINES_PER_CHECK = 12
BARE_PAGE = "/strip"  # the smallest page: the same server, nothing looked up in the menu
STAFF = {"staff": "lucas", "pin": "4567"}
SEARCHES = ("roast", "151", "sc", "yzcf", "烧鸭", barcode(120), "nothing")
"""By prefix, dish number, initials of pinyin, Chinese, barcode, and one that finds nothing."""


class Browser:
    """A signed-in browser without a screen: one connection, its cookie, its token."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        token = hashlib.sha256(b"csrf\0" + session.encode()).hexdigest()
        self._headers = {
            "Cookie": f"comptoir_{port}={session}",
            "X-CSRF-Token": token,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def get(self, path: str) -> bytes:
        """Return a page; anything but success ends the measurement."""
        return self._ask("GET", path, None)

    def post(self, path: str, **form: str) -> bytes:
        """Send a form, as a tap does."""
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> bytes:
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        said = response.read()
        if response.status >= http.client.MULTIPLE_CHOICES:
            raise NotMeasurable(f"{method} {path}: {response.status} {said[:200]!r}")
        return said

    def close(self) -> None:
        self._connection.close()


def measure(long: bool) -> list[Figure]:
    """Return p50 and p99 of a dish tapped ÷ an insert, and of a search ÷ a bare page."""
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningTill(Path(folder), large_menu(DISHES)) as till,
        closing(BareInserts(Path(folder) / "bare.db")) as bare,
        closing(Client(till.port)) as client,
    ):
        session = client.post("/sessions", dict(STAFF))["token"]
        with closing(Browser(till.port, session)) as browser:
            turns = list(_turns(client, browser, bare, TURNS_LONG if long else TURNS))[WARM_UP:]
    taps, inserts, searches, pages = zip(*turns, strict=True)
    found: list[Figure] = []
    for percent in (50, 99):
        tap, insert = percentile(taps, percent), percentile(inserts, percent)
        found.append(Ratio(f"dish tapped ÷ insert, p{percent}", tap, insert, "ms"))
    for percent in (50, 99):
        search, page = percentile(searches, percent), percentile(pages, percent)
        found.append(Ratio(f"search ÷ bare page, p{percent}", search, page, "ms"))
    whole = sum(taps) / len(taps)
    return [
        *found,
        Amount("dish tapped, mean", whole, "ms"),
        f"  {len(turns)} of each, in turns; {DISHES:,} dishes; one terminal alone",
    ]


def _ms(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def _turns(
    client: Client, browser: Browser, bare: BareInserts, count: int
) -> Iterator[tuple[float, float, float, float]]:
    """Yield milliseconds of a tap, an insert, a search and a bare page, one after the other."""
    check = ""
    for turn in range(count):
        if turn % LINES_PER_CHECK == 0:
            check = uuid.uuid4().hex
            client.post("/checks", {"check": check, "order_type": "take_away"})
        dish = f"/checks/{check}/items/d{turn * 7 % DISHES}"
        text = quote(SEARCHES[turn % len(SEARCHES)])
        yield (
            _ms(partial(browser.post, dish, command=uuid.uuid4().hex)),
            _ms(bare.one),
            _ms(partial(browser.get, f"/checks/{check}/search?text={text}")),
            _ms(partial(browser.get, BARE_PAGE)),
        )
