"""T7: a PIN is kept as argon2id with a salt of its own; a bad hash opens and breaks nothing."""

import pytest
from argon2 import Type, extract_parameters

from comptoir.commands import SetStaff, queries
from comptoir.commands.pins import hash_pin, pin_fits
from comptoir.domain import events as ev
from comptoir.domain.house import WAITER
from tests.fakes.box import BOSS, Box

KIB_MIN, PASSES_MIN = 19 * 1024, 2  # OWASP's password storage sheet


def test_a_pin_is_hashed_as_owasp_asks_at_least() -> None:
    found = extract_parameters(hash_pin("4711"))
    assert found.type is Type.ID
    assert found.memory_cost >= KIB_MIN
    assert found.time_cost >= PASSES_MIN


def test_the_same_pin_is_never_kept_alike() -> None:
    one, other = hash_pin("4711"), hash_pin("4711")
    assert one != other
    assert pin_fits(one, "4711")
    assert pin_fits(other, "4711")
    assert not pin_fits(one, "4712")


def test_neither_pin_nor_badge_stands_in_the_journal(box: Box) -> None:
    box.desk.run(SetStaff("k", "anna", "Anna", WAITER, "471100", badge="BADGE4711"), BOSS)
    (kept,) = (event.body for event in box.journal.events("staff:anna"))
    assert isinstance(kept, ev.StaffSet)
    assert kept.pin_hash.startswith("$argon2id$")
    assert kept.badge_hash.startswith("$argon2id$")
    payload = b"".join(one.payload for one in box.sealed())
    assert b"471100" not in payload
    assert b"BADGE4711" not in payload


@pytest.mark.parametrize(
    "damaged", ["", "x", "$argon2id$", "$2b$12$abc", "$argon2id$v=19$m=8", "é"]
)
def test_what_is_no_hash_fits_no_pin(damaged: str) -> None:
    assert not pin_fits(damaged, "4711")


def test_somebody_without_a_pin_keeps_nobody_else_out(box: Box) -> None:
    box.desk.run(SetStaff("k1", "aaron", "Aaron", WAITER), BOSS)
    box.desk.run(SetStaff("k2", "anna", "Anna", WAITER, "4711"), BOSS)
    found = queries.staff_by_pin(box.journal, "4711")
    assert found is not None
    assert found.id == "anna"
