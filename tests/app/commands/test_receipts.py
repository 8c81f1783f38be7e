from comptoir.commands import receipts
from comptoir.domain.check import Check
from comptoir.domain.envelope import Envelope


def test_the_code_names_the_check_its_total_and_the_event() -> None:
    event = Envelope("r", "t1", 2, 42, 0, "2026-11-22", "ann", "payment.taken", 1, {}, "")
    text = receipts.code(Check("c1", "A2-7"), "EUR", event)
    assert text == "comptoir:1;A2-7;EUR;0;t1/2/42"
