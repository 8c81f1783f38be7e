"""A terminal with which nobody has worked is invited, and joins from its own screen."""

import base64
from pathlib import Path

import pytest

from comptoir import pairing
from comptoir.api_client import TillUnreachable
from comptoir.domain.house import Card
from comptoir.domain.records import load
from comptoir.enrolment import Enrolment, create
from comptoir.identity import House, Place
from comptoir.signer import Signer
from tests.fakes.restaurant import until
from tests.system.box import Box, running

pytestmark = [pytest.mark.system, pytest.mark.long]

JOINS_S_MAX = 600
PRESS_JOIN = """\
import re, urllib.request as web, http.cookiejar as jar
browser = web.build_opener(web.HTTPCookieProcessor(jar.CookieJar()))
till = "http://127.0.0.1:8080"
page = browser.open(till).read().decode()
token = re.search(r'"X-CSRF-Token": "(\\w+)"', page)[1]
print("{code}" in page, browser.open(till + "/pairing/join", b"csrf=" + token.encode()).status)
"""


def press_join(box: Box, code: str) -> str:
    """Do in the guest what its own screen does; returns whether the letters stood there."""
    script = base64.b64encode(PRESS_JOIN.replace("{code}", code).encode()).decode()
    return box.console.run(f"echo {script} | base64 -d | python3 -")


def test_an_invited_terminal_becomes_one_of_the_restaurant(image: Path, tmp_path: Path) -> None:
    host = create(tmp_path / "host", Enrolment(terminal=Place("t1", "A", "Bar")), tmp_path / "none")
    signer = Signer.load(host.directory / "signing.key")
    with running(Box("cm4", image, tmp_path / "box")) as box:
        before = load(Card, box.get("/terminal"))
        house = House(host.restaurant.id, "Chez Anna", "EUR", "Europe/Paris")
        place = Place(before.terminal, "B", "Terrace")
        sent = pairing.sign(Enrolment(house, place, (host.card,)), host.card, signer)
        assert box.till.post("/api/v1/invitation", sent, "invitation-1").ok
        assert press_join(box, pairing.code_of(host.card)) == "True 200"

        def joined() -> bool:
            try:
                return load(Card, box.get("/terminal")).name == "Terrace"
            except TillUnreachable:
                return False

        until(joined, JOINS_S_MAX, "the till of the other restaurant", 2)
        after = load(Card, box.get("/terminal"))
        assert (after.letter, after.signing_key) == ("B", before.signing_key)
        run = box.console.run
        run("test -e /data/comptoir.before/journal.db && test ! -e /keys/joining.json")
        assert f'"{host.restaurant.id}"' in run("cat /keys/identity/terminal.json")
        assert run("stat -c %U:%G:%a /data/comptoir/journal.db") == "comptoir-till:comptoir:660"
        assert not run("systemctl --failed --no-legend")
