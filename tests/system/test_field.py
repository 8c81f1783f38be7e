"""A technician's playbooks on booted terminals, over the SSH that a manager's visit opens.

Their root is read-only, as the image's is; the tills, brokers and replicas are real.
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.booted_terminals import PATIENCE_S, Terminals
from tests.fakes.restaurant import until

pytestmark = [pytest.mark.system, pytest.mark.long]
PIN = ("-e", "pin=1234")


def changes(told: str) -> dict[str, int]:
    """Return how much a play changed, by terminal; none may have failed."""
    recap = told.partition("PLAY RECAP")[2]
    found = re.findall(r"^(\S+) .* changed=(\d+) +unreachable=0 +failed=0 ", recap, re.MULTILINE)
    assert len(found) == max(1, recap.count("changed=")), told[-6000:]
    return {name: int(count) for name, count in found if name != "localhost"}


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminals]:
    """A restaurant of one, which lets a technician in, and a second terminal made by them."""
    made = Terminals(tmp_path_factory.mktemp("field"), f"field-{os.getpid()}")
    try:
        made.make()
        made.flash("one")
        made.let_in("one")
        enrol(made, "two")
        dry = made.play("one", "provision", *spare(made, "two"), "--check")
        assert changes(dry.stdout)[made.ids["one"]] == 1
        assert made.taking_part("one") == [made.ids["one"]]
        done = made.play("one", "provision", *spare(made, "two"))
        assert changes(done.stdout) == {made.ids["one"]: 2, made.ids["two"]: 0}
        yield made
    finally:
        made.remove()


def enrol(terminals: Terminals, name: str) -> str:
    """Write an enrolment, flash a board with it and switch it on; returns its id."""
    written = terminals.play("one", "provision", "-e", f"called={name}")
    assert changes(written.stdout)[terminals.ids["one"]] > 0
    return terminals.flash(name, terminals.folder / f"enrolments/{name}.json")


def spare(terminals: Terminals, name: str) -> tuple[str, ...]:
    return ("-e", f"spare={terminals.address(name)}", *PIN)


def says(terminals: Terminals, why: str) -> bool:
    return why in terminals.attempt("one", "comptoir", "health", "--safe").stderr


def test_a_terminal_that_restarts_while_it_is_provisioned_takes_part_all_the_same(
    terminals: Terminals,
) -> None:
    made = enrol(terminals, "three")
    words = ("one", "provision", *spare(terminals, "three"))
    with ThreadPoolExecutor() as beside:
        first = beside.submit(terminals.play, *words)
        until(lambda: made in terminals.taking_part("one"), PATIENCE_S, "it is admitted", 0.2)
        terminals.cut("three")
        terminals.switch_on("three")
        first.result()  # it waited for the restart, or gave up
    until(lambda: terminals.lets_in("three"), PATIENCE_S, "it knows of the visit", 1.0)
    again = terminals.play(*words)
    assert f"three ({made}) holds what {terminals.ids['one']} holds" in again.stdout
    assert set(changes(terminals.play(*words).stdout).values()) == {0}
    everybody = sorted(terminals.ids.values())
    assert [terminals.taking_part(name) for name in terminals.ids] == [everybody] * 3


def test_any_terminal_is_backed_up_twice_alike_and_restored_to_no_change(
    terminals: Terminals,
) -> None:
    for asked in ("one", "two"):
        assert set(changes(terminals.play(asked, "backup", "--check").stdout).values()) == {0}
        assert changes(terminals.play(asked, "backup").stdout)[terminals.ids[asked]] > 0
        assert set(changes(terminals.play(asked, "backup").stdout).values()) == {0}
    for file in sorted((terminals.folder / "backups").iterdir()):
        done = terminals.play("one", "restore", "-e", f"backup={file}")
        assert set(changes(done.stdout).values()) == {0}


def test_all_are_diagnosed(terminals: Terminals) -> None:
    everybody = set(terminals.taking_part("one"))
    assert changes(terminals.play("two", "diagnose").stdout).keys() == everybody
    for name in everybody:
        told = (terminals.folder / f"support/{name}.txt").read_text(encoding="utf-8")
        assert "comptoir-till.service" in told


def test_where_nothing_is_offered_an_update_changes_nothing(terminals: Terminals) -> None:
    for words in ((), ("--check",)):
        assert set(changes(terminals.play("one", "update", *words).stdout).values()) == {0}


def test_a_dead_terminal_is_named_and_replaced(terminals: Terminals) -> None:
    dead, made = terminals.ids["two"], enrol(terminals, "four")
    words = (*spare(terminals, "four"), "-e", "safe_wait_s=0")
    terminals.cut("two")
    until(lambda: says(terminals, f"does not hear two ({dead})"), PATIENCE_S, "it is missed", 1.0)
    for playbook in ("provision", "update", "backup"):
        refused = terminals.play("one", playbook, *words)
        assert f"does not hear two ({dead}). Mend that, or retire it, first." in refused.stdout
        assert refused.returncode != 0
    words = ("-e", f"terminal={dead}", *spare(terminals, "four"))
    changes(terminals.play("one", "replace", *words, "--check").stdout)
    assert dead in terminals.taking_part("one")
    done = terminals.play("one", "replace", *words)
    assert f"four ({made}) holds what {terminals.ids['one']} holds" in done.stdout
    assert set(changes(terminals.play("one", "replace", *words).stdout).values()) == {0}
    assert terminals.taking_part("four") == terminals.taking_part("one")
    assert dead not in terminals.taking_part("one")
