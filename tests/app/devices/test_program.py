"""The whole way: a till, its broker, the devices program and two printers (X8, T3)."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.bootstrap.devices import open_devices
from comptoir.bootstrap.terminal import migrate, open_journal
from comptoir.bootstrap.till import open_till
from comptoir.cli.running import Program
from comptoir.devices.board import Board
from comptoir.enrolment import Enrolment, create
from comptoir.journal import JournalUnusable
from comptoir.settings import Settings
from tests.fakes.broker import Broker
from tests.fakes.ports import free_ports
from tests.fakes.printer import FakePrinter

START_S_MAX = 60.0


class House:
    """One terminal's programs, each in a thread of its own."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        (port,) = free_ports(1)
        self.settings = Settings(
            data_dir=folder / "data",
            identity_dir=folder / "identity",
            peers_dir=folder / "peers",
            http_host="127.0.0.1",
            http_port=port,
            broker_port=broker.local_port,
            start_wait_ms=0,
        )
        self.identity = create(self.settings.identity_dir, Enrolment(), folder / "peers.json")
        migrate(self.settings)
        self.client = TillClient(port)
        self._running: list[tuple[Program, threading.Thread]] = []
        self._journals = [open_journal(self.settings), open_journal(self.settings)]
        self._start(open_till(self._journals[0], self.identity, self.settings))
        self._sign_in()
        self._start(open_devices(self._journals[1], self.identity, self.settings))

    def _start(self, program: Program) -> None:
        thread = threading.Thread(target=program.run)
        self._running.append((program, thread))
        thread.start()

    def _sign_in(self) -> None:
        end = time.monotonic() + START_S_MAX
        while not self.client.token:
            assert time.monotonic() < end, "the till did not start"
            try:
                answer = self.client.post("/api/v1/sessions", {"pin": "1234"}, "sign-in-1")
                self.client.token = answer.body["token"] if answer.ok else ""
            except TillUnreachable:
                pass
            time.sleep(0.1)

    def run(self, path: str, **body: object) -> object:
        key = f"test-{time.monotonic_ns()}"
        answer = self.client.post(f"/api/v1{path}", body, key)
        assert answer.ok, answer.detail
        return answer.body

    def stop(self) -> None:
        for program, thread in reversed(self._running):
            program.stop()
            thread.join()
        self.client.close()
        for journal in self._journals:
            journal.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    broker = Broker(tmp_path / "broker")
    broker.start()
    made = House(tmp_path, broker)
    yield made
    made.stop()
    broker.kill()


def publish(house: House, printer: FakePrinter, bar: FakePrinter) -> None:
    stations = house.client.get("/api/v1/printing").body["unrouted"]
    home = {"drawer": True, "receipts": [house.identity.terminal]}
    plan = {
        "printers": [
            {"id": "hot", "name": "Hot", "host": "127.0.0.1", "port": printer.port},
            {"id": "bar", "name": "Bar", "host": "127.0.0.1", "port": bar.port} | home,
        ],
        "stations": [
            {"id": name, "name": name, "printer": "hot", "languages": ["zh-Hans", "en"]}
            for name in stations
        ],
    }
    data = json.dumps(plan).encode()
    assert house.client.put("/api/v1/printing", data, "application/json", "plan-123").ok


def state_of(house: House, printer: str) -> str:
    told = house.client.get("/api/v1/printing").body["now"]
    return next(str(one["state"]) for one in told if one["id"] == printer)


def test_an_order_a_receipt_and_an_open_drawer(
    house: House, printer: FakePrinter, bar: FakePrinter
) -> None:
    publish(house, printer, bar)
    house.run("/checks", check="c1", table="hall-3", covers=2)
    added = house.run("/checks/c1/lines", line="l1", item="har-gow-steamed")
    house.run("/checks/c1/fire")
    printer.wait(1)
    amount = added["check"]["total"]  # type: ignore[index]
    house.run("/checks/c1/payments", payment="p1", amount=amount)
    house.run("/checks/c1/payments/p1/take", tendered=amount)
    assert bar.wait_kick().pin == 0
    house.run("/checks/c1/receipt")
    bar.wait(1)
    time.sleep(1)
    papers = house.client.get("/api/v1/checks/c1/papers").body["papers"]
    assert [(one["kind"], one["state"], one["printer"]) for one in papers] == [
        ("fire", "printed", "hot"),
        ("receipt", "printed", "bar"),
    ]
    assert len(bar.kicks) == 1
    assert state_of(house, "hot") == "ready"


def test_a_disk_that_fails_for_a_while_costs_no_paper(
    house: House, printer: FakePrinter, bar: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(house, printer, bar)
    house.run("/checks", check="c1", table="hall-3", covers=2)
    house.run("/checks/c1/lines", line="l1", item="har-gow-steamed")
    failed = threading.Event()

    def unreadable(*_: object) -> None:
        if fired.is_set():
            failed.set()
        raise JournalUnusable("it cannot be read")

    fired = threading.Event()
    with monkeypatch.context() as broken:
        broken.setattr(Board, "refresh", unreadable)
        house.run("/checks/c1/fire")
        fired.set()
        assert failed.wait(START_S_MAX)
    printer.wait(1)


def test_a_printer_without_paper_is_shown_on_the_till(
    house: House, printer: FakePrinter, bar: FakePrinter
) -> None:
    printer.paper = False
    publish(house, printer, bar)
    end = time.monotonic() + START_S_MAX
    while state_of(house, "hot") != "paper-out":
        assert time.monotonic() < end, "nobody said so"
        time.sleep(0.2)
