import base64
from dataclasses import replace

import pytest

from comptoir.commands import AdmitTerminal, Desk, RetireTerminal, SetStaff
from comptoir.domain.house import Card, Terminal
from comptoir.journal import Signer, projections
from comptoir.web import sessions
from comptoir.web.sessions import Session, SignInNeeded, believe, issue
from tests.fakes.box import BOSS, NOON_MS, Box

LATER = NOON_MS + 1000


@pytest.fixture
def desk(box: Box) -> Desk:
    box.desk.run(SetStaff("command-1", "ann", "Ann", "waiter", "4321"), BOSS)
    return box.desk


def token(box: Box, staff: str = "ann", expires: int = LATER) -> str:
    return issue(Session("t1", staff, expires), box.signer)


def test_a_session_is_believed_by_whoever_knows_the_terminal(box: Box, desk: Desk) -> None:
    session, staff = believe(token(box), desk.log.journal, {"t1": box.card}, NOON_MS)
    assert (session.terminal, staff.name) == ("t1", "Ann")


def test_it_ends(box: Box, desk: Desk) -> None:
    with pytest.raises(SignInNeeded, match="has ended"):
        believe(token(box), desk.log.journal, {"t1": box.card}, LATER)


def test_an_unknown_terminals_session_is_not_believed(box: Box, desk: Desk) -> None:
    with pytest.raises(SignInNeeded):
        believe(token(box), desk.log.journal, {}, NOON_MS)


def test_a_changed_payload_is_not_believed(box: Box, desk: Desk) -> None:
    prefix, _, signature = token(box).split(".")
    forged = base64.urlsafe_b64encode(b'{"terminal":"t1","staff":"boss","expires":99999999999999}')
    with pytest.raises(SignInNeeded):
        believe(
            f"{prefix}.{forged.decode().rstrip('=')}.{signature}",
            desk.log.journal,
            {"t1": box.card},
            NOON_MS,
        )


def test_another_keys_signature_is_not_believed(box: Box, desk: Desk) -> None:
    stranger = issue(Session("t1", "ann", LATER), Signer.generate())
    with pytest.raises(SignInNeeded):
        believe(stranger, desk.log.journal, {"t1": box.card}, NOON_MS)


@pytest.mark.parametrize("text", ["", "cs1", "cs1..", "cs1.é.é", "cs2." + "a" * 40, "x" * 5000])
def test_what_is_no_token_is_not_believed(box: Box, desk: Desk, text: str) -> None:
    with pytest.raises(SignInNeeded):
        believe(text, desk.log.journal, {"t1": box.card}, NOON_MS)


def test_retiring_a_terminal_ends_its_sessions(desk: Desk) -> None:
    thief = Signer.generate()
    card = Card("t2", "B", "Terrace", thief.public, "")
    desk.run(AdmitTerminal("command-2", card), BOSS)
    stolen = issue(Session("t2", "ann", LATER), thief)
    assert believe(stolen, desk.log.journal, {}, NOON_MS)[1].id == "ann"
    desk.run(RetireTerminal("command-3", "t2", "stolen"), BOSS)
    with pytest.raises(SignInNeeded, match="retired"):
        believe(stolen, desk.log.journal, {"t2": card}, NOON_MS)


def test_a_suspended_terminals_sessions_go_on_until_it_is_decided_about(
    box: Box, desk: Desk
) -> None:
    mine = token(box)
    retired = Terminal("t1", box.card, retired=True)
    for state, believed in ((retired, False), (replace(retired, suspended=True), True)):
        with box.journal.transaction() as db:
            projections.store(db, "terminal:t1", state)
        if believed:
            assert believe(mine, desk.log.journal, {}, NOON_MS)[1].id == "ann"
        else:
            with pytest.raises(SignInNeeded, match="retired"):
                believe(mine, desk.log.journal, {}, NOON_MS)


def test_somebody_who_left_has_no_session(box: Box, desk: Desk) -> None:
    desk.run(SetStaff("command-2", "ann", "Ann", "waiter", active=False), BOSS)
    with pytest.raises(SignInNeeded):
        believe(token(box), desk.log.journal, {"t1": box.card}, NOON_MS)


def test_a_signature_over_an_event_is_none_over_a_session(box: Box, desk: Desk) -> None:
    """The terminal signs events too; what it signed there opens no session."""
    sealed = box.sealed()[0]
    text = base64.urlsafe_b64encode(sealed.payload).decode().rstrip("=")
    mark = base64.urlsafe_b64encode(sealed.signature).decode().rstrip("=")
    with pytest.raises(SignInNeeded):
        believe(f"{sessions.PREFIX}.{text}.{mark}", desk.log.journal, {"t1": box.card}, NOON_MS)
