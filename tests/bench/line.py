"""A line added over HTTP against one bare fsynced SQLite insert, taken in turns on one disk."""

import http.client
import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.cost import written_bytes
from tests.bench.figures import Amount, Figure, NotMeasurable, Ratio, percentile
from tests.bench.insert import BareInserts
from tests.bench.till import TOKEN, RunningTill

AIM = 4
ME = os.getpid()
WARM_UP = 20
LINES_PER_CHECK = 12
CHECKS, CHECKS_LONG = 40, 250


class Client:
    """A program that uses the API over one connection, as a tablet does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send one command; anything but success ends the measurement."""
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        return self._ask("POST", path, json.dumps(body), headers)

    def get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path, None, {"Authorization": f"Bearer {TOKEN}"})

    def nothing(self) -> None:
        """Ask for the smallest answer there is."""
        self._connection.request("GET", "/healthz")
        self._connection.getresponse().read()

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> dict[str, Any]:
        self._connection.request(method, f"/api/v1{path}", body, headers)
        response = self._connection.getresponse()
        said = response.read()
        if response.status >= http.client.BAD_REQUEST:
            raise NotMeasurable(f"{method} {path}: {response.status} {said[:200]!r}")
        answer: dict[str, Any] = json.loads(said)
        return answer

    def close(self) -> None:
        self._connection.close()


def measure(long: bool) -> list[Figure]:
    """Return p50 and p99 of both and their ratios, what HTTP alone takes, and the work in all.

    The last includes what the till does after it has answered.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningTill(Path(folder)) as till,
        closing(BareInserts(Path(folder) / "bare.db")) as bare,
        closing(Client(till.port)) as client,
    ):
        before, wrote, bare_wrote = till.processor_s(), written_bytes(till.pid), written_bytes(ME)
        turns = list(_turns(client, bare, CHECKS_LONG if long else CHECKS))
        used_ms = (till.processor_s() - before) * 1000 / len(turns)
        wrote = (written_bytes(till.pid) - wrote) // len(turns)
        bare_wrote = (written_bytes(ME) - bare_wrote) // len(turns)
    turns = turns[WARM_UP:]
    lines, inserts, empty = zip(*turns, strict=True)
    return [
        *(_ratio(percent, lines, inserts) for percent in (50, 99)),
        Ratio("written to disk", wrote, bare_wrote, "bytes"),
        Amount("of which an answer without work, p50", percentile(empty, 50), "ms"),
        Amount("the till's processor time for both", used_ms, "ms"),
        f"  {len(turns)} of each, in turns; checks of {LINES_PER_CHECK} lines; one terminal alone",
    ]


def _ratio(percent: int, lines: Sequence[float], inserts: Sequence[float]) -> Ratio:
    ours, control = percentile(lines, percent), percentile(inserts, percent)
    return Ratio(f"p{percent}", ours, control, "ms", AIM)


def _ms(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def _turns(client: Client, bare: BareInserts, checks: int) -> Iterator[tuple[float, float, float]]:
    """Yield milliseconds of a line, of an insert and of an empty answer, one after the other."""
    items = plain_items(client.get("/menu"))
    for number in range(checks):
        check = uuid.uuid4().hex
        client.post("/checks", {"check": check, "order_type": "take_away"})
        for turn in range(LINES_PER_CHECK):
            body = {"line": uuid.uuid4().hex, "item": items[(number + turn) % len(items)]}
            line = _ms(partial(client.post, f"/checks/{check}/lines", body))
            yield line, _ms(bare.one), _ms(client.nothing)


def plain_items(menu: dict[str, Any]) -> list[str]:
    """Return the ids of items that need no choice."""
    asking = [any(group["min"] for group in item["groups"]) for item in menu["items"]]
    return [item["id"] for item, asks in zip(menu["items"], asking, strict=True) if not asks]
