"""The till of the booted board: a check from opening to cash, and who else then holds it."""

import pytest

from tests.fakes.restaurant import until
from tests.system.conftest import SHARED_S_MAX, Street

pytestmark = pytest.mark.system


def test_a_check_is_opened_sent_and_paid_in_cash(street: Street) -> None:
    check = street.box.sell()
    paid = street.box.get(f"/checks/{check}")
    assert (paid["due"], paid["state"]) == (0, "settled")
    assert paid["paid"] == paid["total"] > 0
    assert [line["status"] for line in paid["lines"]] == ["fired"]


def test_what_was_sold_is_held_by_the_second_terminal_and_the_cloud(street: Street) -> None:
    street.box.sell()
    street.wait_shared()


def test_the_till_says_that_its_peer_lives(street: Street) -> None:
    till = street.box.till
    until(lambda: "t2" in till.get("/healthz").body["peers"], SHARED_S_MAX, "t2 lives", 0.5)
