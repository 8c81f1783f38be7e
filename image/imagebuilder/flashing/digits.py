"""Numbers to be read from across a room."""

ROWS = 5
GLYPHS = {
    "0": "███ █ █ █ █ █ █ ███",
    "1": " █  ██   █   █  ███",
    "2": "███   █ ███ █   ███",
    "3": "███   █ ███   █ ███",
    "4": "█ █ █ █ ███   █   █",
    "5": "███ █   ███   █ ███",
    "6": "███ █   ███ █ █ ███",
    "7": "███   █   █   █   █",
    "8": "███ █ █ ███ █ █ ███",
    "9": "███ █ █ ███   █ ███",
    "/": "  █   █  █  █   █  ",
}


def big(text: str) -> str:
    """Return digits and slashes in five lines, each cell two wide, as cells are tall."""
    rows = []
    for row in range(ROWS):
        cells = (GLYPHS[letter].ljust(19)[row * 4 : row * 4 + 3] for letter in text)
        rows.append("  ".join("".join(cell * 2 for cell in part) for part in cells).rstrip())
    return "\n".join(rows)
