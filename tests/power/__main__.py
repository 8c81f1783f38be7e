"""``python -m tests.power --image IMAGE --boots N``: cuts the power of a booted image N times."""

import argparse
import os
import sys
from pathlib import Path

from tests.power.sitting import Sitting

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
    options = parser.parse_args()
    counts = Sitting(options.image, options.state, options.seed).go_on(options.boots)
    sys.stdout.write("".join(f"{line}\n" for line in (*counts.failed, counts)))
    return 1 if counts.failed or counts.lost else 0


if __name__ == "__main__":
    sys.exit(main())
