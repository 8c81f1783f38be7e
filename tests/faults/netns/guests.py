"""Guests: the demo's robots at the terminals' own screens, with a ledger of every answer."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comptoir.api_client import Answer, TillClient
from comptoir.demo.orders import Sent, Table
from comptoir.demo.promises import TAKEN, Promises
from comptoir.demo.waiter import Refused, Till, Waiter
from tests.faults.netns.box import Box
from tests.faults.netns.ledger import Ledger

PACE = 30
SHUT_S = 0.5  # then a guest looks whether he was sent home


class Room:
    """What the robots know of the restaurant."""

    promises = Promises()  # theirs; the ledger of a run knows every event instead

    def __init__(self, boxes: Sequence[Box], ledger: Ledger, token: str) -> None:
        self.boxes, self.ledger, self.token = boxes, ledger, token
        self.doors = threading.Event()  # closed: guests sit and ask for nothing
        self.doors.set()
        self._items: Sequence[Mapping[str, Any]] = ()
        self._tables: Sequence[tuple[str, str]] = ()

    def read(self) -> None:
        """Read the menu and the floor."""
        client = self.boxes[0].client(self.token)
        self._items = client.get("/api/v1/menu").body["items"]
        areas = client.get("/api/v1/floor").body["areas"]
        self._tables = [(t["id"], t["label"]) for area in areas for t in area["tables"]]
        client.close()

    def tills(self) -> Sequence[Till]:
        return [Till(box.id, box.settings.http_port) for box in self.boxes]

    def works(self, terminal: str) -> bool:
        return any(box.id == terminal and box.on for box in self.boxes)

    def moved(self, terminal: str, check: str) -> None:
        pass  # the demo's page shows it; nothing is promised about it

    def items(self) -> Sequence[Mapping[str, Any]]:
        return self._items

    def tables(self) -> Sequence[tuple[str, str]]:
        return self._tables


class Guest(Waiter):
    """A robot whose every answer is written down."""

    def __init__(self, name: str, room: Room, home: int, pace: int = PACE) -> None:
        self._room = room
        super().__init__(name, room, room.token, home, pace=pace)

    def _client_at(self, index: int) -> TillClient:
        boxes = self._room.boxes
        return boxes[index % len(boxes)].client(self._token)

    def _serve(self, table: Table, evening: Iterator[Sent]) -> None:
        if self._room.doors.wait(SHUT_S):
            super()._serve(table, evening)

    def _ask(self, table: Table, sent: Sent) -> None:
        payment = _payment(sent)
        if payment is not None:
            self._room.ledger.asks(payment[0], table.check, payment[1])
        try:
            super()._ask(table, sent)
        except Refused as refusal:
            self._room.ledger.refuses(f"{sent.doing}: {refusal}")
            raise

    def _tell(self, table: Table, sent: Sent, answer: Answer) -> None:
        if not answer.ok:
            return
        ledger = self._room.ledger
        ledger.answered(answer.body["events"], answer.body["safety"])
        payment = _payment(sent)
        if payment is not None:
            ledger.pays(payment[0], table.check, payment[1])


def _payment(sent: Sent) -> tuple[str, int] | None:
    """Return the payment that a command takes, and its amount; None when it takes none."""
    if sent.fact is None or sent.fact[0] != TAKEN:
        return None
    name, _, amount = sent.fact[1].partition(" ")
    return name, int(amount)
