"""Controls of runs with real programs: the simulation's defences and more, one off at a time."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from comptoir.cloud.ingest import Gathered, Ingest
from comptoir.commands import claims
from comptoir.commands.steered_clock import SteeredClock
from comptoir.devices.board import Board
from comptoir.domain.envelope import Head, decode
from comptoir.journal import JournalUnusable, projections, store
from comptoir.replica.newcomer import Newcomer
from comptoir.replica.quota import Quota
from comptoir.replica.uplink import Uplink
from tests.faults.controls import CONTROLS as SIMULATED
from tests.faults.controls import put
from tests.faults.netns.weather import weather
from tests.faults.netns.wrong_clock import wrong_clock

UNBOUNDED = "unbounded"  # and there is no firewall


def one_uploads() -> AbstractContextManager[None]:
    """Let the first terminal alone upload, whatever became of it."""
    return put(Uplink, "active", lambda _self, me, *_: me == "t1")


@contextmanager
def no_resend() -> Iterator[None]:
    """Believe that what the one bridge took has arrived."""
    with one_uploads(), put(Uplink, "connection_lost", lambda _: None):
        yield


@contextmanager
def unwritten() -> Iterator[None]:
    """Acknowledge what could not be written."""
    right = store.Journal._writing

    @contextmanager
    def wrong(self: store.Journal) -> Iterator[sqlite3.Connection]:
        with suppress(JournalUnusable), right(self) as db:
            yield db

    store.Journal._writing = wrong  # type: ignore[method-assign]
    try:
        yield
    finally:
        store.Journal._writing = right  # type: ignore[method-assign]


def no_claims() -> AbstractContextManager[None]:
    """Ask for money, whoever else does."""
    return put(claims, "in_the_way", lambda *_: None)


def own_time() -> AbstractContextManager[None]:
    """Believe the machine's clock, whatever peers and the own past say."""
    return put(SteeredClock, "now_ms", lambda self: self._machine.now_ms())


def mark_first() -> AbstractContextManager[None]:
    """Tell restaurants and the broker that the cloud holds what it is about to store."""
    right = Ingest.keep

    def wrong(self: Ingest, gathered: Gathered) -> None:
        for name, batch in gathered.batches.items():
            last = decode(batch[-1].payload)
            head = Head(last.seq, batch[-1].digest.hex())
            self._tell({name: {(last.terminal, last.epoch): head}})
        self._link.settle(kept=True)
        right(self, gathered)

    return put(Ingest, "keep", wrong)


def author_prints() -> AbstractContextManager[None]:
    """Print only what this terminal sent, whatever became of the others."""
    right = Board.due
    return put(
        Board,
        "due",
        lambda self, *now: [
            one for one in right(self, *now) if one.ticket.terminal == self._terminal
        ],
    )


def unbounded() -> AbstractContextManager[None]:
    """Look at whatever a peer sends, however much."""
    return put(Quota, "takes", lambda *_: True)


@contextmanager
def keeps_all() -> Iterator[None]:
    """Keep every state of everything that was ever decoded."""
    with put(projections, "STATES_CACHED_MAX", sys.maxsize):
        yield


def no_present() -> AbstractContextManager[None]:
    """Read the past from its beginning, as if nothing of it mattered more."""
    return put(Newcomer, "look", lambda *_: None)


CONTROLS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    **SIMULATED,
    "one-uploads": one_uploads,
    "no-resend": no_resend,
    "unwritten": unwritten,
    "no-claims": no_claims,
    "own-time": own_time,
    "mark-first": mark_first,
    "author-prints": author_prints,
    UNBOUNDED: unbounded,
    "keeps-all": keeps_all,
    "no-present": no_present,
    "one-answers": nullcontext,  # the programs are as ever; only one takes part
    "weather": weather,
    "clock": wrong_clock,
}
