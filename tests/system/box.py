"""A terminal of a system test: the built image on an emulated board, its console and its till."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from comptoir.api_client import TillClient, TillUnreachable
from imagebuilder import emulator_disk
from imagebuilder.emulator import Display, Machine, Network
from imagebuilder.flashing import enrolment as boot_enrolment
from tests.fakes.ports import free_ports
from tests.system.console import Console
from tests.system.hand import ANSWER_S_MAX, Hand

TILL, LAN = 8080, 8883
TILL_S_MAX = 1800  # a busy computer emulates slowly
BUSY_PER_CORE = 3  # beyond this load the guest's time-outs would run against the wall clock
RELAY = Path(__file__).with_name("relay.py")
COUNT = """\
import sqlite3
db = sqlite3.connect('file:/data/comptoir/journal.db?mode=ro', uri=True)
sql = 'SELECT epoch, count(*), max(seq) FROM event WHERE terminal = ? GROUP BY epoch'
for row in db.execute(sql, ('t1',)): print(*row)
"""


class Box(Hand):
    """One emulated terminal. ``services`` are the addresses outside that it may reach, by port."""

    def __init__(
        self,
        board: str,
        image: Path,
        folder: Path,
        *,
        enrolment: Mapping[str, Any] | None = None,
        services: Mapping[str, int] | None = None,
        display: Display | None = None,
        keep_disk: bool = False,
    ) -> None:
        self.till_port, self.lan_port = free_ports(2)
        relays = {a: f"{sys.executable} {RELAY} {port}" for a, port in (services or {}).items()}
        network = Network({self.till_port: TILL, self.lan_port: LAN}, offline=True, services=relays)
        folder.mkdir(exist_ok=True)
        card = folder / "disk.img"
        if not (keep_disk and card.exists()):
            emulator_disk.card(image, card)
            if enrolment is not None:
                boot_enrolment.place(json.dumps(enrolment).encode(), card)
        self.machine = Machine(
            board=board,
            disk=card,
            folder=folder,
            network=network,
            display=display,
        )
        super().__init__(self.till_port)
        self._process: subprocess.Popen[bytes] | None = None
        self._console: Console | None = None
        self.till_after_s = 0.0

    def power_on(self, *, tryboot: bool = False) -> None:
        """Start as the firmware would."""
        busy = os.getloadavg()[0] > BUSY_PER_CORE * (os.cpu_count() or 1)
        self._process = replace(self.machine, steady=busy).start(tryboot=tryboot)

    def start(self, *, tryboot: bool = False) -> None:
        """Power on, and wait until the till sells."""
        begin = time.monotonic()
        self.power_on(tryboot=tryboot)
        assert self._process is not None
        while not self.healthy():
            waited = time.monotonic() - begin
            assert self._process.poll() is None, f"QEMU ended: {self.told()}"
            assert waited < TILL_S_MAX, f"no till after {waited:.0f} s: {self.told()}"
            time.sleep(1)
        self.till_after_s = time.monotonic() - begin

    def kill(self) -> None:
        """Cut the power: kill -9 of the emulator."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._forget()

    def wait_down(self, seconds: float) -> None:
        """Wait until the guest has gone down by itself, into a restart."""
        assert self._process is not None
        try:
            code = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"it runs on after {seconds} s: {self.told()}") from error
        assert code == 0, self.told()
        self._forget()

    def _forget(self) -> None:
        self._process = None
        self.till.close()
        if self._console is not None:
            self._console.close()
            self._console = None

    def told(self) -> str:
        """Return the end of what the serial console said."""
        log = self.machine.serial_log
        return log.read_text(errors="replace")[-3000:] if log.exists() else "nothing"

    def healthy(self) -> bool:
        """Tell whether the till answers and says it sells."""
        till = TillClient(self.till_port, timeout_s=5)
        try:
            return till.get("/healthz").ok
        except TillUnreachable:
            return False
        finally:
            till.close()

    @property
    def console(self) -> Console:
        """The root shell on the serial console."""
        if self._console is None:
            self._console = Console(self.machine.serial_socket)
            self._console.log_in(ANSWER_S_MAX * 5)
        return self._console

    def unit(self, name: str, *properties: str) -> dict[str, str]:
        """Return properties of a systemd unit."""
        told = self.console.run(f"systemctl show -p {','.join(properties)} {name}")
        pairs = (line.partition("=") for line in told.splitlines())
        return {key: value for key, _, value in pairs}

    def journal(self) -> dict[int, int]:
        """Return how many events of its own the terminal's disk holds, by epoch; without a hole."""
        told = self.console.run(f'python3 -c "{COUNT}"')
        rows = [tuple(int(word) for word in line.split()) for line in told.splitlines()]
        assert all(count == last for _, count, last in rows), rows
        return {epoch: last for epoch, _, last in rows}


@contextmanager
def running(box: Box) -> Iterator[Box]:
    """Start a terminal, and leave no process behind."""
    try:
        box.start()
        yield box
    finally:
        box.kill()
