"""A whole till of a test: real identity, journal, sample restaurant, application, HTTP server."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from comptoir import identity as identities
from comptoir.bootstrap.another_terminal import enrol_another
from comptoir.bootstrap.desk import found_if_new, open_desk
from comptoir.bootstrap.terminal import SystemClock, migrate, open_journal
from comptoir.bus.wire import Newest, PrinterNow, PrintersNow, Safety, UpdatesNow, pack_json
from comptoir.commands.desk import Around
from comptoir.enrolment import Enrolment, create
from comptoir.identity import Place
from comptoir.journal import Signer
from comptoir.journal.known_time import KnownTime, Machine
from comptoir.settings import Settings
from comptoir.web import Changes, SafetyBoard, Server, Services, create_app
from comptoir.web.printers import PrinterBoard
from comptoir.web.updates import UpdateBoard
from tests.fakes.box import StandingClock
from tests.fakes.bundles import KIND

EVERYTHING = Newest(1 << 40, 0)


def _uptime_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class HostTill:
    """A till without its broker; ``tell`` plays the replica program."""

    def __init__(
        self, folder: Path, sample: str = "chinese", *, opened: bool = True, **settings: Any
    ) -> None:
        base = Settings(
            data_dir=folder / "data",
            identity_dir=folder / "identity",
            update_note=folder / "outcome.json",
            http_host="127.0.0.1",
            http_port=1,
            sample=sample,
        )
        self.settings = replace(base, **settings)
        migrate(self.settings)
        if not self.settings.identity_dir.exists():
            enrolment = Enrolment(terminal=Place("t1", "A", "Bar"))
            create(self.settings.identity_dir, enrolment, folder / "peers.json")
        self.identity = identities.read(self.settings.identity_dir)
        self.journal = open_journal(self.settings)
        self.clock_confirmed = True
        self.machine = Machine(SystemClock(), lambda: self.clock_confirmed, _uptime_ms, "boot")
        self.time = KnownTime(self.machine, self.journal, self.identity.terminal)
        around = Around(alive=lambda: self.safety.peers, time_known=lambda: self.time.known)
        self.desk = open_desk(self.journal, self.identity, around, self.time)
        if opened:
            self.desk.log.open(peers_answered=False)
            found_if_new(self.desk, self.identity, self.settings)
        self.signer = Signer.load(self.identity.directory / "signing.key")
        self.changes = Changes()
        self.safety = SafetyBoard(self.changes.notify)
        self.printers = PrinterBoard(self.changes.notify)
        self.updates = UpdateBoard(self.changes.notify)
        self.server: Server | None = None
        self._thread: threading.Thread | None = None

    def forget_time(self) -> None:
        """Be as after a power cut, with nothing that confirms the clock."""
        self.clock_confirmed = self.time._confirmed = False

    def use_clock(self, clock: StandingClock) -> StandingClock:
        """Let the till live by this clock."""
        self.desk.clock = clock
        return clock

    def enrol(self, terminal: str, name: str, host: str) -> Enrolment:
        return enrol_another(self.settings, name, "", host, terminal)

    def app(self) -> Flask:
        return create_app(
            self.settings,
            Services(
                settings=self.settings,
                desk=self.desk,
                journal=self.journal,
                identity=self.identity,
                clock=self.desk.clock,
                signer=self.signer,
                changes=self.changes,
                enrol=self.enrol,
                safety=self.safety,
                printers=self.printers,
                updates=self.updates,
                machine=self.machine,
            ),
        )

    def tell(
        self,
        safe: dict[str, int] | None = None,
        *,
        cloud: dict[str, int] | None = None,
        peers: tuple[str, ...] = (),
        answered: Newest = EVERYTHING,
    ) -> None:
        """Say what is safe, and who lives and has ``answered`` which own event."""
        heard = dict.fromkeys(peers, answered)
        report = Safety({}, safe or {}, cloud or {}, list(peers), 1, Newest(0, 0), answered=heard)
        self.safety.update(pack_json(report))

    def tell_cloud_until(self, at_ms: int, *, time_known: bool = True) -> None:
        """Say when the certificate of the bridge ends."""
        report = Safety({}, {}, {}, [], 1, time_known=time_known, cloud_until_ms=at_ms)
        self.safety.update(pack_json(report))

    def tell_updates(self, step: str, **said: Any) -> None:
        """Play the updates program."""
        now = UpdatesNow(step, self.desk.clock.now_ms(), "1.0", KIND, **said)
        self.updates.update(pack_json(now))

    def tell_printers(self, **states: str) -> None:
        """Play the devices program: these printers are so now."""
        now = [PrinterNow(printer, state, "") for printer, state in states.items()]
        self.printers.update(pack_json(PrintersNow(now, self.desk.clock.now_ms())))

    def serve(self, port: int = 0) -> str:
        """Start the real server; returns its address."""
        self.server = Server(self.app(), replace(self.settings, http_port=port), self.changes.close)
        self._thread = threading.Thread(target=self.server.run, name="till")
        self._thread.start()
        return f"http://127.0.0.1:{self.server.port}"

    def write_settings(self, file: Path, **more: str) -> Path:
        """Start the server, and write what commands on this machine must know to find the till."""
        names = ("data_dir", "identity_dir")
        said = {name: str(getattr(self.settings, name)) for name in names} | more
        lines = [f"http_port = {self.serve().rpartition(':')[2]}"]
        lines += [f'{name} = "{value}"' for name, value in said.items()]
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    def cut(self) -> int:
        """End the server as a restart does; returns its port, for ``serve`` to take again."""
        if self.server is None or self._thread is None:
            raise RuntimeError("the till does not serve")
        port = self.server.port
        self.server.stop()
        self._thread.join()
        self.server = None
        self.changes = Changes()
        self.safety = SafetyBoard(self.changes.notify)
        self.printers = PrinterBoard(self.changes.notify)
        return port

    def stop(self) -> None:
        if self.server is not None and self._thread is not None:
            self.server.stop()
            self._thread.join()
            self.server = None
        self.desk.log.close()
        self.journal.close()
