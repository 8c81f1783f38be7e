"""Whatever instant the power goes at, what a till acknowledged is on its disk.

Cut states are exact to the sector: of what was not flushed, any part survived, in any order.
"""

from pathlib import Path

import pytest

from tests.power.evenings import TERMINAL, Recorded, recorded
from tests.power.recording import entries
from tests.power.replay import draw, draw_at, states
from tests.power.told import Verdict, judged
from tests.power.volatile import Flushes

pytestmark = pytest.mark.system

CHECKS_A_DAY = 10
STATES, STATES_LONG, STATES_OF_A_CONTROL = 120, 1000, 20
SEED = 20261123


def verdict_on(evening: Recorded, count: int, flushes: Flushes = Flushes.KEPT) -> Verdict:
    durable = evening.blank.with_name("durable.img")
    durable.write_bytes(evening.blank.read_bytes())
    ends = {one.end for one in evening.told}
    cuts = draw_at(entries(evening.recording), ends, count // 2, SEED)
    cuts += draw(entries(evening.recording), evening.window, count - count // 2, SEED)
    made = states(durable, entries(evening.recording), evening.window, cuts, flushes)
    verdict = judged(made, evening.told, TERMINAL)
    print(f"seed {SEED}: {verdict}")  # noqa: T201  the counts are the result
    return verdict


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("evening") / "full"
    return recorded(folder, checks_a_day=CHECKS_A_DAY)


@pytest.mark.parametrize("count", [STATES, pytest.param(STATES_LONG, marks=pytest.mark.long)])
def test_no_cut_loses_what_was_acknowledged_or_damages_anything(
    evening: Recorded, count: int
) -> None:
    verdict = verdict_on(evening, count)
    assert (verdict.lost, verdict.unsound) == (0, [])
    assert verdict.acknowledged > count


def test_on_a_disk_that_ignores_flushes_it_would_be_lost(evening: Recorded) -> None:
    verdict = verdict_on(evening, STATES_OF_A_CONTROL, Flushes.IGNORED)
    assert verdict.lost or verdict.unsound


def test_with_sqlites_sparing_setting_it_would_be_lost(tmp_path: Path) -> None:
    sparing = recorded(tmp_path / "normal", checks_a_day=CHECKS_A_DAY, synchronous="NORMAL")
    verdict = verdict_on(sparing, STATES_OF_A_CONTROL)
    assert verdict.lost
    assert verdict.unsound == []  # whole, but older
