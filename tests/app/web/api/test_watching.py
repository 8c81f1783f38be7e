import json

from tests.app.web.api.conftest import Caller


def test_status_tells_the_vector_and_how_safe_it_is(caller: Caller) -> None:
    position = caller.till.journal.position()
    caller.till.tell({"t1/1": position - 1}, cloud={"t1/1": position - 2}, peers=("t2",))
    status = caller.get("/status").get_json()
    head = status["vector"][0]
    assert (head["terminal"], head["epoch"], head["seq"]) == ("t1", 1, position)
    assert (head["safe"], head["cloud"]) == (position - 1, position - 2)
    assert (status["unsafe"], status["cloud_behind"], status["peers"]) == (1, 2, ["t2"])
    assert status["digest"] == caller.till.journal.digest()
    assert status["restaurant"]["currency"] == "EUR"


def test_the_stream_replays_from_a_position_and_goes_on(caller: Caller) -> None:
    before = caller.till.journal.position()
    caller.post("/checks", {"check": "c1"})
    response = caller.get(f"/events/stream?after={before}", buffered=False)
    assert response.mimetype == "text/event-stream"
    parts = (part.decode() for part in response.iter_encoded())
    next(parts)
    first = next(parts)
    change = json.loads(first.partition("data: ")[2])
    assert f"id: {before + 1}\n" in first
    assert (change["kind"], change["aggregates"]) == ("check.opened", ["check:c1"])
    caller.post("/checks/c1/lines", {"line": "l1", "item": "har-gow-steamed"})
    assert "check.line_added" in next(parts)
    response.close()
