"""Whether a terminal is as it came: started, and nobody has worked with it."""

from comptoir.domain.envelope import decode
from comptoir.journal import Journal

EVENTS_MAX = 200  # of a new one's own: its founding, and wrong PINs
BYTES_MAX = 4 << 20


def is_new(journal: Journal, terminal: str) -> bool:
    """Tell whether all that is held is this terminal's own, and no person's or program's work."""
    people = {one.id for kind in ("staff", "client") for one in journal.states(kind)}
    for log, head in journal.vector().items():
        if log[0] != terminal or head.seq > EVENTS_MAX:
            return False
        held = journal.range(log, 1, EVENTS_MAX, BYTES_MAX)
        if any(decode(one.payload).actor in people for one in held):
            return False
    return True
