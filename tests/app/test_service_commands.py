"""What a technician types on a terminal: how it is, who takes part, a backup, a visit."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comptoir.cli import main
from comptoir.commands import AdmitTerminal
from comptoir.commands.visits import GrantVisit
from comptoir.domain.records import dump
from comptoir.domain.visit import code_of
from comptoir.enrolment import read_enrolment
from tests.app.domain.test_visit import KEY
from tests.fakes.box import BOSS, Box
from tests.fakes.till import HostTill

Run = Callable[..., Result]
MANAGER = ("--pin", "1234")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[HostTill]:
    till = HostTill(tmp_path / "till", sample="shop", safe_wait_ms=0)
    yield till
    till.stop()


@pytest.fixture
def run(till: HostTill, tmp_path: Path) -> Run:
    """Return what runs a command on the till's machine."""
    peers_file = str(tmp_path / "peers.json")
    settings = till.write_settings(tmp_path / "comptoir.toml", peers_file=peers_file)

    def go(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(main, ["--settings", str(settings), *words], input=given)

    return go


def admit(till: HostTill, box: Box) -> None:
    till.desk.run(AdmitTerminal(f"a-{box.name}", replace(box.card, name="Bar 2")), BOSS)


def held(till: HostTill) -> dict[str, int]:
    return {f"{log[0]}/{log[1]}": head.seq for log, head in till.journal.vector().items()}


def test_a_till_that_sells_is_well(run: Run, till: HostTill) -> None:
    till.tell(held(till))
    done = run("health")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["terminal"] == "t1"
    assert run("health", "--safe").exit_code == 0


def test_who_is_not_heard_is_named_before_a_terminal_is_taken_away(
    run: Run, till: HostTill, make_box: Callable[..., Box]
) -> None:
    admit(till, make_box("t2"))
    till.tell(held(till))
    done = run("health", "--safe")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: t1 does not hear Bar 2 (t2). Mend that, or retire it, first.\n"
    till.tell(held(till), peers=("t2",))
    assert run("health", "--safe").exit_code == 0


def test_what_nobody_else_has_is_counted(
    run: Run, till: HostTill, make_box: Callable[..., Box]
) -> None:
    done = run("health", "--safe")
    assert "comptoir-replica does not run" in done.stderr
    admit(till, make_box("t2"))
    till.tell({"t1/1": till.journal.position() - 3}, peers=("t2",))
    assert "3 events are on t1 alone" in run("health", "--safe").stderr
    assert run("health").exit_code == 0, "it sells all the same"


def test_where_nobody_else_is_nobody_is_waited_for_but_a_cloud(run: Run, till: HostTill) -> None:
    till.tell({})
    assert run("health", "--safe").exit_code == 0, "or it would never get a second terminal"
    till.tell({}, cloud={"t1/1": till.journal.position() - 3})
    assert "3 events are on t1 alone" in run("health", "--safe").stderr


def test_a_till_that_is_away_is_said_in_one_line(run: Run, till: HostTill) -> None:
    till.cut()
    done = run("health", "--wait", "1")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "does not answer" in done.stderr


def test_terminals_are_listed_with_the_hosts_that_are_known(
    run: Run, till: HostTill, make_box: Callable[..., Box], tmp_path: Path
) -> None:
    admit(till, make_box("t2"))
    (tmp_path / "peers.json").write_text('{"t2": "192.0.2.7:8883"}')
    mine, other = json.loads(run("terminals", "list").output)
    assert (mine["id"], mine["here"], mine["host"]) == ("t1", True, "")
    assert (other["id"], other["name"], other["host"]) == ("t2", "Bar 2", "192.0.2.7")


def test_one_without_an_address_is_listed_by_its_name(
    run: Run, till: HostTill, make_box: Callable[..., Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(till, make_box("t2"))
    monkeypatch.setenv("COMPTOIR_PEER_NAME", "comptoir-{id}.local")
    assert json.loads(run("terminals", "list").output)[1]["host"] == "comptoir-t2.local"


def test_a_terminal_is_admitted_and_retired_by_a_managers_pin(
    run: Run, make_box: Callable[..., Box]
) -> None:
    card = json.dumps(dump(make_box("t2").card))
    assert (
        "does not know this PIN"
        in run("terminals", "admit", "-", "--pin", "9999", given=card).stderr
    )
    both = run("terminals", "admit", "-", "--pin", "-", given=f"1234\n{card}")
    assert both.output == "admitted t2\n"
    assert run("terminals", "admit", "-", *MANAGER, given=card).output == "admitted t2\n"
    assert "is no card" in run("terminals", "admit", "-", *MANAGER, given="{}").stderr
    done = run("terminals", "retire", "t2", "--reason", "broken", *MANAGER)
    assert done.output == "retired t2\n"
    assert [one["retired"] for one in json.loads(run("terminals", "list").output)] == [False, True]


def test_a_visit_is_granted_shown_and_ended(run: Run) -> None:
    assert run("visit", "show").output == "nobody has access\n"
    done = run("visit", "grant", "-", "--technician", "Anna", *MANAGER, given=KEY)
    assert done.output == "Anna has access to all terminals for 60 minutes\n"
    assert "60 minutes more" in run("visit", "show").output
    assert run("visit", "end", *MANAGER).exit_code == 0
    assert run("visit", "show").output == "nobody has access\n"


def test_a_program_gives_the_pin_as_a_line_of_input(run: Run) -> None:
    assert run("visit", "end", "--pin", "-", given="1234\n").exit_code == 0
    assert "does not know this PIN" in run("visit", "end", "--pin", "-", given="9999\n").output


def test_a_technician_asks_from_a_computer_and_is_let_in(
    run: Run, till: HostTill, tmp_path: Path
) -> None:
    file = tmp_path / "key.pub"
    file.write_text(f"{KEY} anna@laptop\n", encoding="ascii")
    assert till.server is not None
    port = str(till.server.port)
    asking = ("visit", "ask", "127.0.0.1", str(file), "--technician", "Anna", "--port", port)
    waits = run(*asking)
    assert waits.exit_code != 0
    assert f"the manager must see {code_of(KEY)}" in waits.output
    assert "Nobody has let you in yet at 127.0.0.1" in waits.output
    till.desk.run(GrantVisit("g", "Anna", KEY), BOSS)
    assert run(*asking).output.endswith("every terminal of the restaurant is open to you\n")


def test_a_backup_comes_back_only_where_no_till_runs(
    run: Run, till: HostTill, tmp_path: Path
) -> None:
    file = str(tmp_path / "backup.gz")
    count = till.journal.position()
    assert run("journal", "backup", file).output == f"{count} events in {file}\n"
    assert run("journal", "restore", file).output == f"0 of {count} events came in\n"
    till.settings.journal_file.unlink()
    for rest in till.settings.data_dir.glob("journal.db-*"):
        rest.unlink()
    done = run("journal", "restore", file, "--check")
    assert done.output == f"{count} of {count} events would come in\n"
    assert "Stop it" in run("journal", "restore", file).stderr
    till.cut()
    assert run("journal", "restore", file).output == f"{count} of {count} events came in\n"


def test_another_terminal_is_enrolled_with_a_letter_of_its_own(
    run: Run, till: HostTill, make_box: Callable[..., Box], tmp_path: Path
) -> None:
    card = replace(make_box("t2").card, letter="C", lan_cert="a certificate")
    till.desk.run(AdmitTerminal("a", card), BOSS)
    (tmp_path / "peers.json").write_text('{"t2": "192.0.2.7:8883", "t9": "192.0.2.9:8883"}')
    made = run("terminals", "enrol", "Terrace", "--host", "192.0.2.1")
    file = tmp_path / "terrace.json"
    file.write_text(made.output)
    found = read_enrolment(file)
    assert found.restaurant.id == till.identity.restaurant.id
    assert (found.restaurant.currency, found.restaurant.timezone) == ("EUR", "Europe/Paris")
    assert (found.terminal.name, found.terminal.letter) == ("Terrace", "B")
    assert [one.terminal for one in found.trust] == ["t1", "t2"]
    assert found.peers == {"t1": "192.0.2.1:8883", "t2": "192.0.2.7:8883"}
    assert "PRIVATE" not in made.output
    assert "Letter C is another terminal's" in run("terminals", "enrol", "X", "--letter=C").stderr


def test_who_holds_the_same_says_the_same_digest(run: Run, till: HostTill, tmp_path: Path) -> None:
    before = run("journal", "digest").output
    heads = {f"{log[0]}/{log[1]}": f"{h.seq} {h.hash}" for log, h in till.journal.vector().items()}
    assert json.loads(before) == {"digest": till.journal.digest(), "logs": heads}
    backup = str(tmp_path / "backup")
    run("journal", "backup", backup)
    till.cut()
    for part in till.settings.data_dir.glob("journal.db*"):
        part.unlink()
    run("journal", "restore", backup)
    assert run("journal", "digest").output == before
