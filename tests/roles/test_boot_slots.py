"""Two systems, one that boots: whatever instant the power goes at, and whatever RAUC asks for."""

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from imagebuilder import firmware
from imagebuilder.bootpartition import BootFolder
from tests.roles.terminal import PowerGone, Terminal

A, B = "slot-a", "slot-b"
INSTANTS = 12


@pytest.fixture
def slots(boot_slots: ModuleType, terminal: Terminal) -> Any:
    return boot_slots.Slots(boot_slots.Places(terminal.root), terminal.run)


@pytest.fixture
def plug(
    boot_slots: ModuleType, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], None]:
    """Let the power go before the n-th write or command from now on."""
    pwrite, write = os.pwrite, boot_slots.write

    def through(do: Callable[..., object]) -> Callable[..., object]:
        def done(*arguments: object) -> object:
            terminal.effect()
            return do(*arguments)

        return done

    def pull_after(effects: int) -> None:
        terminal.effects_left = effects
        monkeypatch.setattr(os, "pwrite", through(pwrite))
        monkeypatch.setattr(boot_slots, "write", through(write))

    return pull_after


def boots(terminal: Terminal, *, on_trial: bool = False) -> str:
    """Return the slot from which both modules would start, by the model of their firmware."""
    folder = BootFolder(terminal.boot)
    models = firmware.MODELS.values()
    chosen = {firmware.choose(folder, model, tryboot=on_trial).prefix for model in models}
    assert len(chosen) == 1, chosen
    return chosen.pop().rstrip("/")


def test_a_slot_set_primary_is_tried_at_the_next_restart_and_only_then(
    slots: Any, terminal: Terminal
) -> None:
    slots.set_primary(B)
    assert (slots.primary(), slots.committed()) == (B, A)
    assert terminal.request.read_text() == "0 tryboot"
    assert (boots(terminal, on_trial=True), boots(terminal)) == (B, A)


def test_set_good_on_trial_it_boots_from_then_on_and_the_other_becomes_the_one_to_try(
    slots: Any, terminal: Terminal
) -> None:
    slots.set_bad(B)
    slots.set_primary(B)
    terminal.starts(B, on_trial=True)
    assert slots.on_trial()
    assert not slots.is_good(B)
    slots.set_good(B)
    assert (boots(terminal), boots(terminal, on_trial=True)) == (B, A)
    assert slots.is_good(B)
    assert not slots.on_trial()
    assert slots.remembered() == {"trial": None, "bad": []}


def test_an_update_and_the_next_one_end_where_they_began(slots: Any, terminal: Terminal) -> None:
    before = {name: (terminal.boot / name).read_bytes() for name in ("config.txt", "tryboot.txt")}
    for slot in (B, A):
        slots.set_primary(slot)
        terminal.starts(slot, on_trial=True)
        slots.set_good(slot)
    assert {name: (terminal.boot / name).read_bytes() for name in before} == before


def test_a_restart_without_being_set_good_is_into_the_slot_before(
    slots: Any, terminal: Terminal
) -> None:
    slots.set_primary(B)
    terminal.starts(B, on_trial=True)
    terminal.starts(boots(terminal), on_trial=False)
    assert (slots.current(), slots.primary()) == (A, A)
    assert slots.remembered()["trial"] == B  # whoever looks sees that it was tried


def test_only_the_running_slot_and_only_on_trial_can_be_set_good(
    slots: Any, terminal: Terminal, boot_slots: ModuleType
) -> None:
    with pytest.raises(boot_slots.RefusedError, match="does not run"):
        slots.set_good(B)
    terminal.starts(B, on_trial=False)
    with pytest.raises(boot_slots.RefusedError, match="not booted on trial"):
        slots.set_good(B)
    assert boots(terminal) == A


def test_to_set_the_committed_slot_primary_takes_the_trial_back(
    slots: Any, terminal: Terminal
) -> None:
    slots.set_primary(B)
    slots.set_primary(A)
    assert not terminal.request.exists()
    assert slots.primary() == A


def test_a_slot_without_boot_files_is_never_tried(
    slots: Any, terminal: Terminal, boot_slots: ModuleType
) -> None:
    (terminal.boot / B / "vmlinuz").unlink()
    with pytest.raises(boot_slots.RefusedError, match="cannot boot: no vmlinuz"):
        slots.set_primary(B)
    assert not terminal.request.exists()
    assert not slots.is_good(B)


def test_a_slot_set_bad_is_no_longer_tried(slots: Any, terminal: Terminal) -> None:
    slots.set_primary(B)
    slots.set_bad(B)
    assert (slots.primary(), slots.is_good(B), slots.is_good(A)) == (A, False, True)
    assert not terminal.request.exists()


def test_a_file_is_changed_in_its_place_and_stays_one_sector(
    slots: Any, terminal: Terminal
) -> None:
    places = {name: (terminal.boot / name).stat().st_ino for name in ("config.txt", "tryboot.txt")}
    slots.set_primary(B)
    terminal.starts(B, on_trial=True)
    slots.set_good(B)
    for name, inode in places.items():
        assert (terminal.boot / name).stat().st_ino == inode
        assert (terminal.boot / name).stat().st_size == 512
    names = {path.name for path in terminal.boot.glob("*.txt")}
    assert names == {"config.txt", "tryboot.txt"}


def test_a_file_that_is_not_one_sector_is_left_alone(
    slots: Any, terminal: Terminal, boot_slots: ModuleType
) -> None:
    longer = (terminal.boot / "tryboot.txt").read_bytes() + b"\n"
    (terminal.boot / "tryboot.txt").write_bytes(longer.replace(b"slot-b", b"slot-a"))
    before = (terminal.boot / "tryboot.txt").read_bytes()
    with pytest.raises(boot_slots.RefusedError, match="not one sector"):
        slots.set_primary(B)
    assert (terminal.boot / "tryboot.txt").read_bytes() == before


def test_the_boot_partition_is_writable_only_while_it_is_written(
    slots: Any, terminal: Terminal
) -> None:
    slots.set_primary(B)
    assert [line.split()[3] for line in terminal.ran] == ["remount,rw", "remount,ro"]


@pytest.mark.parametrize("effects", range(INSTANTS))
def test_power_gone_at_any_instant_of_setting_good_boots_one_of_the_two_and_can_be_done_again(
    slots: Any, terminal: Terminal, plug: Callable[[int], None], effects: int
) -> None:
    slots.set_primary(B)
    terminal.starts(B, on_trial=True)
    plug(effects)
    try:
        slots.set_good(B)
    except PowerGone:
        assert effects < INSTANTS - 1, "an instant more may matter"
    terminal.effects_left = 1000
    after = boots(terminal)
    terminal.starts(after, on_trial=False)
    if after == A:  # not committed: tried again
        slots.set_primary(B)
        terminal.starts(B, on_trial=True)
    slots.set_good(B)
    assert (boots(terminal), boots(terminal, on_trial=True)) == (B, A)


@pytest.mark.parametrize("effects", range(INSTANTS))
def test_power_gone_at_any_instant_of_setting_primary_boots_the_old_slot(
    slots: Any, terminal: Terminal, plug: Callable[[int], None], effects: int
) -> None:
    plug(effects)
    try:
        slots.set_primary(B)
    except PowerGone:
        assert effects < INSTANTS - 1, "an instant more may matter"
    assert boots(terminal) == A


@pytest.mark.parametrize("content", ["", "{", "[]", '{"trial": 1}'])
def test_what_is_remembered_may_be_lost_without_harm(
    slots: Any, terminal: Terminal, content: str
) -> None:
    state = Path(terminal.root / "keys/update/slots.json")
    state.parent.mkdir()
    state.write_text(content)
    assert slots.remembered() == {"trial": None, "bad": []}
    slots.set_primary(B)
    assert slots.primary() == B


def test_it_answers_what_rauc_asks(boot_slots: ModuleType, slots: Any) -> None:
    def ask(*words: str) -> str:
        return str(boot_slots.answer(slots, words))

    assert (ask("get-primary"), ask("get-current")) == (A, A)
    assert ask("set-state", B, "bad") == ask("set-primary", B) == ""
    assert (ask("get-state", A), ask("get-state", B), ask("get-primary")) == ("good", "bad", B)
    for wrong in (("get-state", "slot-c"), ("set-state", B, "fine"), ()):
        with pytest.raises(boot_slots.RefusedError):
            ask(*wrong)
