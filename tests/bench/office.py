"""The head office: how far its figures are behind the store, and what many restaurants cost it."""

import tempfile
import time
from pathlib import Path

from comptoir.cloud.follower import Follower
from comptoir.cloud.mirror import Mirror
from comptoir.cloud.postgres import PostgresStore
from comptoir.domain.head_office import EVERY, User
from comptoir.domain.totp import bytes_of, code_at, step_at, text_of
from comptoir.web.head_office.application import create_office
from comptoir.web.head_office.services import OfficeServices
from tests.bench.figures import Amount, Figure, percentile
from tests.fakes.box import StandingClock
from tests.fakes.head_office import HASH, Browser
from tests.fakes.house import House
from tests.fakes.postgres import Postgres

RESTAURANTS, RESTAURANTS_LONG = 200, 2000
EVENTS = 40
SALES = 20
BEHIND_S_AIM = 5
SECRET = text_of(b"a secret of this bench")


def measure(long: bool) -> list[Figure]:
    """Return milliseconds: a copy made, a turn without news, news, the page side by side."""
    count = RESTAURANTS_LONG if long else RESTAURANTS
    with Postgres(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        store = PostgresStore(server.database())
        try:
            return _figures(store, Path(folder), [House(number) for number in range(count)])
        finally:
            store.close()


def _figures(store: PostgresStore, folder: Path, houses: list[House]) -> list[Figure]:
    store.migrate()
    logs = {house.id: house.log(EVENTS + SALES) for house in houses[:SALES]}
    for house in houses:
        store.register(house.id, [house.card])
        log = logs.get(house.id) or house.log(EVENTS)
        store.admit({house.id: log[:EVENTS]})
    clock = StandingClock()
    follower = Follower(store, Mirror(store, folder, clock), clock)
    first_ms = _timed_ms(follower) / len(houses)
    quiet_ms = percentile([_timed_ms(follower) for _ in range(9)], 50)
    news_ms = []
    for number, (name, log) in enumerate(logs.items()):
        store.admit({name: log[EVENTS : EVENTS + 1 + number % SALES]})
        news_ms.append(_timed_ms(follower))
    page_ms, kilobytes = _page(store, follower, clock)
    at = f"{len(houses)} restaurants"
    behind_s = 1 + percentile(news_ms, 99) / 1000  # it looks once a second
    return [
        Amount(f"{at}: a copy made, each", first_ms, "ms"),
        Amount(f"{at}: a turn without news", quiet_ms, "ms"),
        Amount(f"{at}: store to figures, at most", behind_s, "s", BEHIND_S_AIM),
        Amount(f"{at}: the page side by side", page_ms, "ms"),
        Amount(f"{at}: its size", kilobytes, "kB"),
    ]


def _page(store: PostgresStore, follower: Follower, clock: StandingClock) -> tuple[float, float]:
    """Return how long a renewal of the open page takes, and its size."""
    store.people.set_user(User("owner", HASH, SECRET, (EVERY,)))
    services = OfficeServices(follower, store.people, clock, b"bench", lambda *_: True)
    codes = iter([code_at(bytes_of(SECRET), step_at(clock.now_ms()))])
    browser = Browser(create_office(services).test_client(), lambda: next(codes))
    browser.sign_in("owner")
    took, page = [], ""
    for _ in range(9):
        begin = time.perf_counter()
        page = browser.text("/now")
        took.append((time.perf_counter() - begin) * 1000)
    return percentile(took, 50), len(page.encode()) / 1000


def _timed_ms(follower: Follower) -> float:
    begin = time.perf_counter()
    follower.turn()
    return (time.perf_counter() - begin) * 1000
