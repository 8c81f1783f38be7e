"""``python -m tests.faults.netns``: counts faults of a restaurant of real programs.

Network, mount and process namespaces of its own hold all of it: however this ends, Ctrl-C or
kill -9, the kernel takes away every process, cable and mount with it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from tests.faults.netns.inside import parser
from tests.faults.netns.report import write
from tests.faults.netns.state import State

NEEDED = ("unshare", "nsenter", "setpriv", "ip", "nft", "mosquitto", "mount")
SBIN = "/usr/sbin:/sbin"
LEASH = ("setpriv", "--pdeathsig", "KILL", "--")
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
TOP = Path(__file__).parents[3]
TIDY_S = 30


def refusal() -> str:
    """Return why runs are not possible here; empty when they are."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if os.geteuid() != 0:
        return "Runs with real programs make network namespaces: run them as root (sudo)."
    if missing:
        return f"{', '.join(missing)} not found: apt-get install iproute2 mosquitto nftables."
    return ""


def play(arguments: list[str]) -> int:
    """Play inside namespaces, with a folder that is gone afterwards; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="comptoir-faults-") as folder:
        command = [*LEASH, *UNSHARE, sys.executable, "-m", "tests.faults.netns.inside", *arguments]
        program = subprocess.Popen(command, cwd=TOP, env=os.environ | {"TMPDIR": folder})
        try:
            return program.wait()
        except KeyboardInterrupt:  # it heard the same Ctrl-C and tidies up
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(TIDY_S)
            return 128 + signal.SIGINT
        finally:
            program.kill()
            program.wait()


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    os.environ["PATH"] = f"{os.environ.get('PATH', '')}:{SBIN}"
    options = parser().parse_args()
    if options.report:
        write(State(options.state))
        sys.exit()
    if why := refusal():
        sys.exit(why)
    signal.signal(signal.SIGTERM, _end)
    sys.exit(play(sys.argv[1:]))
