"""Writes the measured part of ``app/docs/reliability.md`` from what runs left in their folder.

The row of a case that was not run on this computer stays as it is.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from tests.faults.netns.case import Case
from tests.faults.netns.cases import CASES
from tests.faults.netns.state import State, Tally

PAGE = Path(__file__).parents[3] / "app/docs/reliability.md"
MANY = 100  # values, of which the hundredth part says something
WITHOUT = "With a defence off:"
BEGIN, END = "<!-- measured: faults -->", "<!-- end: faults -->"
HEAD = (
    "case", "what was done", "rounds", "acknowledged", "SAFE", "SOLO at first", "lost", "diverged",
    "overpaid", "money told", "faults", "measured", "asked for", "seeds",
)  # fmt: skip
CONTROL_HEAD = (
    "case", "defence off", "rounds", "acknowledged", "SAFE", "lost", "diverged", "seen first",
)  # fmt: skip


class PageUnmarked(Exception):
    """The page has lost the place where the measured part stands."""

    def __init__(self) -> None:
        super().__init__(f"{PAGE}: put back {BEGIN} and {END}")


def write(state: State, page: Path = PAGE) -> None:
    """Renew the measured part of the page; raises PageUnmarked."""
    text = page.read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise PageUnmarked
    page.write_text(f"{before}{BEGIN}\n\n{render(state, rest)}\n\n{END}{after}", encoding="utf-8")


def render(state: State, before: str = "") -> str:
    """Return both tables: the cases that were run, here or ``before``, and their controls."""
    first, _, second = before.partition(WITHOUT)
    rows = {row[0]: row for row in standing(first, CASES)}
    controls = {row[0]: row for row in standing(second, CASES)}
    for name, case in CASES.items():
        if (tally := state.read(name)).rounds:
            rows[name] = _row(case, tally)
        if (off := state.read(name, "control")).rounds:
            controls[name] = _control(case, off)
    tables = table(HEAD, _in_order(rows)), table(CONTROL_HEAD, _in_order(controls))
    return f"\n\n{WITHOUT}\n\n".join(tables)


def standing(text: str, cases: Container[object]) -> list[Sequence[object]]:
    """Return the rows that stand in a table, of cases that there still are."""
    lines = (line.strip("| \n").split(" | ") for line in text.splitlines() if line[:1] == "|")
    return [cells for cells in lines if cells[0] in cases]


def _in_order(rows: Mapping[object, Sequence[object]]) -> list[Sequence[object]]:
    return [rows[name] for name in CASES if name in rows]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a page writes them."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _row(case: Case, tally: Tally) -> tuple[object, ...]:
    found = tally.verdict
    rounds = f"{tally.rounds} of {case.rounds_long:,}"
    return (
        case.name, case.about, rounds, f"{found.acked:,}", f"{found.safe:,}", f"{found.solo:,}",
        found.lost, found.diverged, found.overpaid, f"{found.money:,}", len(found.faults),
        _times(tally), case.passes, _seeds(tally),
    )  # fmt: skip


def _control(case: Case, tally: Tally) -> tuple[object, ...]:
    found = tally.verdict
    seen = found.faults[0].partition(": ")[2] if found.faults else "nothing"
    return (
        case.name, case.control_about, tally.rounds, f"{found.acked:,}", f"{found.safe:,}",
        found.lost, found.diverged, seen,
    )  # fmt: skip


def _times(tally: Tally) -> str:
    """Return the middle and the longest of each time that was measured; of many, the p99 too."""
    parts = []
    for name, values in tally.seconds.items():
        ordered = sorted(values)
        count = len(ordered)
        rare = f"p99 {_short(ordered[count * 99 // 100])}, " if count >= MANY else ""
        usual, longest = _short(ordered[count // 2]), _short(ordered[-1])
        parts.append(f"{name} {usual}, {rare}at most {longest}")
    parts += [f"{count:,} {name}" for name, count in tally.counts.items()]
    return "; ".join(parts)


def _short(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"


def _seeds(tally: Tally) -> str:
    first, last = min(tally.seeds), max(tally.seeds)
    return f"{first}" if first == last else f"{first} to {last}"
