"""The real till program on this machine, alone with its own broker, as a benchmark's subject."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

from comptoir import settings
from comptoir.bootstrap.desk import found_if_new, open_desk
from comptoir.bootstrap.identity import make_identity
from comptoir.bootstrap.terminal import migrate, open_journal
from comptoir.commands import Actor, PublishMenu, SetClient
from comptoir.domain.house import MANAGER, WAITER
from comptoir.domain.menu import Menu
from tests.bench.figures import NotMeasurable
from tests.fakes.broker import Broker
from tests.fakes.ports import free_ports

TOKEN = "bench-" + "0" * 32
START_S_MAX = 30
STOP_S_MAX = 10
BOSS = Actor("bench", MANAGER)


class RunningTill:
    """`comptoir till` in a folder of its own; a context manager that leaves nothing running."""

    def __init__(self, folder: Path, menu: Menu | None = None) -> None:
        self.folder = folder
        self.menu = menu
        self.broker = Broker(folder / "broker")
        (self.port,) = free_ports(1)
        self.environment = {
            "COMPTOIR_DATA_DIR": str(folder / "data"),
            "COMPTOIR_IDENTITY_DIR": str(folder / "identity"),
            "COMPTOIR_PEERS_DIR": str(folder / "peers"),
            "COMPTOIR_PEERS_FILE": str(folder / "peers.json"),
            "COMPTOIR_HTTP_HOST": "127.0.0.1",
            "COMPTOIR_HTTP_PORT": str(self.port),
            "COMPTOIR_BROKER_PORT": str(self.broker.local_port),
            "COMPTOIR_START_WAIT_MS": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Found a restaurant from the sample, let a program in, and start."""
        config = settings.load([], self.environment)
        migrate(config)
        identity = make_identity(config, None)
        journal = open_journal(config)
        desk = open_desk(journal, identity)
        desk.log.open(peers_answered=True)
        found_if_new(desk, identity, config)
        if self.menu is not None:
            desk.run(PublishMenu("bench-menu", self.menu), BOSS)
        desk.run(SetClient("bench-client", "bench", "Benchmark", WAITER, TOKEN), BOSS)
        journal.close()
        self.broker.start()
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the till and its broker."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.broker.kill()

    @property
    def pid(self) -> int:
        """Return the till's process."""
        if self._process is None:
            raise NotMeasurable("the till does not run")
        return self._process.pid

    def processor_s(self) -> float:
        """Return the processor time that the till has used, of all its threads."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _start(self) -> None:
        log = (self.folder / "till.log").open("wb")
        self._process = subprocess.Popen(
            [Path(sys.executable).with_name("comptoir"), "till"],
            env=os.environ | self.environment | {"COMPTOIR_SETTINGS": os.devnull},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        end = time.monotonic() + START_S_MAX
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                said = (self.folder / "till.log").read_text(encoding="utf-8")
                self.__exit__()
                raise NotMeasurable(f"the till did not start: {said[-400:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                return True
        except OSError:
            return False
