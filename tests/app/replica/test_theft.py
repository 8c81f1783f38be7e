"""Who is out is out: certificate, session, signatures; but nothing SAFE of it is thrown away."""

import dataclasses
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.bus import ReplyTo, topics, wire
from comptoir.domain.envelope import Sealed
from comptoir.journal import Signer
from tests.app.replica.conftest import Staff
from tests.fakes.restaurant import Terminal, until
from tests.fakes.thief import Thief, papers_issued_by

SETTLE_S, FLOOD = 0.8, 5000
MakeThief = Callable[[Terminal, Path, str], Thief]


@pytest.fixture
def thief_at() -> Iterator[MakeThief]:
    made: list[Thief] = []

    def make(victim: Terminal, papers: Path, name: str) -> Thief:
        made.append(Thief(victim, papers, name))
        return made[-1]

    yield make
    for thief in made:
        thief.stop()


def own(terminal: Terminal, first: int = 1) -> list[Sealed]:
    return terminal.journal.range((terminal.name, 1), first, 1000, 1 << 20)


def stays(terminal: Terminal, name: str, seq: int) -> bool:
    time.sleep(SETTLE_S)
    return terminal.seq(name) == seq


def test_a_stranger_gets_no_connection(
    terminals: Staff, tmp_path: Path, thief_at: MakeThief
) -> None:
    (one,) = terminals(1)
    stranger = Terminal(tmp_path / "stranger", "t2", "B")
    assert not thief_at(one, stranger.folder / "identity", "t2").connects(2.0)
    stranger.journal.close()


def test_a_listed_terminal_cannot_issue_papers_for_another(
    terminals: Staff, tmp_path: Path, thief_at: MakeThief
) -> None:
    one, two, _ = terminals(3)
    papers = papers_issued_by(two, "t3", tmp_path / "papers")
    assert not thief_at(one, papers, "t3").connects(2.0)
    assert thief_at(one, two.folder / "identity", "t2").connects(), "the control must connect"


def test_a_terminal_cannot_speak_in_anothers_name(terminals: Staff, thief_at: MakeThief) -> None:
    one, two, three = terminals(3)
    three.stop_replica()
    three.sell(3)
    two.stop_replica()
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    thief.push(own(three), under="t3")
    assert stays(one, "t3", 0)
    thief.push(own(three))
    until(lambda: one.seq("t3") == 3, what="relaying in the own name")


def test_a_forged_gapped_or_changed_event_is_refused(terminals: Staff, thief_at: MakeThief) -> None:
    one, two = terminals(2)
    two.stop_replica()
    two.sell(4)
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    other = Signer.generate()
    right = own(two)
    changed = json.dumps(json.loads(right[0].payload) | {"actor": "thief"}).encode()
    thief.push([Sealed(right[0].payload, other.sign(right[0].digest))])
    thief.push([dataclasses.replace(right[0], payload=changed)])
    thief.push(right[2:])
    thief.push([Sealed(b"nonsense", b"")])
    assert stays(one, "t2", 0)
    thief.push(right)
    until(lambda: one.seq("t2") == 4, what="the right ones")


def test_bytes_that_are_no_message_harm_nobody(terminals: Staff, thief_at: MakeThief) -> None:
    one, two = terminals(2)
    two.stop_replica()
    two.sell(2)
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    for topic in (topics.EV, topics.VEC, topics.HB, topics.PULL):
        for nonsense in (b"", b"\xc1", b"{}", b"\x81" * 5000, bytes(range(256))):
            thief.link.publish(topic.at("r1", "t2"), nonsense)
    thief.push(own(two))
    until(lambda: one.seq("t2") == 2, what="the replica lives on")


def test_a_flood_stops_nobody_else(terminals: Staff, thief_at: MakeThief) -> None:
    one, two, three = terminals(3)
    two.stop_replica()
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    sent = 0
    while sent < FLOOD:
        sent += thief.link.publish(topics.EV.at("r1", "t2"), b"nonsense")
    three.sell(3)
    until(lambda: one.seq("t3") == 3, what="who does not flood")
    thief.stop()
    two.sell(2)
    two.start(broker=False)
    until(lambda: one.seq("t2") == 2, what="who flooded, when it is calm again")


def test_an_answer_goes_only_where_answers_belong(terminals: Staff, thief_at: MakeThief) -> None:
    one, two = terminals(2)
    two.stop_replica()
    one.sell(2)
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    pull = wire.pack(wire.Pull("t1", 1, 1))
    before = one.safety()

    thief.link.publish(topics.PULL.at("r1", "t2"), pull, reply=ReplyTo("local/safety"))
    time.sleep(SETTLE_S)
    assert one.safety().own == before.own


def test_a_retired_terminal_is_refused_and_its_safe_events_are_kept(
    terminals: Staff, thief_at: MakeThief
) -> None:
    one, two, three = terminals(3)
    two.sell(6)
    until(lambda: one.seq("t2") == 6 == three.seq("t2"))
    three.stop_replica()
    two.sell(3)
    until(lambda: one.seq("t2") == 9, what="SAFE on t1 and t2")
    two.stop_replica()
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    begin = time.monotonic()
    one.retire("t2")
    until(lambda: not thief.link.connected, 5, "its session ended")
    sys.stdout.write(f"retired: its session ended after {time.monotonic() - begin:.2f} s\n")
    assert not thief_at(one, two.folder / "identity", "t2").connects(2.0), "its certificate is out"

    three.start(broker=False)
    until(lambda: three.seq("t2") == 9, what="what was SAFE comes to t3, though t2 is retired")
    two.sell(4)
    late = one.journal.admit(own(two, 10), restaurant="r1", trust=one.trust)
    assert {problem.reason for problem in late.problems} == {"retired"}
    assert (one.seq("t2"), three.seq("t2")) == (9, 9)


def test_a_retired_terminals_copies_make_nothing_safe(terminals: Staff) -> None:
    one, two = terminals(2)
    one.sell(3)
    until(lambda: one.safety().own == {"1": 3})
    one.retire("t2")
    until(lambda: one.safety().own == {}, what="nothing is SAFE with one terminal left")
    until(lambda: one.safety().peers == [])
    assert two.seq("t1") >= 3


def test_poison_well_signed_by_an_admitted_terminal_harms_nobody(
    terminals: Staff, thief_at: MakeThief
) -> None:
    one, two = terminals(2)
    two.stop_replica()
    two.sell(2)
    signer = Signer.load(two.folder / "identity/signing.key")
    right = json.loads(own(two)[0].payload)
    thief = thief_at(one, two.folder / "identity", "t2")
    assert thief.connects()
    for change in (
        {"epoch": 1 << 70},
        {"seq": 1 << 70},
        {"hlc": 1 << 70},
        {"epoch": 2, "terminal": "\ud800"},
        {"epoch": 3, "kind": "a\0b"},
        {"epoch": 4, "kind": "check.opened", "v": 99, "body": {"check": "\udfff"}},
        {"epoch": 5, "kind": "terminal.admitted", "body": {"card": 7}},
    ):
        payload = json.dumps(right | change).encode()
        unsigned = Sealed(payload, b"")
        thief.push([Sealed(payload, signer.sign(unsigned.digest))])
    thief.push(own(two))
    until(lambda: one.seq("t2") == 2, what="the replica lives on")
