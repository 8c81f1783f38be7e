"""The bridge's certificate is renewed in time, by a clock that is moved through weeks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comptoir.replica.renewal import RETRY_S_MAX, Renewal
from tests.fakes.bridge import Enrolled

STEP_S = 600
DAY_S = 86_400


class Weeks:
    """A terminal beside its cloud, ten minutes at a time."""

    def __init__(self, enrolled: Enrolled) -> None:
        self.enrolled = enrolled
        self.renewal = Renewal(enrolled.paper())
        self.passed_s = 0
        self.asked: list[int] = []
        self.renewed: list[int] = []
        self.let_in = True

    def live(
        self, days: float, cloud: Callable[[], bool] = lambda: True, *, time_known: bool = True
    ) -> None:
        """Let time pass; ``cloud`` tells whether it answers, ``let_in`` whether it always could."""
        for _ in range(int(days * DAY_S / STEP_S)):
            self.passed_s += STEP_S
            self.enrolled.pass_days(STEP_S / DAY_S)
            now_ms = self.enrolled.now_ms if time_known else self.passed_s * 1000
            asked = self.renewal.request(self.passed_s, now_ms, time_known=time_known)
            self.let_in = self.let_in and self.enrolled.left_days(self.enrolled.paper()) > 0
            if asked is None:
                continue
            self.asked.append(self.passed_s)
            if cloud() and self.let_in:
                made = self.enrolled.renewer.renewed("r1", "t1", asked)
                assert self.renewal.answered(made, self.passed_s)
                self.renewed.append(self.passed_s)


@pytest.fixture
def weeks(tmp_path: Path) -> Weeks:
    return Weeks(Enrolled(tmp_path))


def test_it_is_renewed_on_the_third_day_and_every_third_day(weeks: Weeks) -> None:
    weeks.live(31)
    assert weeks.let_in
    assert [round(at / DAY_S) for at in weeks.renewed] == [3 * n for n in range(1, 11)]
    assert weeks.asked == weeks.renewed


def test_a_cloud_that_is_away_until_the_seventh_day_is_asked_in_time(weeks: Weeks) -> None:
    away_s = int(6.9 * DAY_S)
    weeks.live(8, lambda: weeks.passed_s > away_s)
    assert weeks.let_in
    assert away_s < weeks.renewed[0] <= away_s + RETRY_S_MAX
    tries = len([at for at in weeks.asked if at <= away_s])
    assert 3.9 * DAY_S / RETRY_S_MAX <= tries <= 3.9 * DAY_S / RETRY_S_MAX + 6


def test_off_for_a_month_it_has_ended_and_is_still_there(weeks: Weeks) -> None:
    weeks.enrolled.pass_days(30)
    weeks.live(1)
    assert not weeks.let_in
    assert weeks.renewed == []
    assert weeks.enrolled.left_days(weeks.enrolled.paper()) < -22


def test_without_renewing_it_ends_after_seven_days(weeks: Weeks) -> None:
    weeks.live(8, lambda: False)
    assert not weeks.let_in


def test_without_a_known_time_the_cloud_is_asked_and_nothing_is_lost(weeks: Weeks) -> None:
    weeks.live(14, time_known=False)
    assert weeks.let_in
    assert [round(at / DAY_S) for at in weeks.renewed] == [0, 3, 6, 9, 12]


def test_one_that_is_good_for_years_is_exchanged_at_once(tmp_path: Path) -> None:
    enrolled = Enrolled(tmp_path)
    enrolled.identity.directory.joinpath("cloud.crt").write_bytes(
        enrolled.papers.for_restaurant("r1", days=730).certificate
    )
    weeks = Weeks(enrolled)
    weeks.live(1)
    assert weeks.renewed == [STEP_S]
    assert 6 <= enrolled.left_days(enrolled.paper()) <= 7


def test_two_clocks_that_disagree_make_no_haste(weeks: Weeks) -> None:
    for _ in range(DAY_S // STEP_S):
        weeks.passed_s += STEP_S
        asked = weeks.renewal.request(weeks.passed_s, 0, time_known=True)
        if asked is not None:
            made = weeks.enrolled.renewer.renewed("r1", "t1", asked)
            assert weeks.renewal.answered(made, weeks.passed_s)
            weeks.renewed.append(weeks.passed_s)
    assert len(weeks.renewed) <= DAY_S / RETRY_S_MAX + 1


def test_without_a_certificate_nothing_is_asked(tmp_path: Path) -> None:
    enrolled = Enrolled(tmp_path)
    for file in ("cloud-ca.crt", "cloud.crt"):
        (enrolled.identity.directory / file).unlink()
    weeks = Weeks(enrolled)
    assert weeks.renewal.request(1.0, enrolled.now_ms, time_known=True) is None
    assert weeks.renewal.request(1.0, enrolled.now_ms, time_known=False) is None
