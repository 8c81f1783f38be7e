"""Where the measured image lies, and what its manifest says of it."""

import json
from pathlib import Path
from typing import Any

from imagebuilder.disk import MIB, partition
from tests.bench.figures import Amount, Figure, NotMeasurable

DIST = Path("dist")
NAME = "comptoir-debian-terminal"
BENCH_NAME = "comptoir-debian-bench"
IMAGE_MB_AIM = 450


def manifest() -> dict[str, Any]:
    """Return the manifest of the terminal's image in dist/."""
    file = DIST / f"{NAME}.manifest.json"
    if not file.exists():
        raise NotMeasurable(f"there is no {file}; run image/build")
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return said


def measure(long: bool) -> list[Figure]:
    """Return the size of the image, of its root, and what is largest in it."""
    del long
    said = manifest()
    compressed = (DIST / f"{NAME}.img.zst").stat().st_size
    root, room = said["root_bytes"] / MIB, partition("root-a").size / MIB
    return [
        Amount("compressed image (.img.zst)", compressed / 1e6, "MB", IMAGE_MB_AIM),
        f"  {'root used of its partition':34} {root:.0f} MiB of {room:.0f} MiB",
        f"  {'largest packages, MB installed':34} "
        + ", ".join(f"{one['name']} {one['bytes'] / 1e6:.0f}" for one in said["largest"]),
    ]
