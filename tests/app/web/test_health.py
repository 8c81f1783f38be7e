from pathlib import Path

from tests.app.web.conftest import Screen
from tests.fakes.till import HostTill


def test_health_needs_no_sign_in_and_names_the_terminal(screen: Screen) -> None:
    answer = screen.get("/healthz").get_json()
    assert (answer["ok"], answer["terminal"], answer["epoch"]) == (True, "t1", 1)
    assert answer["position"] == screen.till.journal.position()
    assert answer["unsafe"] is None


def test_it_counts_what_is_not_safe(screen: Screen) -> None:
    position = screen.till.journal.position()
    screen.till.tell({"t1/1": position - 2}, peers=("t2",), cloud={"t1/1": position - 3})
    answer = screen.get("/healthz").get_json()
    assert (answer["unsafe"], answer["cloud_behind"], answer["peers"]) == (2, 3, ["t2"])


def test_a_till_whose_log_is_not_open_is_not_healthy(tmp_path: Path) -> None:
    till = HostTill(tmp_path, opened=False)
    answer = till.app().test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["ok"]) == (503, False)
    till.stop()
