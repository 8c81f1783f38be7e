"""From a sale to its copy on a peer, at twenty sales a second, all on this computer."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from comptoir.bootstrap.desk import found_if_new
from comptoir.bus import Address, Endpoint, Inbox, Transport, topics
from comptoir.commands import AddLine, OpenCheck
from comptoir.domain.envelope import Sealed
from comptoir.settings import Settings
from tests.bench.cost import written_bytes
from tests.bench.figures import Amount, Figure, percentile
from tests.bench.meter import Meter
from tests.bench.screen import Screen
from tests.fakes.restaurant import BOSS, Terminal, until

EVENTS, INTERVAL_S = 300, 0.05
SIZES = (3, 6, 12)
SETTLE_S = 2.0
READY_S_MAX = 60.0
AIMS_MS = {50: 30, 99: 200}  # by percentile
WATCHED, DISH, WATCHED_EVERY = "watched", "har-gow-steamed", 4
RANGE_BYTES_MAX = 1 << 24


class Watch:
    """Notes when each event of the others is in a terminal's journal, as its screens are told."""

    def __init__(self, terminal: Terminal, others: Sequence[Terminal]) -> None:
        self.stored: dict[tuple[str, int], float] = {}
        self._terminal, self._others = terminal, [other.name for other in others]
        self._inbox = Inbox()
        near = Address("127.0.0.1", terminal.broker.local_port)
        heard = [topics.JOURNAL.template]
        self._link = Transport(Endpoint("bench", near, "bench"), self._inbox, heard)
        self._link.start()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        reached = dict.fromkeys(self._others, 0)
        while not self._ended.is_set():
            if self._inbox.get(0.1) is None:
                continue
            now_s = time.monotonic()
            for name in self._others:
                seq = self._terminal.seq(name)
                self.stored |= {(name, n): now_s for n in range(reached[name] + 1, seq + 1)}
                reached[name] = seq

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._link.stop()


def measure(long: bool) -> list[Figure]:
    """Return how long a copy takes between two terminals; with ``long`` among more of them too."""
    with tempfile.TemporaryDirectory() as folder:
        rows: list[Figure] = []
        for size in (2, *(SIZES if long else ())):
            copied = ours(Path(folder) / str(size), size, screen=True)
            rows += _amounts(f"{size} terminals, stored at one", copied.took_s)
            rows += _amounts(f"{size} terminals, seen at one", copied.seen_s)
            rows += [Amount("of which written there for an event", copied.written, "bytes")]
        return rows


def _amounts(name: str, samples: Sequence[float]) -> list[Figure]:
    return [Amount(f"{name} p{p}", in_ms(samples, p), "ms", aim) for p, aim in AIMS_MS.items()]


def in_ms(samples: Sequence[float], percent: float) -> float:
    return percentile(samples, percent) * 1000


@contextmanager
def _staff(folder: Path, size: int) -> Iterator[tuple[list[Terminal], list[Meter]]]:
    """Run terminals with their real programs; what two of them say to each other is weighed."""
    staff = [Terminal(folder / f"t{n}", f"t{n}", chr(64 + n)) for n in range(1, size + 1)]
    meters: list[Meter] = []
    try:
        for one in staff:
            one.know(staff)
            one.broker.start()
        if size == 2:
            for one, other in (staff, staff[::-1]):
                meters.append(Meter(Address("127.0.0.1", other.broker.lan_port)))
                book = json.dumps({other.name: str(meters[-1].address)})
                (one.folder / "peers.json").write_text(book, encoding="utf-8")
        for one in staff:
            one.start_process()
            one.open_log()
        until(lambda: all(len(one.safety().peers) == size - 1 for one in staff), READY_S_MAX)
        time.sleep(SETTLE_S)
        yield staff, meters
    finally:
        for one in staff:
            one.stop()
        for meter in meters:
            meter.stop()


@dataclass(frozen=True)
class Copied:
    """Seconds from sale to copy and to screen, the first seller's events, bytes between two.

    ``written`` is how many bytes the watched terminal put on its disk for an event.
    """

    took_s: Sequence[float]
    seen_s: Sequence[float]
    events: Sequence[Sealed]
    carried: int
    written: float


def ours(folder: Path, size: int, *, screen: bool = False) -> Copied:
    """Sell at all terminals but one, and watch that one; maybe also its screen."""
    with _staff(folder, size) as (staff, meters):
        *sellers, last = staff
        with _screen(staff) if screen else nullcontext() as seen:
            watch = Watch(last, sellers)
            before = sum(meter.carried for meter in meters)
            pids = [*last.pids(), *([seen.pid] if seen else [])]
            wrote = written_bytes(*pids)
            begun, added_s = _sell(sellers, watched=screen)
            until(lambda: begun.keys() <= watch.stored.keys(), READY_S_MAX, "all copies")
            carried = sum(meter.carried for meter in meters) - before
            wrote = written_bytes(*pids) - wrote
            watch.stop()
            shown_s = seen.seen_s(len(added_s)) if seen else {}
        events = sellers[0].journal.range((sellers[0].name, 1), 1, EVENTS, RANGE_BYTES_MAX)
        took_s = [watch.stored[who] - at_s for who, at_s in begun.items()]
        seen_s = [shown_s[n] - at_s for n, at_s in enumerate(added_s, 1) if seen]
        return Copied(took_s, seen_s, events, carried, wrote / EVENTS)


@contextmanager
def _screen(staff: Sequence[Terminal]) -> Iterator[Screen]:
    """Found the restaurant, open a check, and show it on the last terminal's screen."""
    seller, last = staff[0], staff[-1]
    found_if_new(seller.desk, seller.identity, Settings())
    seller.desk.run(OpenCheck("open-watched", WATCHED, "eat_in"), BOSS)
    seller.tell_grown()
    until(lambda: len({one.seq(seller.name) for one in staff}) == 1, READY_S_MAX, "the check")
    with Screen(last, WATCHED) as screen:
        yield screen


def _sell(
    sellers: Sequence[Terminal], *, watched: bool
) -> tuple[dict[tuple[str, int], float], list[float]]:
    """Write an event every 50 ms, each fourth maybe a dish of the watched check; tells when."""
    begun: dict[tuple[str, int], float] = {}
    added_s: list[float] = []
    first_s = time.monotonic()
    for number in range(EVENTS):
        time.sleep(max(0.0, first_s + number * INTERVAL_S - time.monotonic()))
        seller = sellers[number % len(sellers)]
        at_s = time.monotonic()
        if watched and number % WATCHED_EVERY == 0:
            added_s.append(time.time())
            name = f"line-{number}"
            seller.desk.run(AddLine(f"add-{name}", WATCHED, name, DISH), BOSS)
        else:
            seller.sell()
        begun[seller.name, seller.seq(seller.name)] = at_s
        seller.tell_grown()
    return begun, added_s
