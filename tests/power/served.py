"""A volatile disk for an emulator, served by nbdkit until the emulator is gone."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.power.volatile import Flushes

TOP = Path(__file__).parents[2]
PLUGIN = Path(__file__).with_name("nbdkit_plugin.py")
READY_S_MAX = 300
CUT_S_MAX = 300


@dataclass
class Served:
    """The disk in ``path``; what was not flushed when the emulator ends is lost by chance."""

    path: Path
    seed: int
    flushes: Flushes = Flushes.KEPT
    recording: Path | None = None
    cut_after: int = 0  # writes; 0: when the emulator ends
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def _socket(self) -> Path:
        return self.path.with_suffix(".nbd")

    @property
    def address(self) -> str:
        """What an emulator opens."""
        return f"nbd+unix:///?socket={self._socket}"

    def start(self) -> None:
        """Serve it to one emulator."""
        self._socket.unlink(missing_ok=True)
        argv = ["nbdkit", "--foreground", "--exit-with-parent", "--filter=exitlast"]
        argv += ["--unix", str(self._socket), "python", str(PLUGIN)]
        argv += [f"path={self.path}", f"seed={self.seed}", f"flushes={self.flushes.value}"]
        if self.cut_after:
            argv.append(f"cut_after={self.cut_after}")
        if self.recording is not None:
            argv.append(f"recording={self.recording}")
        environment = os.environ | {"PYTHONPATH": str(TOP)}  # read by Debian's Python in nbdkit
        self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, env=environment)
        end = time.monotonic() + READY_S_MAX
        while not self._socket.exists():
            assert self._process.poll() is None, "nbdkit does not serve"
            assert time.monotonic() < end, "nbdkit is not ready"
            time.sleep(0.05)

    @property
    def is_cut(self) -> bool:
        """Tell whether the power is gone."""
        return self._process is None or self._process.poll() is not None

    def wait_cut(self) -> None:
        """Wait until the cut has been made, after the emulator's end."""
        assert self._process is not None
        assert self._process.wait(CUT_S_MAX) == 0, "nbdkit failed: its words stand above"
        self._process = None

    def stop(self) -> None:
        """Leave nothing behind, however far it came."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._socket.unlink(missing_ok=True)
