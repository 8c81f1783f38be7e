"""T1: from home, with a second factor; who guesses waits, and everything is written down."""

import pytest

from comptoir.domain.head_office import (
    REFUSED,
    SIGNED_IN,
    SIGNED_OUT,
    WAITING,
    User,
)
from comptoir.web.throttle import FREE_FAILURES
from tests.fakes.head_office import HASH, SECRET, Office

WRONG = "wrong password here"


def actions(office: Office) -> list[tuple[str, str]]:
    notes = office.store.people.notes(100)
    return [(one.user, one.action) for one in reversed(notes)]


def test_name_password_and_code_let_in(office: Office) -> None:
    browser = office.browser()
    done = browser.sign_in("regina")
    assert (done.status_code, done.location) == (302, "/")
    assert browser.get("/").status_code == 200
    assert actions(office)[0] == ("regina", SIGNED_IN)


def test_the_cookie_is_for_this_site_alone_and_over_tls(office: Office) -> None:
    cookie = office.browser().sign_in("regina").headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("regina", WRONG, None),
        ("regina", "correct horse battery", "000000"),
        ("regina", "correct horse battery", ""),
        ("nobody", "correct horse battery", None),
        ("", "", ""),
    ],
)
def test_any_wrong_part_is_refused_with_the_same_words(
    office: Office, name: str, password: str, code: str | None
) -> None:
    browser = office.browser()
    refused = browser.sign_in(name, password, code)
    assert refused.status_code == 401
    assert "Name, password or code is wrong" in refused.get_data(as_text=True)
    assert browser.get("/").location == "/sign-in"
    assert actions(office) == [(name, REFUSED)]


def test_a_code_works_once(office: Office) -> None:
    code = office.code()
    assert office.browser().sign_in("regina", code=code).status_code == 302
    assert office.browser().sign_in("regina", code=code).status_code == 401


def test_who_has_no_second_factor_or_has_left_does_not_come_in(office: Office) -> None:
    office.store.people.set_user(User("bare", HASH, "", ("lyon",)))
    office.hire("gone", ("lyon",), active=False)
    assert office.browser().sign_in("bare").status_code == 401
    assert office.browser().sign_in("gone").status_code == 401


def test_who_guesses_is_locked_out_for_a_while_even_with_the_right_words(office: Office) -> None:
    browser = office.browser()
    for _ in range(FREE_FAILURES + 1):
        browser.sign_in("regina", WRONG)
        office.clock.ms -= 30_000
    locked = browser.sign_in("regina", WRONG)
    assert locked.status_code == 429
    office.clock.ms -= 30_000
    assert browser.sign_in("regina").status_code == 429
    assert actions(office)[-1] == ("regina", WAITING)
    assert len(actions(office)) == FREE_FAILURES + 2, "tries while waiting fill no audit"
    office.clock.ms += 600_000
    assert browser.sign_in("regina").status_code == 302


def test_a_session_ends_with_a_new_password_a_departure_and_the_day(office: Office) -> None:
    user = office.hire("regina", ("lyon",))
    browser = office.at("regina")
    office.store.people.set_user(User("regina", "other", SECRET, ("lyon",)))
    assert browser.get("/").location == "/sign-in"
    office.store.people.set_user(user)
    assert browser.get("/").status_code == 200
    office.hire("regina", ("lyon",), active=False)
    assert browser.get("/").location == "/sign-in"
    office.store.people.set_user(user)
    office.clock.ms += 12 * 3600 * 1000 + 60_000
    assert browser.get("/").location == "/sign-in"


def test_a_page_that_renews_itself_is_sent_to_the_door(office: Office) -> None:
    answer = office.browser().get("/now", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_a_forged_form_is_refused(office: Office) -> None:
    browser = office.at("regina")
    assert browser.post("/sign-out", csrf="guess").status_code == 403
    assert browser.get("/").status_code == 200


def test_signing_out_ends_the_session(office: Office) -> None:
    browser = office.at("regina")
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.get("/").location == "/sign-in"
    assert actions(office)[-1] == ("regina", SIGNED_OUT)


def test_the_door_speaks_the_browsers_language_or_the_chosen_one(office: Office) -> None:
    browser = office.browser()
    french = browser.get("/sign-in", **{"Accept-Language": "fr-CA,en;q=0.5"})
    assert '<html lang="fr">' in french.get_data(as_text=True)
    browser.post("/language", language="zh-Hant")
    assert '<html lang="zh-Hant">' in browser.text("/sign-in")
