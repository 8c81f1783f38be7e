import os
import threading
import time
from pathlib import Path

import pytest

from imagebuilder.cache import KEPT_AGE_S, KEPT_PER_STAGE, MEMO_AGE_S, Cache
from imagebuilder.errors import BuildError
from tests.image.workshop import MemoryReporter


def test_a_result_appears_only_when_whole(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with cache.making("lock", "abc") as (result, _scratch):
        (result / "file").write_text("x")
        assert not cache.has("lock", "abc")
    assert cache.has("lock", "abc")
    assert list((tmp_path / "work").iterdir()) == []


def test_an_interrupted_result_is_removed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with pytest.raises(KeyboardInterrupt), cache.making("lock", "abc"):
        raise KeyboardInterrupt
    assert not cache.has("lock", "abc")
    assert list((tmp_path / "work").iterdir()) == []


def test_old_results_go_but_not_the_newest_nor_those_of_the_last_hour(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    now = time.time()
    for number in range(KEPT_PER_STAGE + 3):
        with cache.making("lock", f"key{number}"):
            pass
        age = 0 if number == 0 else KEPT_AGE_S * (number + 1)
        os.utime(cache.result("lock", f"key{number}"), (now - age, now - age))
    cache.forget_old("lock")
    left = sorted(path.name for path in (tmp_path / "stages" / "lock").iterdir())
    assert left == [f"key{number}" for number in range(KEPT_PER_STAGE)]


def test_what_another_build_is_at_is_left_to_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(KEPT_PER_STAGE + 1):
        with cache.making("lock", f"key{number}"):
            pass
        os.utime(cache.result("lock", f"key{number}"), (0, number))
    with cache.alone("lock", MemoryReporter()):
        cache.forget_old("lock")
        assert cache.has("lock", "key0")
    cache.forget_old("lock")
    assert not cache.has("lock", "key0")


def test_what_no_build_has_used_for_a_fortnight_is_forgotten(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (cache.memo / "frames").mkdir(parents=True)
    for name, age in (("used", 0), ("unused", MEMO_AGE_S + 60)):
        (cache.memo / "frames" / name).write_text("")
        os.utime(cache.memo / "frames" / name, (time.time() - age, time.time() - age))
    cache.forget_unused_memo()
    assert [path.name for path in (cache.memo / "frames").iterdir()] == ["used"]


def test_a_second_build_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    cache, reporter = Cache(tmp_path), MemoryReporter()
    order: list[str] = []

    def second() -> None:
        with cache.alone("rootfs", reporter):
            order.append("second")

    with cache.alone("rootfs", MemoryReporter()):
        thread = threading.Thread(target=second)
        thread.start()
        while not reporter.lines:
            time.sleep(0.01)
        order.append("first")
    thread.join(timeout=10)
    assert order == ["first", "second"]
    assert "waiting" in reporter.lines[0]


def test_too_little_space_is_said_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="XDG_CACHE_HOME"):
        Cache(tmp_path).require_space(1 << 60)


def test_the_cache_is_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Cache.default().root == tmp_path / "comptoir-image"
