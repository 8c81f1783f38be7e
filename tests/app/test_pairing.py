"""A new terminal joins the restaurant that invites it, and no other; a power cut harms nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from comptoir import identity as identities
from comptoir import pairing
from comptoir.enrolment import Enrolment, create
from comptoir.identity import House, Identity, IdentityRefused, Place
from comptoir.signer import Signer


def made(folder: Path, letter: str = "A") -> Identity:
    enrolment = Enrolment(terminal=Place("", letter, "Bar"))
    return create(folder / "identity", enrolment, folder / "peers.json")


@pytest.fixture
def host(tmp_path: Path) -> Identity:
    return made(tmp_path / "host")


@pytest.fixture
def new(tmp_path: Path) -> Identity:
    return made(tmp_path / "new")


@pytest.fixture
def enrolment(host: Identity, new: Identity) -> Enrolment:
    house = House(host.restaurant.id, "Chez Anna", "EUR", "Europe/Paris")
    place = Place(new.terminal, "B", "Terrace")
    return Enrolment(house, place, (host.card,), {host.terminal: "192.0.2.1:8883"})


def signed(enrolment: Enrolment, host: Identity) -> dict[str, str]:
    return pairing.sign(enrolment, host.card, Signer.load(host.directory / "signing.key"))


def test_who_is_meant_reads_what_the_host_wrote(
    enrolment: Enrolment, host: Identity, new: Identity
) -> None:
    found = pairing.read(**signed(enrolment, host), own=new.card)
    assert found == pairing.Invitation(host.card, enrolment)


def test_a_word_changed_on_the_way_is_noticed(
    enrolment: Enrolment, host: Identity, new: Identity
) -> None:
    sent = signed(enrolment, host)
    sent["text"] = sent["text"].replace("192.0.2.1", "192.0.2.9")
    with pytest.raises(pairing.InvitationRefused):
        pairing.read(**sent, own=new.card)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"host": {}, "enrolment": {}}'])
def test_what_is_no_invitation_is_refused(new: Identity, text: str) -> None:
    with pytest.raises(pairing.InvitationRefused):
        pairing.read(text, "AAAA", new.card)


def test_another_terminals_invitation_is_refused(
    enrolment: Enrolment, host: Identity, tmp_path: Path
) -> None:
    with pytest.raises(pairing.InvitationRefused):
        pairing.read(**signed(enrolment, host), own=made(tmp_path / "third").card)


def test_a_host_that_is_not_of_that_restaurant_invites_nobody(
    enrolment: Enrolment, new: Identity, tmp_path: Path
) -> None:
    stranger = made(tmp_path / "stranger")
    with pytest.raises(pairing.InvitationRefused):
        pairing.read(**signed(enrolment, stranger), own=new.card)


def test_letters_are_of_the_keys_and_not_of_the_name(host: Identity, new: Identity) -> None:
    letters = pairing.code_of(host.card)
    assert letters == pairing.code_of(replace(host.card, name="Till 2", letter="F"))
    assert letters != pairing.code_of(new.card)
    assert letters != pairing.code_of(replace(host.card, lan_cert=new.card.lan_cert))


def test_it_keeps_its_keys_and_trusts_who_is_there(
    enrolment: Enrolment, host: Identity, new: Identity
) -> None:
    pairing.join(new, enrolment, new.directory.parent / "peers.json")
    joined = identities.read(new.directory)
    assert joined.restaurant == enrolment.restaurant
    assert joined.card == replace(new.card, letter="B", name="Terrace")
    assert joined.trust == {host.terminal: host.card, new.terminal: joined.card}
    assert not joined.founder
    assert json.loads((new.directory.parent / "peers.json").read_text()) == enrolment.peers


def test_a_power_cut_between_two_files_is_made_good(enrolment: Enrolment, new: Identity) -> None:
    peers, place = new.directory.parent / "peers.json", new.directory / "terminal.json"
    before = place.read_bytes()
    pairing.join(new, enrolment, peers)
    after = place.read_bytes()
    place.write_bytes(before)
    pairing.join(identities.read(new.directory), enrolment, peers)
    assert place.read_bytes() == after != before


def test_a_terminal_of_a_restaurant_stays_there(
    enrolment: Enrolment, new: Identity, tmp_path: Path
) -> None:
    third = made(tmp_path / "third")
    pairing.join(new, enrolment, new.directory.parent / "peers.json")
    other = replace(enrolment, restaurant=House("r9"), trust=(third.card,))
    with pytest.raises(IdentityRefused, match="knows others already"):
        pairing.join(identities.read(new.directory), other, tmp_path / "peers.json")


def test_another_terminals_enrolment_is_not_taken(enrolment: Enrolment, new: Identity) -> None:
    other = replace(enrolment, terminal=Place("t9", "B", "Terrace"))
    with pytest.raises(IdentityRefused, match="for t9"):
        pairing.join(new, other, new.directory.parent / "peers.json")
