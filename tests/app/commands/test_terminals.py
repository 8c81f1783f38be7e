"""Who may be put out, by whom, and how two that put each other out are told apart (K20, D22)."""

import itertools

import pytest

from comptoir.bootstrap.desk import attest_retired
from comptoir.commands import Actor, AddLine, AdmitTerminal, OpenCheck, PublishMenu, RetireTerminal
from comptoir.commands.passphrase import (
    CHARACTERS,
    LETTERS,
    PassphraseWrong,
    SetPassphrase,
    fits,
    read,
    written,
)
from comptoir.commands.terminals import (
    AdoptEvent,
    DecideTerminals,
    NotAdoptable,
    NotSuspended,
    TooManyRetired,
)
from comptoir.domain.errors import AmountRefused, NotAllowed
from comptoir.domain.house import MANAGER, Restaurant, Terminal
from comptoir.domain.menu import Item, Menu
from comptoir.journal import Admission, reading
from tests.fakes.box import BOSS, Box, BoxMaker

PASSPHRASE = "K7QX-2M9T-RW4P"
OTHER_BOSS = Actor("other-boss", MANAGER)
SOUP = Item("soup", "starters", {"en": "Hot soup"}, 3150)


@pytest.fixture
def four(make_box: BoxMaker) -> list[Box]:
    """Return four terminals that admitted one another."""
    boxes = [make_box(f"t{n}") for n in (1, 2, 3, 4)]
    for box in boxes:
        boxes[0].desk.run(AdmitTerminal(f"admit-{box.name}", box.card), BOSS)
        box.desk.run(OpenCheck(f"first-{box.name}", box.name), BOSS)
    for giver, taker in itertools.permutations(boxes, 2):
        give(giver, taker, boxes)
    return boxes


def give(giver: Box, taker: Box, boxes: list[Box], of: Box | None = None) -> Admission:
    """Hand on what a terminal holds of a log, its own one unless another is named."""
    author = of or giver
    batch = giver.journal.range((author.name, 1), 1, 1000, 1 << 24)
    trust = {box.name: box.card for box in boxes}
    return taker.journal.admit(batch, restaurant="r1", trust=trust)


def settle(live: list[Box], everybody: list[Box]) -> None:
    """Let who lives hand on everything, and attest, until nothing is new."""
    for _ in range(4):
        for giver, taker in itertools.permutations(live, 2):
            for author in everybody:
                give(giver, taker, everybody, author)
        for box in live:
            attest_retired(box.desk)


def of(box: Box, name: str) -> Terminal:
    found: Terminal = box.journal.state(f"terminal:{name}")
    return found


def retire(box: Box, name: str, by: Actor = BOSS) -> None:
    box.desk.run(RetireTerminal(f"r-{box.name}-{name}", name, "stolen"), by)


def in_two_halves(four: list[Box]) -> None:
    """Let t1 and t2 retire each other while t3 hears t1 only, and t4 hears t2 only."""
    one, two, three, four_ = four
    retire(one, "t2")
    retire(two, "t1", OTHER_BOSS)
    give(one, three, four)
    give(two, four_, four)
    settle([three, four_], four)


def test_two_that_retire_each_other_are_both_suspended_whoever_heard_what_first(
    four: list[Box],
) -> None:
    in_two_halves(four)
    for box in four[2:]:
        assert [(of(box, n).retired, of(box, n).suspended) for n in ("t1", "t2")] == [
            (True, True),
            (True, True),
        ], box.name


def test_control_one_that_is_only_retired_is_not_suspended(four: list[Box]) -> None:
    retire(four[0], "t2")
    settle(four, four)
    assert {(of(box, "t2").retired, of(box, "t2").suspended) for box in four} == {(True, False)}


def test_a_thief_who_hits_back_suspends_nobody(four: list[Box]) -> None:
    one, thief, three, _ = four
    retire(one, "t2")
    settle([one, *four[2:]], four)
    retire(thief, "t1", OTHER_BOSS)
    give(thief, three, four)
    assert not of(three, "t1").retired
    assert not of(three, "t2").suspended


def test_a_third_terminal_decides_and_what_was_sold_meanwhile_counts(four: list[Box]) -> None:
    one, two, three, four_ = four
    in_two_halves(four)
    one.desk.run(OpenCheck("k1", "kept"), BOSS)
    two.desk.run(OpenCheck("k2", "lost"), BOSS)
    for taker in (three, four_):
        give(one, taker, four)
        give(two, taker, four)
    assert not three.journal.state("check:kept").number
    three.desk.run(DecideTerminals("d", "t1", "t2"), BOSS)
    settle([one, three, four_], four)
    for box in (three, four_):
        assert not of(box, "t1").retired
        assert (of(box, "t2").retired, of(box, "t2").suspended) == (True, False)
        assert box.journal.state("check:kept").number
        assert not box.journal.state("check:lost").number
    assert {row[0] for row in three.journal.quarantined()} == {"t2"}


def test_a_third_that_retires_one_of_them_has_decided(four: list[Box]) -> None:
    in_two_halves(four)
    three = four[2]
    retire(three, "t2")
    assert (of(three, "t2").retired, of(three, "t2").suspended) == (True, False)


def test_nobody_decides_about_the_terminal_they_stand_at_or_about_others(four: list[Box]) -> None:
    in_two_halves(four)
    one, _, three, _ = four
    settle(four, four)
    with pytest.raises(NotAllowed):
        one.desk.run(DecideTerminals("d", "t1", "t2"), BOSS)
    with pytest.raises(NotSuspended):
        three.desk.run(DecideTerminals("d", "t1", "t4"), BOSS)


def test_one_manager_does_not_put_out_more_than_half(four: list[Box]) -> None:
    one = four[0]
    retire(one, "t2")
    retire(one, "t3")
    with pytest.raises(TooManyRetired):
        retire(one, "t4")
    one.desk.run(RetireTerminal("second", "t4", "stolen"), OTHER_BOSS)


def test_beyond_half_the_passphrase_of_the_house_will_do_and_nothing_else(
    four: list[Box],
) -> None:
    one = four[0]
    one.desk.run(SetPassphrase("p", PASSPHRASE), BOSS)
    retire(one, "t2")
    retire(one, "t3")
    with pytest.raises(TooManyRetired):
        retire(one, "t4")
    with pytest.raises(PassphraseWrong):
        one.desk.run(RetireTerminal("guess", "t4", "stolen", PASSPHRASE[:-1] + "Z"), BOSS)
    assert not of(one, "t4").retired
    one.desk.run(RetireTerminal("right", "t4", "stolen", PASSPHRASE.lower()), BOSS)
    assert of(one, "t4").retired


def test_a_house_without_a_passphrase_has_none_that_fits(four: list[Box]) -> None:
    one = four[0]
    retire(one, "t2")
    retire(one, "t3")
    with pytest.raises(PassphraseWrong):
        one.desk.run(RetireTerminal("guess", "t4", "stolen", PASSPHRASE), BOSS)


def test_a_new_passphrase_needs_the_old_one_and_is_known_to_all(four: list[Box]) -> None:
    one, two, *_ = four
    one.desk.run(SetPassphrase("p", PASSPHRASE), BOSS)
    give(one, two, four)
    for typed in ("", "1111-1111-1111"):
        with pytest.raises(PassphraseWrong):
            two.desk.run(SetPassphrase(f"new{typed}", "2222-2222-2222", typed), OTHER_BOSS)
    two.desk.run(SetPassphrase("new", "2222-2222-2222", PASSPHRASE), OTHER_BOSS)
    give(two, one, four)
    house: Restaurant = one.journal.state("restaurant:it")
    assert [fits(house, typed) for typed in ("2222 2222 2222", PASSPHRASE)] == [True, False]


@pytest.mark.parametrize("weak", ["", "1234", "abcd-efgh-ijk", "2222-2222-222!"])
def test_what_nobody_made_here_is_no_passphrase(box: Box, weak: str) -> None:
    with pytest.raises(AmountRefused):
        box.desk.run(SetPassphrase("p", weak), BOSS)


def test_neither_the_journal_nor_the_mark_of_a_command_tells_it(box: Box) -> None:
    box.desk.run(SetPassphrase("p", PASSPHRASE), BOSS)
    kept = b"".join(one.payload for one in box.sealed())
    assert PASSPHRASE.encode() not in kept
    assert read(PASSPHRASE).encode() not in kept
    assert b"$argon2id$" in kept


def test_a_made_one_has_sixty_bits_and_reads_back(box: Box) -> None:
    made = written(bytes(range(240, 256)))
    assert len(LETTERS) ** CHARACTERS == 1 << 60
    box.desk.run(SetPassphrase("p", made), BOSS)
    assert fits(box.journal.state("restaurant:it"), f" {made.replace('1', 'l')} ")


def test_of_two_terminals_one_is_put_out(make_box: BoxMaker) -> None:
    one, two = make_box("t1"), make_box("t2")
    one.desk.run(AdmitTerminal("a", two.card), BOSS)
    retire(one, "t2")


def test_what_a_retired_terminal_wrote_too_late_is_adopted_one_by_one(four: list[Box]) -> None:
    one, thief, *_ = four
    one.desk.run(PublishMenu("m", Menu("", (), (), (), (SOUP,))), BOSS)
    one.desk.run(OpenCheck("k", "c"), BOSS)
    give(one, thief, four)
    retire(one, "t2")
    for line in ("l1", "l2"):
        thief.desk.run(AddLine(f"k{line}", "c", line, "soup"), BOSS)
    thief.desk.run(AdmitTerminal("evil", thief.card), BOSS)
    give(thief, one, four)
    first, _, rights = reading.late(one.journal, "t2")
    one.desk.run(AdoptEvent("a1", "t2", first), BOSS)
    assert [line.id for line in one.journal.state("check:c").live_lines] == ["l1"]
    for digest, why in ((first, "twice"), (rights, "gives rights"), ("00", "unknown")):
        with pytest.raises(NotAdoptable):
            one.desk.run(AdoptEvent(f"no-{why}", "t2", digest), BOSS)
