"""A program offers updates, says when, and reads how far they are."""

from comptoir.commands import Actor
from comptoir.commands.updates import BeginUpdate, TellSystem
from comptoir.domain.house import SYSTEM
from tests.app.web.api.conftest import Caller
from tests.fakes.bundles import KIND

ONE = "1" * 64
OFFER = {"bundle": ONE, "compatible": KIND, "version": "1.2", "size": 9}
PROGRAM = Actor("updates", SYSTEM)


def test_an_update_is_offered_wanted_and_followed(caller: Caller) -> None:
    till = caller.till
    till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
    till.tell_updates("hour")
    assert caller.post("/updates", OFFER).status_code == 200
    assert caller.put("/updates/hour", {"minutes": 180}).status_code == 200
    assert caller.post(f"/updates/{ONE}/want").status_code == 200
    till.desk.run(BeginUpdate("b", ONE), PROGRAM)
    said = caller.get("/updates").get_json()
    assert said["offers"] == [{**OFFER, "at_once": True}]
    assert [(one["terminal"], one["outcome"]) for one in said["turns"]] == [("t1", "")]
    assert said["terminals"] == [{"terminal": "t1", "version": "1.0", "compatible": KIND}]
    assert (said["minutes"], said["step"]) == (180, "hour")


def test_what_is_none_is_refused(caller: Caller) -> None:
    assert caller.post("/updates", OFFER | {"bundle": "1"}).status_code == 422
    assert caller.post("/updates", OFFER | {"version": "newest"}).status_code == 409
    assert caller.post(f"/updates/{ONE}/want").status_code == 409
    assert caller.put("/updates/hour", {"minutes": 1440}).status_code == 422


def test_only_a_manager_may(caller: Caller) -> None:
    caller.sign_in("lucas")
    assert caller.post("/updates", OFFER).status_code == 403
