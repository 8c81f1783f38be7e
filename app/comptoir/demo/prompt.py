"""Commands that a person types, a script holds or a button sends: one line each."""

import re
from dataclasses import dataclass

from comptoir.demo.failures import DemoRefused

HELP = (
    "kill N · steal N · cut N · plug N · heal · internet off · internet on · "
    "status · wait SECONDS · help · quit"
)
NUMBERED = ("kill", "steal", "cut", "plug")
PLAIN = ("heal", "status", "help", "quit")
LINE = re.compile(r"(?P<verb>[a-z]+)(?:\s+(?P<what>[a-z]+|\d+(?:\.\d+)?))?")
WAIT_S_MAX = 3600.0


class NotUnderstood(DemoRefused):
    """A line that is no command."""

    def __init__(self, line: str) -> None:
        super().__init__(f"{line!r} is no command. Commands: {HELP}")


@dataclass(frozen=True, slots=True)
class Order:
    """A command: its verb, the number of a terminal, on or off, or seconds."""

    verb: str
    number: int = 0
    on: bool = False
    seconds: float = 0.0


def read(line: str) -> Order:
    """Read one line; raises NotUnderstood."""
    match = LINE.fullmatch(line.strip().lower())
    if not match:
        raise NotUnderstood(line)
    verb, what = match["verb"], match["what"] or ""
    if verb in PLAIN and not what:
        return Order(verb)
    if verb in NUMBERED and what.isdigit():
        return Order(verb, number=int(what))
    if verb == "internet" and what in {"on", "off"}:
        return Order(verb, on=what == "on")
    if verb == "wait" and what[:1].isdigit() and float(what) <= WAIT_S_MAX:
        return Order(verb, seconds=float(what))
    raise NotUnderstood(line)


def lines(text: str) -> list[str]:
    """Return the commands of a script: blank lines and ``#`` comments are left out."""
    kept = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in kept if line]
