"""Replicas on real brokers: what one terminal knows, all know, and SAFE is true."""

import sys

from tests.app.replica.conftest import Staff
from tests.fakes.restaurant import until


def test_three_terminals_converge(terminals: Staff) -> None:
    staff = terminals(3)
    for terminal in staff:
        terminal.sell(20)
    took_s = until(
        lambda: (
            all(a.journal.vector() == staff[0].journal.vector() for a in staff)
            and len(staff[0].journal.vector()) == 3
        ),
        what=str([t.journal.vector() for t in staff]),
    )
    sys.stdout.write(f"3 terminals, 60 events: equal after {took_s * 1000:.0f} ms\n")
    assert len({terminal.journal.digest() for terminal in staff}) == 1
