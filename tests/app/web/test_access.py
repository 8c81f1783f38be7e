import pytest

from tests.app.web.conftest import Screen

WRITING = ["/checks", "/checks/x/pay", "/kitchen/bump", "/sign-out"]


@pytest.mark.parametrize("path", ["/floor", "/kitchen", "/checks/x", "/checks/x/pay", "/live"])
def test_a_page_of_the_house_asks_to_sign_in(screen: Screen, path: str) -> None:
    response = screen.get(path)
    assert (response.status_code, response.location) == (302, "/")


def test_a_tap_after_the_session_ended_leads_to_the_pin_pad(screen: Screen) -> None:
    response = screen.get("/floor/tiles", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/")


@pytest.mark.parametrize("path", WRITING)
def test_a_form_from_elsewhere_is_refused(waiter: Screen, path: str) -> None:
    before = waiter.till.journal.position()
    form = {"csrf": waiter.csrf(), "command": "0" * 32}
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert waiter.client.post(path, data=form, headers=headers).status_code == 403
    assert waiter.client.post(path, data=form | {"csrf": "0" * 64}).status_code == 403
    assert waiter.client.post(path, data={"command": "0" * 32}).status_code == 403
    assert waiter.till.journal.position() == before


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(screen: Screen) -> None:
    response = screen.post("/sign-in", staff="lucas", pin="4567")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_tills_on_one_computer_do_not_share_a_session(waiter: Screen) -> None:
    """Cookies know no ports; the demo shows several tills side by side."""
    elsewhere = waiter.get("/floor", base_url="http://localhost:8082")
    assert elsewhere.location == "/"


def test_pages_allow_no_foreign_and_no_inline_script(screen: Screen) -> None:
    response = screen.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in response.text
    assert "http://" not in response.text.replace("http://www.w3.org", "")
    assert "https://" not in response.text


def test_a_retried_form_does_nothing_twice(waiter: Screen) -> None:
    check = waiter.open_check()
    command = "ab" * 16
    for _ in range(2):
        waiter.add(check, command=command)
    assert len(waiter.till.journal.state(f"check:{check}").lines) == 1


@pytest.mark.parametrize("command", ["", "x", "0" * 31, "../../etc"])
def test_a_form_without_a_proper_command_id_is_refused(waiter: Screen, command: str) -> None:
    check = waiter.open_check()
    response = waiter.post(f"/checks/{check}/items/har-gow-steamed", command=command)
    assert response.status_code == 400
