"""Finding the bill that a command is about: a check, with the checks that are paid with it."""

from comptoir.domain.check import SETTLED, UNSENT, Check, Line
from comptoir.domain.errors import AmountRefused, CheckNotFound, CheckSettled, LineNotFound
from comptoir.domain.merged import united
from comptoir.journal import Writing

REASON_CHARACTERS_MAX = 200


def known(writing: Writing, check: str) -> Check:
    """Return the whole bill of a check that was opened; raises CheckNotFound."""

    def find(name: str) -> Check:
        state: Check = writing.state(f"check:{name}")
        return state

    own = find(check)
    if not own.number:
        raise CheckNotFound(check)
    return united(own, find)


def unpaid(writing: Writing, check: str) -> Check:
    """Return a bill that still takes orders; raises CheckSettled when it is paid."""
    state = known(writing, check)
    if state.state == SETTLED:
        raise CheckSettled(state.number)
    return state


def line_of(check: Check, name: str) -> Line:
    """Return a line that counts; raises LineNotFound."""
    for line in check.live_lines:
        if line.id == name:
            return line
    raise LineNotFound(name, check.number)


def by_owner(check: Check, lines: tuple[Line, ...]) -> dict[str, tuple[str, ...]]:
    """Return the ids of lines by the check that they belong to."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        owner = check.owner(line.id)
        found[owner] = (*found.get(owner, ()), line.id)
    return found


def reason_of(text: str, what: str) -> str:
    """Return a reason, cut to its longest; raises AmountRefused when there is none."""
    if not text.strip():
        raise AmountRefused(f"Say why: {what} needs a reason.")
    return text.strip()[:REASON_CHARACTERS_MAX]


def sent(line: Line) -> bool:
    """Tell whether the kitchen has a line."""
    return line.status != UNSENT
