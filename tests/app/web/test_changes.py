import threading

from comptoir.web import Changes


def test_news_between_look_and_wait_is_not_slept_through() -> None:
    changes = Changes()
    seen = changes.count
    changes.notify()
    assert changes.wait(seen, timeout_s=30) == seen + 1


def test_silence_ends_after_the_timeout() -> None:
    changes = Changes()
    assert changes.wait(changes.count, timeout_s=0.01) == 0


def test_closing_wakes_whoever_waits() -> None:
    changes = Changes()
    waiter = threading.Thread(target=changes.wait, args=(0, 30))
    waiter.start()
    changes.close()
    waiter.join(5)
    assert not waiter.is_alive()
    assert changes.closed


def test_closing_tells_whoever_asked_for_it() -> None:
    changes, of_training = Changes(), Changes()
    changes.on_close(of_training.close)
    changes.close()
    assert of_training.closed
