"""``python -m tests.power --image IMAGE --boots N``: cuts the power of a booted image N times."""

import argparse
import os
import sys
from pathlib import Path

from tests.power.sitting import Sitting
from tests.power.volatile import Flushes

SEED = 20261123


def default_folder() -> Path:
    """Return where sittings are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "comptoir/power"


def main() -> int:
    """Play; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.power", description=__doc__)
    parser.add_argument("--image", type=Path, required=True, help="a bench image")
    parser.add_argument("--boots", type=int, default=20, help="boots in all, earlier ones counted")
    parser.add_argument("--seed", type=int, default=SEED, help="of a sitting that begins")
    parser.add_argument("--state", type=Path, default=default_folder(), help="to go on there")
    parser.add_argument(
        "--control", action="store_true", help="on a disk that ignores flushes, and must lose"
    )
    options = parser.parse_args()
    flushes = Flushes.IGNORED if options.control else Flushes.KEPT
    folder = options.state / flushes.value
    counts = Sitting(options.image, folder, options.seed, flushes).go_on(options.boots)
    sys.stdout.write("".join(f"{line}\n" for line in (*counts.failed, counts)))
    if options.control:
        return int(not counts.lost)
    return int(bool(counts.failed or counts.lost))


if __name__ == "__main__":
    sys.exit(main())
