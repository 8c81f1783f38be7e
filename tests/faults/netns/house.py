"""A restaurant of real programs, its cloud and its guests; built, broken and looked after here."""

import contextlib
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from comptoir.api_client import TillUnreachable
from comptoir.bootstrap.cloud import open_store
from comptoir.bootstrap.desk import found_if_new, open_desk
from comptoir.bootstrap.terminal import open_journal
from comptoir.commands import AdmitTerminal, SetClient
from comptoir.commands.desk import SYSTEM_ACTOR
from comptoir.domain.envelope import LogId
from comptoir.domain.house import MANAGER
from comptoir.identity import Identity
from tests.fakes.papers import Authority
from tests.faults.netns.box import RESTAURANT, Box, CloudBox, Defences
from tests.faults.netns.guests import Guest, Room
from tests.faults.netns.lan import Lan
from tests.faults.netns.ledger import Ledger

READY_S, POLL_S, RESTART_S = 90.0, 0.1, 1.0
TOKEN = "a token of a program that may do everything"


class NotReady(Exception):
    """A till did not come to sell; carries its last words."""


class House:
    """``count`` terminals, a cloud, and as many guests as wanted."""

    def __init__(self, count: int, folder: Path, seed: int, defences: Defences) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self.lan = Lan(count)
        self.ledger = Ledger()
        self.boxes = [self._box(n, defences) for n in range(1, count + 1)]
        self.room = Room(self.boxes, self.ledger, TOKEN)
        self.guests: list[Guest] = []
        papers = Authority(folder / "papers")
        (folder / "cloud").mkdir()
        self.cloud = CloudBox(folder / "cloud", self.lan, papers, defences.own_clocks)
        self._found(papers)
        self._looked_s = 0.0

    def _box(self, number: int, defences: Defences) -> Box:
        folder = self.folder / f"t{number}"
        folder.mkdir()
        return Box(number, folder, self.lan, defences)

    def _found(self, papers: Authority) -> None:
        count = len(self.boxes)
        first = self.boxes[0].enrol(None, count, papers)
        others = [box.enrol(first, count, papers) for box in self.boxes[1:]]
        store = open_store(self.cloud.settings)
        store.register(RESTAURANT.id, [first.card])
        store.close()
        self._admit(first, others)

    def _admit(self, first: Identity, others: list[Identity]) -> None:
        settings = self.boxes[0].settings
        journal = open_journal(settings)
        desk = open_desk(journal, first)
        desk.log.open(peers_answered=False)
        found_if_new(desk, first, settings)
        for other in others:
            desk.run(AdmitTerminal(f"admit-{other.terminal}", other.card), SYSTEM_ACTOR)
        desk.run(SetClient("client-guest", "guest", "guest", MANAGER, TOKEN), SYSTEM_ACTOR)
        desk.log.close()
        journal.close()

    @property
    def living(self) -> list[Box]:
        return [box for box in self.boxes if box.on]

    def open(self, guests: int) -> None:
        """Switch everything on and let guests in."""
        self.cloud.switch_on()
        for box in self.boxes:
            box.switch_on()
        self.until(lambda: all(self.sells(b) and self.peers(b) for b in self.boxes), READY_S)
        self.room.read()
        self.welcome(guests)

    def welcome(self, guests: int) -> None:
        for n in range(guests):
            self._seat(n % len(self.boxes))

    def seat_at(self, boxes: Sequence[Box]) -> None:
        """Send all home, and let one guest in at each of these terminals: none is left alone."""
        self.send_home()
        for box in boxes:
            self._seat(self.boxes.index(box))

    def _seat(self, home: int) -> None:
        name = f"guest {len(self.guests)} {self.dice.random()}"
        self.guests.append(Guest(name, self.room, home))
        self.guests[-1].start()

    def send_home(self) -> None:
        """Let all guests finish what they ask, and go."""
        for guest in self.guests:
            guest.stop()
        for guest in self.guests:
            guest.join()
        self.guests.clear()

    def set_clocks(self, off_s: int) -> None:
        """Let every clock, the cloud's too, differ from this computer's by the same."""
        self.cloud.set_clock(off_s)
        for box in self.boxes:
            box.set_clock(off_s)

    # looking

    def ask(self, box: Box, path: str, timeout_s: float = 3.0) -> Any:
        """Return what a till answers; None when it does not."""
        client = box.client(TOKEN, timeout_s)
        with contextlib.suppress(TillUnreachable):
            answer = client.get(path)
            client.close()
            return answer.body if answer.ok else None
        return None

    def health(self, box: Box) -> Any:
        health = self.ask(box, "/healthz") if box.on else None
        if health:
            self.ledger.heard(health["safe"])
        return health

    def sells(self, box: Box) -> bool:
        return bool(self.health(box))

    def peers(self, box: Box) -> list[str]:
        health = self.health(box)
        return list(health["peers"]) if health else []

    def vector(self, box: Box) -> dict[LogId, int]:
        status = self.ask(box, "/api/v1/status")
        heads = status["vector"] if status else ()
        return {(h["terminal"], h["epoch"]): h["seq"] for h in heads}

    # waiting

    def wait(self, seconds: float) -> None:
        """Let time pass; what a terminal's service manager would do is done meanwhile."""
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self._look_after()
            time.sleep(min(POLL_S, left_s))

    def until(self, true: Callable[[], object], seconds: float) -> float:
        """Wait until something is so; returns how long it took, raises NotReady."""
        begin_s = time.monotonic()
        while not true():
            if time.monotonic() - begin_s > seconds:
                raise NotReady(self._last_words())
            self.wait(POLL_S)
        return time.monotonic() - begin_s

    def _look_after(self) -> None:
        if time.monotonic() - self._looked_s < RESTART_S:
            return
        self._looked_s = time.monotonic()
        self.cloud.look_after()
        for box in self.boxes:
            box.look_after()

    def _last_words(self) -> str:
        return "; ".join(f"{p.name}: {p.last_words()}" for b in self.boxes for p in b.programs)

    def close(self) -> None:
        for guest in self.guests:
            guest.stop()
        for box in self.boxes:
            box.shut_down()
        self.cloud.shut_down()
        self.send_home()
        self.lan.close()
