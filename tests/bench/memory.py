"""Memory of our processes on a booted CM3: proportional share, so that nothing is counted twice."""

import re
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.bench.artefacts import BENCH_NAME, DIST
from tests.bench.figures import Amount, Figure, NotMeasurable
from tests.system.box import Box, running
from tests.system.console import ConsoleSilent

AIM_MB = 180
BOARD = "cm3"
# Of each process: its proportional set size, and the control group that tells its unit.
ASK = "grep -s -e ^Pss: -e ^0:: /proc/[0-9]*/smaps_rollup /proc/[0-9]*/cgroup"
ASK_S_MAX = 300  # emulated, the kernel takes its time to count
SIZE = re.compile(r"^/proc/(\d+)/smaps_rollup:Pss:\s+(\d+) kB", re.MULTILINE)
UNIT = re.compile(
    r"^/proc/(\d+)/cgroup:0::/\S*/((?:comptoir-[\w-]+|mosquitto)\.service)", re.MULTILINE
)
BROWSER = "comptoir-kiosk.service"


def measure(long: bool) -> list[Figure]:
    """Start a CM3, sell once, and add up what our units hold."""
    del long
    image = DIST / f"{BENCH_NAME}.img.zst"
    if not image.exists():
        raise NotMeasurable(f"there is no {image}; run image/build --profile bench")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        try:
            with running(Box(BOARD, image, Path(folder) / "cm3")) as box:
                box.sign_in()
                box.sell()
                units = by_unit(box.console.attempt(ASK, ASK_S_MAX)[1])
        except (AssertionError, ConsoleSilent) as failed:
            raise NotMeasurable(f"{BOARD}: {failed}") from failed
    parts = ", ".join(f"{unit.removesuffix('.service')} {mb:.0f}" for unit, mb in units.items())
    return [
        Amount("our processes without the browser", sum(units.values()), "MB", AIM_MB),
        f"  {'of which, MB':34} {parts}",
    ]


def by_unit(said: str) -> dict[str, float]:
    """Return megabytes by unit, the browser's left out; refuses an answer without the till."""
    units: dict[str, float] = defaultdict(float)
    sizes = dict(SIZE.findall(said))
    for process, unit in UNIT.findall(said):
        if unit != BROWSER:
            units[unit] += int(sizes.get(process, 0)) * 1024 / 1e6
    if "comptoir-till.service" not in units:
        raise NotMeasurable(f"no till among the processes: {said[-300:]!r}")
    return dict(sorted(units.items()))
