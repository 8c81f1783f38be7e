"""A technician's playbooks for terminals that come and go: enrolled, admitted, replaced."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from comptoir.commands import AdmitTerminal, queries
from comptoir.enrolment import Enrolment, create, read_enrolment
from tests.fakes.box import BOSS, Box
from tests.fakes.till import HostTill
from tests.playbooks.conftest import AT_ONCE, Site, changes

PIN = ("-e", "pin=1234")
HERE = "127.0.0.1"
LOOK_S = 0.2


class Spare:
    """A board that was flashed with an enrolment, in the network of `till-a.test`.

    It plays both replicas: once admitted, each terminal gets what the other has.
    """

    def __init__(self, site: Site, enrolment: Enrolment) -> None:
        folder = site.folder / "spare"
        create(folder / "identity", enrolment, folder / "peers.json")
        self.site = site
        self.till = HostTill(folder, sample="", safe_wait_ms=0, opened=False)
        self.till.desk.log.open(peers_answered=False)
        self.till.write_settings(site.folder / f"{HERE}.toml")
        self.name = self.till.identity.terminal
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._exchange)
        self._thread.start()

    @property
    def words(self) -> tuple[str, ...]:
        """Return what a technician says of it."""
        assert self.till.server is not None
        port = f"till_port={self.till.server.port}"
        return ("-e", f"spare={HERE}", "-e", port, *PIN)

    def is_in(self) -> bool:
        return self.name in {one.id for one in queries.terminals(self.site.till.journal)}

    def _exchange(self) -> None:
        here, there = self.site.till, self.till
        trust = {one.identity.terminal: one.identity.card for one in (here, there)}
        while not self._over.wait(LOOK_S):
            if not self.is_in():
                self.site.hold_safe()
                continue
            for one, other in ((here, there), (there, here)):
                for log, head in one.journal.vector().items():
                    held = other.journal.head(log).seq
                    batch = one.journal.range(log, held + 1, 1000, 1 << 22)
                    if head.seq > held:
                        other.journal.admit(
                            batch, restaurant=here.identity.restaurant.id, trust=trust
                        )
            self.site.hold_safe(self.name)
            safe = {f"{log[0]}/{log[1]}": h.seq for log, h in there.journal.vector().items()}
            there.tell(safe, peers=("t1",))

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
        self.till.stop()


@pytest.fixture
def spare(site: Site) -> Iterator[Spare]:
    site.hold_safe()
    done = site.play("provision", "-e", "called='La terrasse'")
    assert done.returncode == 0, done.stdout
    made = Spare(site, read_enrolment(site.folder / "enrolments/la-terrasse.json"))
    yield made
    made.stop()


@pytest.mark.long
def test_an_enrolment_is_written_once(site: Site) -> None:
    words = ("provision", "-e", "called=Terrace")
    assert changes(site.play(*words, "--check").stdout) == 2, "the folder and the file"
    assert not (site.folder / "enrolments").exists()
    first = site.play(*words)
    assert changes(first.stdout) == 2
    assert "--enrol" in first.stdout
    assert changes(site.play(*words).stdout) == 0
    assert (site.folder / "enrolments/terrace.json").stat().st_mode & 0o777 == 0o600
    taken = site.play(*words, "-e", "letter=A")
    assert "Not enrolled: Error: Letter A is another terminal's" in taken.stdout
    assert "Say what it is to be called" in site.play("provision").stdout


def test_a_flashed_board_takes_part_and_holds_what_the_others_hold(
    site: Site, spare: Spare
) -> None:
    dry = site.play("provision", *spare.words, "--check")
    assert changes(dry.stdout) == 1
    assert not spare.is_in()
    done = site.play("provision", *spare.words)
    assert changes(done.stdout) == 2, "it is admitted, and its address is known"
    assert f"La terrasse ({spare.name}) holds what t1 holds" in done.stdout
    assert spare.till.journal.digest() == site.till.journal.digest()
    again = site.play("provision", *spare.words)
    assert (changes(again.stdout), changes(again.stdout, spare.name)) == (0, 0)


@pytest.mark.long
def test_nobody_joins_while_a_terminal_is_missed(
    site: Site, spare: Spare, make_box: Callable[..., Box]
) -> None:
    site.till.desk.run(AdmitTerminal("a", replace(make_box("t2").card, name="Bar 2")), BOSS)
    done = site.play("provision", *spare.words, *AT_ONCE)
    assert done.returncode != 0
    assert "Not now: Error: t1 does not hear Bar 2 (t2)" in done.stdout
    assert not spare.is_in()


@pytest.mark.long
def test_a_board_of_another_restaurant_is_refused(site: Site) -> None:
    site.hold_safe()
    spare = Spare(site, Enrolment())
    try:
        done = site.play("provision", *spare.words)
    finally:
        spare.stop()
    assert done.returncode != 0
    assert "is of another restaurant" in done.stdout
    assert not spare.is_in()


@pytest.mark.long
def test_where_no_till_is_nothing_is_put_out(site: Site, make_box: Callable[..., Box]) -> None:
    site.till.desk.run(AdmitTerminal("a", make_box("t2").card), BOSS)
    words = ("-e", "terminal=t2", "-e", f"spare={HERE}", "-e", "till_port=1", *PIN)
    done = site.play("replace", *words)
    assert done.returncode != 0
    assert f"There is no till at {HERE}" in done.stdout
    assert not any(one.retired for one in queries.terminals(site.till.journal))


@pytest.mark.long
def test_a_dead_terminal_is_replaced_and_a_second_run_changes_nothing(
    site: Site, spare: Spare, make_box: Callable[..., Box]
) -> None:
    site.till.desk.run(AdmitTerminal("a", make_box("t2").card), BOSS)
    words = ("-e", "terminal=t2", *spare.words)
    site.play("replace", *words, "--check")
    assert not any(one.retired for one in queries.terminals(site.till.journal))
    done = site.play("replace", *words)
    assert changes(done.stdout) == 3, "one out, one in, and where it is"
    assert [one.id for one in queries.terminals(site.till.journal) if one.retired] == ["t2"]
    assert f"({spare.name}) holds what t1 holds" in done.stdout
    again = site.play("replace", *words)
    assert (changes(again.stdout), changes(again.stdout, spare.name)) == (0, 0)
