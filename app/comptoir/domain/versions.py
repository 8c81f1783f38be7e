"""Which of two versions of the system is older, by the numbers that releases have."""

import re

_VERSION = re.compile(r"(\d{1,9}(?:\.\d{1,9}){0,5})(?:[.-]?(a|b|rc|dev)(\d{1,9}))?")
_BEFORE_RELEASE = {"dev": 0, "a": 1, "b": 2, "rc": 3, "": 4}
Order = tuple[tuple[int, ...], int, int]


def known(version: str) -> bool:
    """Tell whether a text is a version that can be compared."""
    return _VERSION.fullmatch(version) is not None


def is_older(one: str, other: str) -> bool:
    """Tell whether a version precedes another; a candidate precedes its release."""
    return _order(one) < _order(other)


def precedes(one: str, other: str) -> bool:
    """Tell whether a version is older, of texts that others wrote: what is none precedes none."""
    return known(one) and known(other) and is_older(one, other)


def _order(version: str) -> Order:
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(f"{version!r} is no version")
    numbers = [int(number) for number in found[1].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), _BEFORE_RELEASE[found[2] or ""], int(found[3] or 0)
