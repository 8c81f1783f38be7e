"""A technician's playbooks: they do it once, change nothing under --check, refuse in one line."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from comptoir.bootstrap.terminal import open_journal
from comptoir.commands import AdmitTerminal, queries
from tests.fakes.box import BOSS, Box
from tests.playbooks.conftest import AT_ONCE, Site, changes

PIN = ("-e", "pin=1234")


def test_a_backup_is_fetched_once_and_nothing_stays_on_the_terminal(site: Site) -> None:
    site.hold_safe()
    assert changes(site.play("backup", "--check").stdout) == 0
    assert not (site.folder / "backups").exists()
    first = site.play("backup")
    assert first.returncode == 0, first.stdout
    (file,) = (site.folder / "backups").iterdir()
    assert f"{site.till.journal.position()} events in {file}" in first.stdout
    assert changes(site.play("backup").stdout) == 0, "the same events are the same file"
    assert list((site.folder / "backups").iterdir()) == [file]
    assert not (site.folder / "spot").exists()


def test_nothing_is_backed_up_from_a_terminal_that_is_alone(
    site: Site, make_box: Callable[..., Box]
) -> None:
    site.till.desk.run(AdmitTerminal("a", replace(make_box("t2").card, name="Bar 2")), BOSS)
    site.hold_safe()
    done = site.play("backup", *AT_ONCE)
    assert done.returncode != 0
    assert "Not now: Error: t1 does not hear Bar 2 (t2). Mend that, or retire it" in done.stdout
    assert not (site.folder / "backups").exists()


def test_a_restore_stops_the_till_only_for_what_is_new(site: Site) -> None:
    site.hold_safe()
    site.play("backup")
    (file,) = (site.folder / "backups").iterdir()
    same = site.play("restore", "-e", f"backup={file}")
    assert (changes(same.stdout), site.asked_of_systemd) == (0, []), same.stdout
    before = site.till.journal.vector()
    for part in site.till.settings.data_dir.glob("journal.db*"):
        part.unlink()
    assert site.run("comptoir", "migrate").returncode == 0
    dry = site.play("restore", "-e", f"backup={file}", "--check")
    count = sum(head.seq for head in before.values())
    assert f"{count} of {count} events would come in" in dry.stdout, dry.stdout
    assert site.asked_of_systemd == []
    done = site.play("restore", "-e", f"backup={file}")
    assert done.returncode == 0, done.stdout
    assert site.asked_of_systemd == ["stop", "start"]
    with closing(open_journal(site.till.settings)) as journal:
        assert journal.vector() == before
    assert not (site.folder / "spot").exists()


def test_what_is_no_backup_is_refused_before_the_till_is_stopped(site: Site) -> None:
    file = site.folder / "holiday.jpg"
    file.write_bytes(b"no backup")
    done = site.play("restore", "-e", f"backup={file}")
    assert done.returncode != 0
    assert "Not restored: Error: " in done.stdout
    assert "Say which backup" in site.play("restore").stdout
    assert site.asked_of_systemd == []


def test_a_terminal_is_retired_once_by_a_managers_pin(
    site: Site, make_box: Callable[..., Box]
) -> None:
    site.till.desk.run(AdmitTerminal("a", make_box("t2").card), BOSS)
    words = ("-e", "terminal=t2", "-e", "reason=stolen")
    wrong = site.play("revoke", *words, "-e", "pin=9999")
    assert "does not know this PIN" in wrong.stdout
    site.play("revoke", *words, *PIN, "--check")
    assert not any(one.retired for one in queries.terminals(site.till.journal))
    assert changes(site.play("revoke", *words, *PIN).stdout) == 1
    assert [one.id for one in queries.terminals(site.till.journal) if one.retired] == ["t2"]
    assert changes(site.play("revoke", *words, *PIN).stdout) == 0


def test_the_terminal_that_is_asked_does_not_retire_itself(site: Site) -> None:
    done = site.play("revoke", "-e", "terminal=t1", "-e", "reason=stolen", *PIN)
    assert done.returncode != 0
    assert "Say which, not the one asked" in done.stdout


def test_a_diagnosis_is_kept_here_and_holds_no_key(site: Site) -> None:
    done = site.play("diagnose")
    assert done.returncode == 0, done.stdout
    (file,) = (site.folder / "support").iterdir()
    told = file.read_text()
    assert "Comptoir" in told or "comptoir" in told
    secret = (site.till.settings.identity_dir / "signing.key").read_bytes()
    assert secret.decode("latin-1") not in told
    assert json.dumps(secret.hex()) not in told


def test_a_playbook_without_a_restaurant_fails_and_says_why(site: Site) -> None:
    site.refuse("root@x: Permission denied (publickey).")
    done = site.play("backup")
    assert done.returncode != 0
    assert "Found no restaurant" in done.stdout
    assert "Ask the manager for a visit" in " ".join(done.stderr.split())
