"""Somebody who sells at a booted till through its API, and keeps what it acknowledged."""

import uuid
from collections.abc import Mapping
from typing import Any

from comptoir.api_client import Answer, TillClient

ANSWER_S_MAX = 60
MANAGER = ("li-wei", "1234")
Seq = tuple[int, int]  # epoch, seq


class Hand:
    """One pair of hands, for one thread at a time."""

    def __init__(self, till_port: int) -> None:
        self.till = TillClient(till_port, timeout_s=ANSWER_S_MAX)
        self.acknowledged: list[Seq] = []

    def sign_in(self) -> None:
        """Let the manager of the sample restaurant in."""
        staff, pin = MANAGER
        answer = self.post("/sessions", {"pin": pin, "staff": staff})
        self.till.token = answer.body["token"]

    def get(self, path: str) -> Any:
        """Ask the API; returns the JSON."""
        answer = self.till.get(f"/api/v1{path}")
        assert answer.ok, (path, answer)
        return answer.body

    def post(self, path: str, body: Mapping[str, Any], command: str = "") -> Answer:
        """Send a command; AssertionError if it is refused."""
        answer = self.till.post(f"/api/v1{path}", dict(body), command or uuid.uuid4().hex)
        assert answer.ok, (path, answer)
        events = answer.body.get("events", ())
        self.acknowledged += [(event["epoch"], event["seq"]) for event in events]
        return answer

    def dish(self) -> str:
        """Return an item of the menu that needs no choice."""
        items = self.get("/menu")["items"]
        return next(str(one["id"]) for one in items if not one["groups"] and one["price"] > 0)

    def sell(self) -> str:
        """Open a check, send a dish to the kitchen, take the cash; returns the check's id."""
        item = self.dish()
        check, line, payment = (uuid.uuid4().hex for _ in range(3))
        self.post("/checks", {"check": check, "table": "1", "covers": 2})
        self.post(f"/checks/{check}/lines", {"line": line, "item": item})
        fired = self.post(f"/checks/{check}/fire", {})
        due = fired.body["check"]["due"]
        self.post(f"/checks/{check}/payments", {"payment": payment, "amount": due})
        self.post(f"/checks/{check}/payments/{payment}/take", {"tendered": due})
        return check
