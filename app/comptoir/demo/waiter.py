"""Robot waiters: clients of the tills' API who open tables, order, send, serve and take money.

A waiter's pad keeps every command of a table under its id. When the till in front of them dies they
walk to the next one and send again what was not answered; a till that never heard of the table is
told everything again, and whatever was known already is not done twice.
"""

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from comptoir.api_client import Answer, TillClient, TillUnreachable
from comptoir.demo import orders
from comptoir.demo.orders import Sent, Table
from comptoir.demo.promises import Promises

TABLES_EACH = 4
STOP_S = 8.0
PAUSE_S_MIN, PAUSE_S_MAX = 0.25, 0.9
LOST_S = 0.2


@dataclass(frozen=True, slots=True)
class Till:
    """A till as a waiter sees it."""

    id: str
    port: int


class House(Protocol):
    """What waiters know of the restaurant, and whom they tell."""

    promises: Promises

    def tills(self) -> Sequence[Till]:
        """Return the tills that are there, dead or alive: a waiter has to try."""
        ...

    def works(self, terminal: str) -> bool:
        """Tell whether a till sells and sees the others."""
        ...

    def moved(self, terminal: str, check: str) -> None:
        """Hear that a table of one till is now served from another."""
        ...

    def items(self) -> Sequence[Mapping[str, Any]]:
        """Return what can be ordered."""
        ...

    def tables(self) -> Sequence[tuple[str, str]]:
        """Return the tables of the house as (id, label)."""
        ...


class Refused(Exception):
    """The till understood and said no: the table's evening ends here."""


class Waiter:
    """One robot with a few tables; works in a thread until ``stop``."""

    def __init__(self, name: str, house: House, token: str, home: int, *, pace: int = 1) -> None:
        self.name = name
        self.doing = "starting"
        self.refused = 0
        self._house = house
        self._token = token
        self._pace = pace
        self._chance = random.Random(name)  # noqa: S311 - a robot's appetite is no secret
        self._home = self._at = home
        self._client = self._client_at(home)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"robot {name}", daemon=True)
        self._tables: list[tuple[Table, Iterator[Sent]]] = []

    @property
    def at(self) -> str:
        """Return the id of the till in front of the robot."""
        return self._till(self._at).id

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Go home; what is being asked is finished first."""
        self._stop.set()

    def join(self) -> None:
        """Wait until the robot has gone."""
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _till(self, index: int) -> Till:
        tills = self._house.tills()
        return tills[index % len(tills)]

    def _client_at(self, index: int) -> TillClient:
        return TillClient(self._till(index).port, self._token)

    def _work(self) -> None:
        while not self._stop.is_set():
            if len(self._tables) < TABLES_EACH:
                table = Table(*self._chance.choice(self._house.tables()))
                evening = orders.evening(table, self._house.items(), self._chance)
                self._tables.append((table, evening))
            self._walk_home()
            now_s = time.monotonic()
            ready = [one for one in self._tables if one[0].waits_until_s <= now_s]
            if ready:
                self._serve(*self._chance.choice(ready))
            self._stop.wait(self._chance.uniform(PAUSE_S_MIN, PAUSE_S_MAX) / self._pace)
        self._client.close()

    def _serve(self, table: Table, evening: Iterator[Sent]) -> None:
        sent = next(evening, None)
        if sent is None:
            self._leave(table)
            return
        try:
            self._ask(table, sent)
        except Refused as refusal:
            self.refused += 1
            self.doing = f"leaving table {table.label}: {refusal}"
            self._leave(table)

    def _leave(self, table: Table) -> None:
        self._tables = [one for one in self._tables if one[0] is not table]

    def _ask(self, table: Table, sent: Sent) -> None:
        """Send a command until a till answers it, walking from till to till."""
        self.doing = sent.doing
        while not self._stop.is_set():
            try:
                answer = self._send(table, sent)
            except TillUnreachable:
                self._walk()
                continue
            if answer.ok:
                self._note(table, sent, answer)
                return
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Refused(answer.detail)
            self._walk()

    def _send(self, table: Table, sent: Sent) -> Answer:
        answer = self._post(sent)
        elsewhere = table.at != self.at
        if not answer.ok and elsewhere and table.pad:  # this till may not have heard all of it
            for earlier in table.pad:
                self._tell(table, earlier, self._post(earlier))
            answer = self._post(sent)
        return answer

    def _post(self, sent: Sent) -> Answer:
        return self._client.post(sent.path, sent.body, sent.command)

    def _tell(self, table: Table, sent: Sent, answer: Answer) -> None:
        if answer.ok and sent.fact:
            events = [(f"{e['terminal']}/{e['epoch']}", e["seq"]) for e in answer.body["events"]]
            self._house.promises.told(table.check, sent.fact, answer.body["safety"], events)

    def _note(self, table: Table, sent: Sent, answer: Answer) -> None:
        table.pad.append(sent)
        table.waits_until_s = time.monotonic() + sent.takes_s / self._pace
        check = answer.body["check"]
        table.number, table.due = check["number"], check["due"]
        here = self.at
        if table.at and table.at != here:
            self._house.moved(table.at, table.check)
        table.at = here
        self._tell(table, sent, answer)

    def _walk(self) -> None:
        """Go to the next till; the one behind may come back some day."""
        self._stop.wait(LOST_S)
        self._go((self._at + 1) % len(self._house.tills()))

    def _walk_home(self) -> None:
        if self._at != self._home and self._house.works(self._till(self._home).id):
            self._go(self._home)

    def _go(self, index: int) -> None:
        self._client.close()
        self._at = index
        self._client = self._client_at(index)
