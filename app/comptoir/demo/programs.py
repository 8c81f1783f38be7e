"""Child processes of the demo: each ends with it, even when the demo itself is killed."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from comptoir.demo.failures import DemoRefused

STOP_S = 4.0
REAP_S = 5.0
LOG_TAIL_BYTES = 600


class ProgramEnded(DemoRefused):
    """A program of the demo ended when it should run; carries the last words of its log."""


class Program:
    """One child process and its log file.

    ``setpriv --pdeathsig`` ties it to the thread that starts it, so start it from a lasting one.
    """

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._command = tuple(command)
        self._log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id, None when it does not run."""
        return self._process.pid if self._process is not None and self.alive else None

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process; it hears no Ctrl-C of the terminal window."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_leash(), *self._command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )

    def require_alive(self) -> None:
        """Raise ProgramEnded when the process is gone."""
        if not self.alive:
            raise ProgramEnded(f"{self.name} ended: {self.last_words()}")

    def last_words(self) -> str:
        """Return the end of the log, in one line."""
        text = self._log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")
        return " / ".join(text.split("\n")[-4:]).strip(" /") or "it said nothing"

    def kill(self) -> None:
        """End the process as a power cut does."""
        if self._process is not None and self.alive:
            self._process.kill()
            self._process.wait(REAP_S)

    def ask_to_stop(self) -> None:
        """Send SIGTERM; ``stop`` then waits."""
        self.signal(signal.SIGTERM)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process, when it runs."""
        if self._process is not None and self.alive:
            self._process.send_signal(number)

    def stop(self) -> None:
        """End the process gently, then not gently."""
        self.ask_to_stop()
        try:
            if self._process is not None:
                self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()


STILL_HELD = '[ "$PPID" = "$0" ] && exec "$@"'
"""A holder that died before the leash was on is seen by its child having another parent."""


def _leash() -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    return [setpriv, "--pdeathsig", "KILL", "--", "/bin/sh", "-c", STILL_HELD, str(os.getpid())]
