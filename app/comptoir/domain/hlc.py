"""Hybrid logical clock: orders facts across terminals whose clocks disagree.

A reading is one integer, ``milliseconds since 1970 << 16 | counter``: readings compare as integers.
It never runs back, and it does not follow a peer more than ten minutes ahead of its own time.
Source: Kulkarni et al., "Logical Physical Clocks" (2014).
"""

COUNTER_BITS = 16
AHEAD_MS_MAX = 10 * 60 * 1000


def reading(now_ms: int, counter: int = 0) -> int:
    """Pack milliseconds and a counter into one reading."""
    return now_ms << COUNTER_BITS | counter


def milliseconds(hlc: int) -> int:
    """Return the milliseconds since 1970 of a reading."""
    return hlc >> COUNTER_BITS


def tick(last: int, now_ms: int) -> int:
    """Return the reading for a new local fact: after ``last``, at ``now_ms`` if that is later."""
    return max(last + 1, reading(now_ms))


def too_far_ahead(remote: int, now_ms: int) -> bool:
    """Tell whether a peer's reading is so far ahead that it must not pull this clock along."""
    return milliseconds(remote) > now_ms + AHEAD_MS_MAX


def observe(last: int, remote: int, now_ms: int) -> int:
    """Return the clock after seeing ``remote``; a reading too far ahead is not followed."""
    return last if too_far_ahead(remote, now_ms) else max(last, remote)
