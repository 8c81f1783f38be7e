"""K2: what the house is called, for programs."""

from tests.app.web.api.conftest import Caller


def test_the_house_is_renamed_by_a_manager(caller: Caller) -> None:
    body = {"name": "Chez Li", "languages": ["fr", "zh-Hans"]}
    assert caller.put("/restaurant", body).status_code == 200
    assert caller.till.journal.state("restaurant:it").name == "Chez Li"
    assert caller.put("/restaurant", body | {"languages": ["!"]}).status_code == 422
    caller.sign_in("lucas")
    assert caller.put("/restaurant", body).status_code == 403
