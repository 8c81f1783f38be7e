"""From the power button to a terminal of the restaurant with three taps, and nothing typed."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from comptoir import identity as identities
from comptoir import pairing
from comptoir.bootstrap.identity import join_restaurant
from comptoir.commands import Actor, AdmitTerminal, OpenCheck, SetStaff, queries
from comptoir.domain.house import MANAGER, SYSTEM, WAITER
from comptoir.domain.records import dump
from comptoir.enrolment import Enrolment, create
from comptoir.identity import IdentityRefused, Place
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain
from tests.fakes.ports import free_ports
from tests.fakes.till import HostTill

PAGE = "/manager/terminals"


class Box(HostTill):
    """A terminal whose one application serves its own screen and the network."""

    def __init__(self, folder: Path, place: Place, **settings: Any) -> None:
        folder.mkdir()
        create(folder / "identity", Enrolment(terminal=place), folder / "peers.json")
        super().__init__(folder, peers_file=folder / "peers.json", **settings)
        self._app = super().app()
        self.port = int(self.serve().rpartition(":")[2])
        self.newcomers = self._app.extensions["comptoir"].newcomers
        self.screen = Screen(self, self._app.test_client())
        self.screen.client.set_cookie("comptoir_language", "en")

    def app(self) -> Flask:
        return self._app


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Box]:
    """A terminal as it comes out of its carton."""
    order = str(tmp_path / "join.json")
    made = Box(tmp_path / "new", Place("", "A", "Till"), join_file=order)
    yield made
    made.stop()


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Box]:
    """A terminal of a restaurant, and its manager in front of it."""
    (port,) = free_ports(1)
    made = Box(tmp_path / "old", Place("t1", "A", "Bar"), newcomers_port=port)
    english = SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en")
    made.desk.run(english, Actor("s", SYSTEM))
    made.screen.sign_in("li-wei")
    yield made
    made.newcomers.close()
    made.stop()


def call(new: Box, old: Box, **changed: str) -> None:
    """Let the one hear the other, as over a cable."""
    said = {"comptoir": "new", "card": dump(new.identity.card) | changed, "port": new.port}
    list(old.newcomers._ether.heard())  # its socket is there from now on
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(json.dumps(said).encode(), ("127.0.0.1", old.settings.newcomers_port))
    old.newcomers.look()


def take_in(new: Box, old: Box, name: str = "Terrace") -> None:
    call(new, old)
    answer = old.screen.post(f"/manager/newcomers/{new.identity.terminal}", name=name)
    assert answer.status_code < 400, answer.text


def sign_in_page(box: Box) -> str:
    return plain(box.screen.get("/").text)


def test_both_screens_show_the_same_letters(new: Box, old: Box) -> None:
    call(new, old)
    code = pairing.code_of(new.identity.card)
    assert code in sign_in_page(new)
    assert code in plain(old.screen.get(PAGE).text)
    sheet = plain(old.screen.get(f"/manager/newcomers/{new.identity.terminal}").text)
    assert code in sheet
    assert pairing.code_of(old.identity.card) in sheet


def test_who_is_alone_is_told_how_it_comes(old: Box) -> None:
    assert "None. One that is new shows here by itself" in plain(old.screen.get(PAGE).text)


def test_taken_in_here_it_joins_there_and_is_one_of_the_restaurant(new: Box, old: Box) -> None:
    take_in(new, old)
    page = sign_in_page(new)
    assert pairing.code_of(old.identity.card) in page
    assert "takes this terminal in" in page
    answer = new.screen.post("/pairing/join")
    assert answer.headers["HX-Redirect"] == "/pairing/joining"
    order = Path(new.settings.join_file)
    joined = join_restaurant(new.settings, order)
    assert joined.restaurant.id == old.identity.restaurant.id
    (known,) = [one for one in queries.terminals(old.journal) if one.id == joined.terminal]
    assert known.card == joined.card
    assert (joined.place.letter, joined.place.name) == ("B", "Terrace")
    assert joined.trust[old.identity.terminal] == old.identity.card
    peers = json.loads(new.settings.peers_file.read_text("utf-8"))
    assert peers == {"t1": f"127.0.0.1:{old.settings.lan_port}"}


def test_the_screen_waits_until_its_programs_are_others(new: Box, old: Box) -> None:
    take_in(new, old)
    new.screen.post("/pairing/join")
    headers = {"HX-Request": "true"}
    assert new.screen.get("/pairing/joined", headers=headers).status_code == 204
    assert "Joining" in plain(new.screen.get("/pairing/joining").text)
    join_restaurant(new.settings, Path(new.settings.join_file))
    again = HostTill(new.settings.data_dir.parent, opened=False)
    client = again.app().test_client()
    assert client.get("/pairing/joined", headers=headers).headers["HX-Redirect"] == "/"
    again.journal.close()


def test_an_invitation_may_be_sent_away_and_comes_again_under_the_same_name(
    new: Box, old: Box
) -> None:
    take_in(new, old)
    new.screen.post("/pairing/stay")
    assert "takes this terminal in" not in sign_in_page(new)
    take_in(new, old, "Another name")
    new.screen.post("/pairing/join")
    joined = join_restaurant(new.settings, Path(new.settings.join_file))
    assert (joined.place.letter, joined.place.name) == ("B", "Terrace")


def test_one_in_use_is_taken_in_by_nobody(new: Box, old: Box) -> None:
    call(new, old)
    new.desk.run(OpenCheck("o1", "c1"), Actor("lucas", WAITER))
    answer = old.screen.post(f"/manager/newcomers/{new.identity.terminal}", name="Terrace")
    assert answer.status_code == 409
    assert "does not answer" in answer.text
    assert [one.id for one in queries.terminals(old.journal) if one.card] == ["t1"]
    assert pairing.code_of(new.identity.card) not in sign_in_page(new)


def test_one_that_went_is_not_let_in(new: Box, old: Box) -> None:
    call(new, old)
    new.cut()
    answer = old.screen.post(f"/manager/newcomers/{new.identity.terminal}", name="Terrace")
    assert answer.status_code == 409
    assert "Look whether it is on" in answer.text


def test_somebody_who_works_meanwhile_keeps_it(new: Box, old: Box) -> None:
    take_in(new, old)
    new.screen.post("/pairing/join")
    new.desk.run(OpenCheck("o1", "c1"), Actor("lucas", WAITER))
    with pytest.raises(IdentityRefused, match="works with this terminal already"):
        join_restaurant(new.settings, Path(new.settings.join_file))
    assert identities.read(new.settings.identity_dir) == new.identity


def test_only_its_own_screen_joins(new: Box, old: Box) -> None:
    take_in(new, old)
    tablet = {"REMOTE_ADDR": "192.168.1.20"}
    page = new.screen.get("/", environ_overrides=tablet).text
    assert "/pairing/join" not in page
    token = {"csrf": new.screen.csrf()}
    asked = new.screen.client.post("/pairing/join", data=token, environ_overrides=tablet)
    assert asked.status_code == 409
    assert not Path(new.settings.join_file).exists()


def test_a_second_restaurant_waits_until_the_first_is_answered(
    new: Box, old: Box, tmp_path: Path
) -> None:
    take_in(new, old)
    other = Box(tmp_path / "other", Place("t7", "A", "Café"))
    enrolment = other.enrol(new.identity.terminal, "Till", "")
    sent = pairing.sign(enrolment, other.identity.card, other.signer)
    answer = new.screen.client.post("/api/v1/invitation", json=sent)
    assert answer.status_code == 409
    assert "invited by another one" in answer.get_json()["detail"]
    other.stop()


def test_a_waiter_takes_nobody_in(new: Box, old: Box) -> None:
    call(new, old)
    old.screen.sign_in("lucas")
    answer = old.screen.post(f"/manager/newcomers/{new.identity.terminal}", name="Terrace")
    assert answer.status_code == 403


def test_nobody_comes_under_the_name_of_another(new: Box, old: Box) -> None:
    other = replace(new.identity.card, terminal="t2", signing_key="b3RoZXI=")
    old.desk.run(AdmitTerminal("a1", other), Actor("li-wei", MANAGER))
    call(new, old, terminal="t2")
    assert "None. One that is new" in plain(old.screen.get(PAGE).text)
    assert old.screen.post("/manager/newcomers/t2", name="Mine").status_code == 409
