"""``python -m tests.faults.netns``: counts faults of a restaurant of real programs.

Network, mount and process namespaces of its own hold all of it: however this ends, Ctrl-C or
kill -9, the kernel takes away every process, cable and mount with it.
"""

import os
import shutil
import sys
from pathlib import Path

NEEDED = ("unshare", "nsenter", "ip", "nft", "mosquitto", "sysctl", "mount")
SBIN = "/usr/sbin:/sbin"
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
TOP = Path(__file__).parents[3]


def refusal() -> str:
    """Return why runs are not possible here; empty when they are."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if os.geteuid() != 0:
        return "Runs with real programs make network namespaces: run them as root (sudo)."
    if missing:
        return (
            f"{', '.join(missing)} not found: apt-get install iproute2 mosquitto nftables procps."
        )
    return ""


if __name__ == "__main__":
    os.environ["PATH"] = f"{os.environ.get('PATH', '')}:{SBIN}"
    if why := refusal():
        sys.exit(why)
    os.chdir(TOP)
    os.execvp(  # noqa: S606 - nothing of this process is wanted any more
        UNSHARE[0], [*UNSHARE, sys.executable, "-m", "tests.faults.netns.inside", *sys.argv[1:]]
    )
