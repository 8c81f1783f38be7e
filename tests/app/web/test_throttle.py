from pathlib import Path

import pytest

from comptoir.web.throttle import (
    FREE_FAILURES,
    KEYS_MAX,
    WAIT_FIRST_MS,
    WAIT_MS_MAX,
    Throttle,
    TriesExhausted,
)


def failing(times: int) -> Throttle:
    throttle = Throttle()
    for _ in range(times):
        throttle.failed("ann", now_ms=0)
    return throttle


def test_a_few_slips_cost_nothing() -> None:
    failing(FREE_FAILURES).check("ann", now_ms=0)


def test_the_next_one_makes_wait() -> None:
    throttle = failing(FREE_FAILURES + 1)
    with pytest.raises(TriesExhausted, match="Wait 5 seconds"):
        throttle.check("ann", now_ms=0)
    throttle.check("ann", now_ms=WAIT_FIRST_MS)


def test_each_further_failure_doubles_the_wait_up_to_a_bound() -> None:
    with pytest.raises(TriesExhausted) as refusal:
        failing(FREE_FAILURES + 2).check("ann", now_ms=0)
    assert refusal.value.wait_s == 2 * WAIT_FIRST_MS // 1000
    with pytest.raises(TriesExhausted) as refusal:
        failing(200).check("ann", now_ms=0)
    assert refusal.value.wait_s == WAIT_MS_MAX // 1000


def test_one_persons_failures_do_not_lock_another_out() -> None:
    failing(50).check("bob", now_ms=0)


def test_success_forgets_the_failures() -> None:
    throttle = failing(FREE_FAILURES + 1)
    throttle.succeeded("ann")
    throttle.check("ann", now_ms=0)


def test_memory_is_bounded() -> None:
    throttle = Throttle()
    for i in range(KEYS_MAX + 100):
        throttle.failed(f"address {i}", now_ms=0)
    assert len(throttle._records) == KEYS_MAX


def test_a_restart_forgives_nobody(tmp_path: Path) -> None:
    file = tmp_path / "wrong-pins.json"
    before = Throttle(file)
    for _ in range(FREE_FAILURES + 1):
        before.failed("staff ann", now_ms=0)
    after = Throttle(file)
    with pytest.raises(TriesExhausted):
        after.check("staff ann", now_ms=0)
    after.check("staff bob", now_ms=0)
    after.succeeded("staff ann")
    Throttle(file).check("staff ann", now_ms=0)


def test_a_spoilt_file_locks_nobody_out(tmp_path: Path) -> None:
    file = tmp_path / "wrong-pins.json"
    file.write_bytes(b"{")
    throttle = Throttle(file)
    throttle.failed("ann", now_ms=0)
    assert Throttle(file)._records["ann"].failures == 1


def test_a_disk_that_takes_nothing_keeps_nobody_from_signing_in(tmp_path: Path) -> None:
    throttle = Throttle(tmp_path / "gone" / "wrong-pins.json")
    throttle.failed("ann", now_ms=0)
    throttle.check("ann", now_ms=0)


def test_knowing_one_pin_does_not_pay_for_guessing_others() -> None:
    throttle = failing(FREE_FAILURES)
    throttle.forgive("ann")
    throttle.failed("ann", now_ms=0)
    throttle.check("ann", now_ms=0)
    throttle.failed("ann", now_ms=0)
    with pytest.raises(TriesExhausted):
        throttle.check("ann", now_ms=0)
