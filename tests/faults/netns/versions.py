"""R13: terminals of the version before beside one of this one; then each is brought up to date."""

import os
import subprocess
from pathlib import Path

from tests.faults.netns.case import Sitting
from tests.faults.netns.cuts import require_sales
from tests.faults.netns.deaths import catch_up, come_back, told
from tests.faults.netns.lan import run

OLDER = "FAULTS_OLDER"  # a commit; without it, so many before the newest
BEFORE = "HEAD~25"
GIT_S = 60


def older(top: Path, folder: Path) -> Path:
    """Return a folder with the app as it was at an earlier commit."""
    ref = os.environ.get(OLDER, BEFORE)
    git = ["git", "-C", str(top), "archive", ref, "app"]
    made = subprocess.run(git, capture_output=True, timeout=GIT_S, check=True)
    archive, tree = folder / "older.tar", folder / "older"
    archive.write_bytes(made.stdout)
    tree.mkdir()
    run("tar", "-xf", str(archive), "-C", str(tree))
    archive.unlink()
    return tree / "app"


def rolling(sitting: Sitting) -> None:
    """Sell with both versions in the house, then bring the old ones up to date, one by one."""
    house = sitting.house
    for box in house.boxes[1:]:
        require_sales(sitting, house.boxes)
        catch_up(sitting, told(sitting), "both versions hold all after")
        box.kill()
        box.bring_up_to_date()
        come_back(sitting, [box])
        house.wait(house.dice.uniform(1.0, 3.0))
        catch_up(sitting, told(sitting), "brought up to date, it holds all after")
    require_sales(sitting, house.boxes)
