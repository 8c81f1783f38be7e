"""The rows that a piece of paper is made of."""

from dataclasses import dataclass

NORMAL, LARGE, HUGE = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Text:
    """A text that wraps; ``inverse`` is white on black, for what must not be overlooked.

    ``red`` is what can harm somebody: red on a printer of two colours, white on black elsewhere.
    """

    text: str
    size: int = NORMAL
    bold: bool = False
    inverse: bool = False
    centred: bool = False
    indent: int = 0
    red: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A text that wraps at the left, a figure at the right."""

    left: str
    right: str
    size: int = NORMAL
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code."""

    content: str


Row = Text | Pair | Rule | Code


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper, cut at its end."""

    rows: tuple[Row, ...]
