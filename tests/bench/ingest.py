"""Cloud ingest end to end: from the broker to the commit, with everything on this computer."""

import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from comptoir.bus import Address, Endpoint, Inbox, Transport, topics, wire
from comptoir.cloud.postgres import PostgresStore
from tests.bench.figures import Figure, NotMeasurable
from tests.fakes.broker import Broker
from tests.fakes.house import House
from tests.fakes.postgres import Postgres
from tests.fakes.workers import Workers, WorkerSilent

EVENTS = 20_000
WORKERS = 2
SIZES_LONG = (10, 50, 200, 1000, 2000)
CATCH_UP_BATCH = 200
CASES = ((200, 1), (20, CATCH_UP_BATCH))
SECONDS_MAX = 120.0
PER_S_AIM = 3500
BROKER = "max_inflight_messages 2000\nmax_queued_messages 100000\n"


def measure(long: bool) -> list[Figure]:
    """Return events per second: live, one event a message; and after an outage, 200 a message."""
    cases = [(size, batch) for size in SIZES_LONG for batch in (1, CATCH_UP_BATCH)]
    with tempfile.TemporaryDirectory() as folder, Postgres(durable=True) as server:
        broker = Broker(Path(folder) / "broker", extra=BROKER)
        broker.start()
        try:
            return [
                part for case in (cases if long else CASES) for part in _rate(server, broker, *case)
            ]
        finally:
            broker.kill()


def _rate(server: Postgres, broker: Broker, size: int, batch: int) -> Sequence[Figure]:
    dsn = server.database()
    store = PostgresStore(dsn)
    store.migrate()
    houses = [House(number) for number in range(size)]
    for house in houses:
        store.register(house.id, [house.card])
    store.close()
    messages = list(_messages(houses, EVENTS // size, batch))
    used_s = _children_s()
    with _workers(broker, dsn):
        begin = time.monotonic()
        with _uploaded(broker, messages):
            _wait(dsn, EVENTS // size * size, begin)
        took_s = time.monotonic() - begin
    how = "live, 1 a message" if batch == 1 else f"catch-up, {batch} a message"
    name = f"{size} restaurants, {how}"
    count = EVENTS // size * size
    each_us = (_children_s() - used_s) / count * 1e6
    return (
        f"  {name:44} {count / took_s:.0f} events/s   aim ≥ {PER_S_AIM}",
        f"  {'':44} {each_us:.0f} µs of the workers' processor time an event, start and all",
    )


def _children_s() -> float:
    """Return the processor time of ended workers: it does not depend on what else runs here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _messages(houses: Sequence[House], each: int, batch: int) -> Iterator[tuple[str, bytes]]:
    """Yield uploads in turns, as restaurants beside each other send them."""
    logs = [(topics.UP.at(house.id, "t1"), house.log(each)) for house in houses]
    for first in range(0, each, batch):
        for topic, log in logs:
            yield topic, wire.pack(wire.events_of(log[first : first + batch]))


@contextmanager
def _workers(broker: Broker, dsn: str) -> Iterator[None]:
    workers = Workers(broker, dsn, broker.folder, WORKERS)
    workers.start_all()
    try:
        workers.wait_ready()
        yield
    except WorkerSilent as error:
        raise NotMeasurable(f"a worker did not start: {error}") from error
    finally:
        workers.end()
        for log in broker.folder.glob("worker-*.log"):
            log.unlink()  # the next case waits for workers of its own


@contextmanager
def _uploaded(broker: Broker, messages: Sequence[tuple[str, bytes]]) -> Iterator[None]:
    """Publish as fast as the broker acknowledges; the last are still on their way."""
    endpoint = Endpoint("bench", Address("127.0.0.1", broker.local_port), "bench")
    link = Transport(endpoint, Inbox())
    link.start()
    if not link.wait_connected(10):
        raise NotMeasurable("the broker does not answer")
    for topic, payload in messages:
        while not link.publish(topic, payload):
            time.sleep(0.002)
    yield
    link.stop()


def _wait(dsn: str, events: int, begin_s: float) -> None:
    """Wait until the heads say that everything was committed."""
    with psycopg.connect(dsn, autocommit=True) as db:
        while True:
            (held,) = db.execute("SELECT coalesce(sum(seq), 0) FROM head").fetchone() or (0,)
            if held >= events:
                return
            if time.monotonic() - begin_s > SECONDS_MAX:
                raise NotMeasurable(f"{held} of {events} events came in {SECONDS_MAX:.0f} s")
            time.sleep(0.05)
