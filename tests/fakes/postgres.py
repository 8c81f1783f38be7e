"""A real PostgreSQL of a test, in a folder of its own, never the machine's, never as root."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Self

import psycopg

from tests.fakes.ports import free_ports

START_S_MAX = 60.0


class Postgres:
    """One server process; ``database`` makes an empty database and returns its DSN.

    ``with Postgres() as server:`` runs it, and removes it at the end.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._durable = durable  # else without fsync: tests kill processes, not machines
        self._bin = _binaries()
        self._user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-pg-"))
        shutil.chown(self.folder, self._user)
        self.port = free_ports(1)[0]
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [self._bin / "initdb", "-D", "data", "-U", "comptoir", "-A", "trust", "--no-sync"],
            cwd=self.folder,
            user=self._user,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._bin / "postgres", "-D", "data", "-p", str(self.port)),
                    *("-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"),
                    *("-c", f"fsync={'on' if self._durable else 'off'}"),
                ],
                cwd=self.folder,
                user=self._user,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + START_S_MAX
        while True:
            try:
                psycopg.connect(self.dsn("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=comptoir dbname={database}"

    def database(self) -> str:
        name = f"d{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        return self.dsn(name)

    def kill(self) -> None:
        """End it at once, as kill -9 would, but with its children."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)


def _binaries() -> Path:
    """Return the folder of Debian's newest PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        raise RuntimeError("PostgreSQL is missing; tests/run installs it (apt: postgresql)")
    return found[-1].parent
