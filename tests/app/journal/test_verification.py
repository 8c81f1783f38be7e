from comptoir.commands import OpenCheck
from comptoir.journal import verify
from tests.fakes.box import BOSS, Box


def damaged(box: Box, change: str) -> list[str]:
    for i in range(3):
        box.desk.run(OpenCheck(f"k{i}", f"c{i}"), BOSS)
    assert verify(box.journal, {"t1": box.card}).faults == []
    with box.journal.transaction() as db:
        db.execute(change)
    return verify(box.journal, {"t1": box.card}).faults


def test_a_whole_journal_has_no_fault_and_is_counted(box: Box) -> None:
    box.desk.run(OpenCheck("k", "c"), BOSS)
    verdict = verify(box.journal, {"t1": box.card})
    assert (verdict.events, verdict.logs, verdict.faults) == (1, 1, [])


def test_a_changed_payload_is_found(box: Box) -> None:
    faults = damaged(
        box,
        "UPDATE event SET payload = CAST(replace(payload, 'boss', 'thief') AS BLOB) WHERE seq = 2",
    )
    assert any("t1/1/2" in fault for fault in faults)


def test_a_missing_event_is_found(box: Box) -> None:
    assert any("chain" in fault for fault in damaged(box, "DELETE FROM event WHERE seq = 2"))


def test_a_cut_off_tail_is_found(box: Box) -> None:
    assert any("head" in fault for fault in damaged(box, "DELETE FROM event WHERE seq = 3"))


def test_a_changed_signature_is_found(box: Box) -> None:
    faults = damaged(box, "UPDATE event SET signature = zeroblob(64) WHERE seq = 1")
    assert faults == ["t1/1/1: the signature is not the terminal's"]


def test_a_changed_projection_is_found(box: Box) -> None:
    faults = damaged(box, "UPDATE projection SET hash = 'x' WHERE aggregate = 'check:c1'")
    assert faults == ["projection check:c1 differs from its events"]


def test_a_log_of_nobody_known_is_found(box: Box) -> None:
    box.desk.run(OpenCheck("k", "c"), BOSS)
    assert verify(box.journal, {}).faults == ["t1/1: nobody admitted this terminal"]
