"""``comptoir cloud ingest`` as programs; a killed one is started again, as systemd does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.fakes.broker import Broker

READY = b"uploads are taken in"
READY_S_MAX = 60.0
STOP_S_MAX = 60.0


class WorkerSilent(Exception):
    """A worker did not begin in time; says what its log does."""


class Workers:
    """``count`` workers of one broker and one database, which part the restaurants.

    ``more`` are settings that replace the broker's; ``program`` is run instead of ``comptoir``.
    """

    def __init__(
        self,
        broker: Broker | None,
        dsn: str,
        folder: Path,
        count: int,
        *,
        more: Mapping[str, str] | None = None,
        program: Sequence[str] = (),
    ) -> None:
        self._program = program or (str(Path(sys.executable).with_name("comptoir")),)
        self._environment = os.environ | {
            "COMPTOIR_SETTINGS": os.devnull,
            "COMPTOIR_CLOUD_HOST": "127.0.0.1",
            "COMPTOIR_CLOUD_PORT": str(broker.local_port) if broker else "",
            "COMPTOIR_CLOUD_STORE": dsn,
            "COMPTOIR_CLOUD_WORKERS": str(count),
            **(more or {}),
        }
        self._folder = folder
        self._numbers = range(1, count + 1)
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start_all(self) -> None:
        for number in self._numbers:
            self.start(number)

    def start(self, number: int) -> None:
        mine = self._environment | {"COMPTOIR_CLOUD_WORKER": str(number)}
        with self._log(number).open("ab") as log:
            self._running[number] = subprocess.Popen(
                [*self._program, "cloud", "ingest"], env=mine, stderr=log
            )

    def wait_ready(self) -> None:
        """Wait until each takes uploads in; raises WorkerSilent."""
        end = time.monotonic() + READY_S_MAX
        for number in self._running:
            while READY not in self._log(number).read_bytes():
                if time.monotonic() > end:
                    raise WorkerSilent(self._log(number).read_text("utf-8")[-400:])
                time.sleep(0.05)

    def kill(self, number: int) -> None:
        process = self._running.pop(number)
        process.kill()
        process.wait()

    def replace(self, number: int) -> None:
        self.kill(number)
        self.start(number)

    def end(self) -> None:
        """Tell all to stop, and wait until they have."""
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            process.wait(STOP_S_MAX)
        self._running.clear()

    def _log(self, number: int) -> Path:
        return self._folder / f"worker-{number}.log"
