"""Copies counted: nothing is SAFE on a claim alone."""

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.envelope import Head, LogId, Vector
from comptoir.replica.copies import CLOUD, Copies

LOG: LogId = ("t1", 1)
OTHER: LogId = ("t2", 1)


def digest(log: LogId, seq: int) -> str:
    return f"{log[0]}-{log[1]}-{seq}"


def head(seq: int, log: LogId = LOG) -> Head:
    return Head(seq, digest(log, seq))


def counted(own: Vector, claims: dict[str, Vector], copies: int = 2) -> dict[LogId, int]:
    found = Copies()
    for holder, heads in claims.items():
        found.claim(holder, heads, whole=True)
    found.settle(own, digest)
    return found.safe(own, [name for name in claims if name != CLOUD], copies)


def test_a_lone_terminal_has_nothing_safe() -> None:
    assert counted({LOG: head(9)}, {}) == {}


def test_what_a_peer_has_shown_by_hash_is_safe() -> None:
    assert counted({LOG: head(9)}, {"t2": {LOG: head(7)}}) == {LOG: 7}


def test_a_claim_with_another_hash_is_not_counted() -> None:
    assert counted({LOG: head(9)}, {"t2": {LOG: Head(7, "branch")}}) == {}


def test_a_claim_beyond_the_own_journal_waits_until_it_can_be_compared() -> None:
    copies = Copies()
    copies.claim("t2", {LOG: head(9)}, whole=True)
    copies.settle({LOG: head(5)}, digest)
    assert copies.safe({LOG: head(5)}, ["t2"], 2) == {}
    copies.settle({LOG: head(9)}, digest)
    assert copies.safe({LOG: head(9)}, ["t2"], 2) == {LOG: 9}


def test_what_was_proven_stays_while_the_peer_runs_ahead() -> None:
    copies = Copies()
    for seq, own in ((5, 5), (9, 6)):
        copies.claim("t2", {LOG: head(seq)}, whole=True)
        copies.settle({LOG: head(own)}, digest)
    assert copies.safe({LOG: head(6)}, ["t2"], 2) == {LOG: 5}


def test_a_peer_that_lost_its_disk_counts_no_more() -> None:
    copies = Copies()
    own = {LOG: head(9)}
    for claim in ({LOG: head(9)}, {OTHER: head(1, OTHER)}):
        copies.claim("t2", claim, whole=True)
        copies.settle(own, digest)
    assert copies.safe(own, ["t2"], 2) == {}


def test_a_part_of_a_vector_leaves_the_other_logs_alone() -> None:
    copies = Copies()
    own = {LOG: head(9), OTHER: head(4, OTHER)}
    copies.claim("t2", own, whole=True)
    copies.claim("t2", {LOG: head(9)}, whole=False)
    copies.settle(own, digest)
    assert copies.safe(own, ["t2"], 2) == {LOG: 9, OTHER: 4}


def test_three_copies_ask_for_two_peers() -> None:
    claims: dict[str, Vector] = {"t2": {LOG: head(8)}, "t3": {LOG: head(6)}}
    assert counted({LOG: head(9)}, claims, copies=3) == {LOG: 6}


def test_the_cloud_alone_makes_safe() -> None:
    assert counted({LOG: head(9)}, {CLOUD: {LOG: head(4)}}) == {LOG: 4}


def test_a_forgotten_holder_counts_no_more() -> None:
    copies = Copies()
    copies.claim("t2", {LOG: head(9)}, whole=True)
    copies.forget("t2")
    copies.settle({LOG: head(9)}, digest)
    assert copies.safe({LOG: head(9)}, ["t2"], 2) == {}


def test_a_divergence_names_holder_log_and_seq() -> None:
    copies = Copies()
    copies.claim("t2", {LOG: Head(7, "branch")}, whole=True)
    assert copies.settle({LOG: head(9)}, digest) == [("t2", LOG, 7)]


def test_a_claim_is_only_ever_raised_by_what_a_peer_sends() -> None:
    copies = Copies()
    copies.claim("t2", {LOG: head(9)}, whole=True)
    copies.raise_claim("t2", {LOG: head(3)})
    assert copies.claims()["t2"][LOG].seq == 9


@given(
    truths=st.lists(st.integers(0, 30), min_size=1, max_size=5),
    branched=st.sets(st.integers(0, 4)),
    own=st.integers(1, 30),
    needed=st.integers(2, 3),
)
def test_safe_is_never_more_than_so_many_really_hold(
    truths: list[int], branched: set[int], own: int, needed: int
) -> None:
    claims: dict[str, Vector] = {}
    for index, seq in enumerate(truths):
        shown = Head(seq, "branch") if index in branched else head(seq)
        claims[f"p{index}"] = {LOG: shown} if seq else {}
    safe = counted({LOG: head(own)}, claims, needed).get(LOG, 0)
    honest = [seq for index, seq in enumerate(truths) if index not in branched]
    holders = [own, *(seq for seq in honest if seq <= own)]
    assert sum(seq >= safe for seq in holders) >= needed or safe == 0
