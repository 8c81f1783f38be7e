"""Reads the list of suites, so that adding one is an entry of data and no code."""

import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "suites.toml"


class SuiteUnknown(Exception):
    """A name on the command line that no suite has."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"no suite is called {name!r}; there are: {', '.join(known)}")


@dataclass(frozen=True)
class Suite:
    """One entry of the file; a step is a command as words."""

    name: str
    about: str
    minutes_max: int
    apt: tuple[str, ...]
    needs: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]


def load(file: Path = FILE) -> dict[str, Suite]:
    """Return the suites by name, in the order of a full run."""
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: _suite(name, entry) for name, entry in entries.items()}


def _suite(name: str, entry: dict[str, Any]) -> Suite:
    return Suite(
        name=name,
        about=entry["about"],
        minutes_max=entry["minutes_max"],
        apt=tuple(entry["apt"]),
        needs=tuple(entry.get("needs", ())),
        steps=tuple(tuple(shlex.split(step)) for step in entry["steps"]),
    )


def choose(suites: dict[str, Suite], names: list[str]) -> list[Suite]:
    """Return the named suites in the file's order; all of them without a name."""
    for name in names:
        if name not in suites:
            raise SuiteUnknown(name, list(suites))
    return [suite for suite in suites.values() if not names or suite.name in names]
