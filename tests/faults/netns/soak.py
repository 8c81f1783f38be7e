"""R16: day after business day at every terminal; what their programs hold in memory stays flat."""

import uuid
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.deaths import catch_up, told
from tests.faults.netns.house import TOKEN

DAY_S = 86_400
OPEN_S = 240.0  # a day's sixteen opening hours in so many seconds: 240 times as fast
STILL_S = 3.0  # until what was asked before midnight is done, and every clock shows the new day
WARM = 2  # days after which what is kept on purpose has filled up
GROWTH_MAX = 1.05
KIB = 1024


def days(sitting: Sitting) -> None:
    """Let so many days pass, each sold in and closed; compare the last with the second."""
    house, held = sitting.house, list[Mapping[str, float]]()
    for n in range(1, sitting.rounds + 1):
        house.wait(OPEN_S)
        house.room.doors.clear()
        catch_up(sitting, told(sitting), "all hold the day after")
        held.append(_memory(house.boxes))
        house.set_clocks(n * DAY_S)
        house.wait(STILL_S)
        for box in house.boxes:
            _close(sitting, box)
        house.room.doors.set()
    _judge(sitting, held[min(WARM, len(held)) - 1], held[-1])


def _close(sitting: Sitting, box: Box) -> None:
    """Close the day that is over, as a manager would."""
    client = box.client(TOKEN)
    answer = client.post("/api/v1/days/close", {}, uuid.uuid4().hex)
    client.close()
    if answer.ok:
        sitting.house.ledger.answered(answer.body["events"], answer.body["safety"])
    else:
        sitting.verdict.fault(f"{box.id} does not close its day: {answer.detail}")


def _memory(boxes: list[Box]) -> dict[str, float]:
    """Return what a program of each kind has in memory, in the mean of the terminals, in KiB."""
    kinds = ("broker", "replica", "till")
    return {kind: fmean(_resident(getattr(box, kind).pid) for box in boxes) for kind in kinds}


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def _judge(sitting: Sitting, warm: Mapping[str, float], last: Mapping[str, float]) -> None:
    """Find a fault with a kind of program that goes on growing."""
    for kind, before in warm.items():
        sitting.counted(f"KiB of a {kind} after {WARM} days", round(before))
        sitting.counted(f"KiB of a {kind} at the end", round(last[kind]))
        if last[kind] > GROWTH_MAX * before:
            sitting.verdict.fault(
                f"a {kind} has {last[kind] / KIB:.1f} MiB in memory, {before / KIB:.1f} after"
                f" {WARM} days"
            )
