"""Renders the table of the screens' pictures."""

from tests.browser.stops import STOPS, WALK
from tests.screens.files import SIZES, file_of


def screens() -> str:
    """Return a row per screen, a picture per size."""
    rows = [f"| screen | {' | '.join(SIZES)} |", "| --- " * (len(SIZES) + 1) + "|"]
    for name in (*WALK, *STOPS):
        shown = [f"![{name}, {size}](screens/{file_of(name, size).name})" for size in SIZES]
        rows.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(rows)
