"""C2: each part of the cloud dies by kill -9 while restaurants upload.

Three RabbitMQ nodes with quorum queues, PostgreSQL that syncs to its disk, two workers; restaurants
upload by way of each node. At the end the rows themselves are counted.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import psycopg

from comptoir.cloud.postgres import PostgresStore
from comptoir.settings import Settings
from tests.fakes.fleet import Fleet
from tests.fakes.house import House
from tests.fakes.postgres import Postgres
from tests.fakes.rabbitmq import Node, Rabbit
from tests.fakes.workers import Workers
from tests.faults.controls import put

NODES, WORKERS, HOUSES, EACH = 3, 2, 100, 20
PATIENCE_S, LOOK_S = 180.0, 0.05
STALL_S = Settings().mark_stall_s
NEVER_S = 30.0  # a control's patience
OFF = ""  # the defence that workers run without


class Cloud:
    """The parts of a cloud and the restaurants that upload; ``deeds`` kill one part each."""

    def __init__(self, folder: Path, kills: int, stack: ExitStack) -> None:
        self._stack = stack
        self.server = stack.enter_context(Postgres(durable=True))
        self.rabbit = Rabbit(NODES, one_port=True)
        stack.callback(self.rabbit.remove)
        self.rabbit.start()
        self.dsn = self.server.database()
        more = _broker(self.rabbit.nodes)
        self.workers = Workers(None, self.dsn, folder, WORKERS, more=more, program=program())
        stack.callback(self.workers.end)
        self.fleets = self._fleets(EACH * (2 * kills + 1))
        self.deeds: Sequence[tuple[str, Callable[[], None]]] = (
            ("PostgreSQL", self._database),
            *((f"worker {n}", lambda n=n: self.workers.replace(n)) for n in (1, WORKERS)),
            *((f"RabbitMQ {n + 1}", lambda n=n: self._node(n)) for n in range(NODES)),
        )

    def _fleets(self, each: int) -> list[Fleet]:
        """Make restaurants whose bridges lead to each of the nodes."""
        houses = registered(self.dsn, HOUSES)
        doors = enumerate(self.rabbit.nodes)
        return [
            Fleet(node.mqtt, houses[n::NODES], each, node.name, stall_s=STALL_S)
            for n, node in doors
        ]

    def open(self) -> None:
        self.workers.start_all()
        self.workers.wait_ready()
        for fleet in self.fleets:
            fleet.made = EACH
            fleet.start()
            self._stack.callback(fleet.stop)

    def sell(self) -> None:
        for fleet in self.fleets:
            fleet.made += EACH

    def marked(self) -> int:
        return sum(sum(fleet.marks.values()) for fleet in self.fleets)

    def moved(self, before: int) -> bool:
        return self.done() or self.marked() > before

    def done(self) -> bool:
        return all(fleet.done() for fleet in self.fleets)

    def _node(self, number: int) -> None:
        node = self.rabbit.nodes[number]
        node.kill()
        node.start()
        node.wait()

    def _database(self) -> None:
        self.server.kill()
        self.server.start()


def registered(dsn: str, count: int) -> list[House]:
    """Return so many restaurants, which an empty database knows from now on."""
    houses = [House(number) for number in range(count)]
    store = PostgresStore(dsn)
    store.migrate()
    for house in houses:
        store.register(house.id, [house.card])
    store.close()
    return houses


def program() -> tuple[str, ...]:
    """Return how a worker is run: as it is, or with a defence off."""
    off = (sys.executable, "-m", "tests.faults.netns.disarmed", OFF)
    return off if OFF else (sys.executable, "-m", "comptoir")


def patience_s(usual_s: float) -> float:
    return NEVER_S if OFF else usual_s


def without(defence: str) -> Callable[[], AbstractContextManager[None]]:
    """Return what takes a defence away from the workers for a while."""
    return lambda: put(sys.modules[__name__], "OFF", defence)


def _broker(nodes: Sequence[Node]) -> dict[str, str]:
    return {
        "COMPTOIR_CLOUD_BROKER": "rabbitmq",
        "COMPTOIR_CLOUD_HOST": ",".join(node.amqp.host for node in nodes),
        "COMPTOIR_CLOUD_PORT": str(nodes[0].amqp.port),
    }


def play(first: int, kills: int, counts: Counter[str]) -> list[str]:
    """Kill one part after the other, from the ``first`` on; returns what was wrong."""
    never_s = patience_s(PATIENCE_S)
    with tempfile.TemporaryDirectory(prefix="comptoir-cloud-") as folder, ExitStack() as stack:
        cloud = Cloud(Path(folder), kills, stack)
        cloud.open()
        for number in range(first, first + kills):
            name, deed = cloud.deeds[number % len(cloud.deeds)]
            before = cloud.marked()
            cloud.sell()
            if not until(partial(cloud.moved, before), never_s):
                return [f"nothing is taken in for {never_s:.0f} s, before kill {number}"]
            cloud.sell()  # so that something is on its way, whatever was taken in
            deed()
            counts.update({"kills": 1, f"of {name.split()[0]}": 1})
        while until(partial(cloud.moved, cloud.marked()), never_s) and not cloud.done():
            pass  # as long as anything moves
        whole = cloud.done()
        faults = (
            [] if whole else [f"not all is said to be held, and nothing moves for {never_s:.0f} s"]
        )
        return faults + wrong_rows(cloud.dsn, HOUSES, EACH * (2 * kills + 1), counts)


def wrong_rows(dsn: str, houses: int, each: int, counts: Counter[str]) -> list[str]:
    """Count the rows themselves; returns what is missing or there twice."""
    with psycopg.connect(dsn) as db:
        query = "SELECT count(*), count(DISTINCT seq) FROM event GROUP BY restaurant"
        rows = db.execute(query).fetchall()
    missing = houses * each - sum(row[1] for row in rows)
    twice = sum(row[0] - row[1] for row in rows)
    counts.update(events=houses * each, missing=missing, twice=twice)
    return [f"{missing} events are missing, {twice} are there twice"] if missing or twice else []


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so; tells whether it became so in time."""
    end_s = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end_s:
            return False
        time.sleep(LOOK_S)
    return True
