from comptoir.replica.absence import GRACE_S, Absence

START_MS = 1_000_000


class Hours:
    """Asks once a second, on a clock that starts at ``START_MS``."""

    def __init__(self, *, expected: bool) -> None:
        self.absence = Absence(expected)
        self.now_s = 0.0

    def ask(self, seconds: float, *, reached: bool = False, held: bool = False) -> int:
        since_ms = 0
        for _ in range(int(seconds)):
            self.now_s += 1
            now_ms = START_MS + int(self.now_s * 1000)
            since_ms = self.absence.since_ms(self.now_s, now_ms, reached=reached, held=held)
        return since_ms


def test_it_is_offline_since_the_cloud_was_last_there_once_that_has_lasted() -> None:
    hours = Hours(expected=True)
    assert hours.ask(5, reached=True) == 0
    assert hours.ask(GRACE_S - 1) == 0
    assert hours.ask(1) == START_MS + 5000
    assert hours.ask(3600) == START_MS + 5000
    assert hours.ask(1, reached=True) == 0


def test_a_house_that_never_had_a_cloud_misses_none() -> None:
    hours = Hours(expected=False)
    assert hours.ask(3600) == 0
    hours.ask(1, reached=True)
    assert hours.ask(GRACE_S) == START_MS + 3_601_000


def test_held_by_a_manager_it_says_nothing_and_begins_anew_afterwards() -> None:
    hours = Hours(expected=True)
    assert hours.ask(100, held=True) == 0
    assert hours.ask(GRACE_S - 1) == 0
    assert hours.ask(1) == START_MS + 100_000
