import pytest

from tests.app.web.conftest import PINS, Screen
from tests.fakes.box import StandingClock


def test_the_pad_names_everyone(screen: Screen) -> None:
    page = screen.get("/").text
    assert "Lucas Petit" in page
    assert "王芳 Wang Fang" in page


@pytest.mark.parametrize(
    ("staff", "place"),
    [
        ("lucas", "/floor"),
        ("li-wei", "/floor"),
        ("sophie", "/counter"),
        ("chen-qiang", "/kitchen"),
    ],
)
def test_d5_each_role_comes_to_its_own_workplace(screen: Screen, staff: str, place: str) -> None:
    response = screen.post("/sign-in", staff=staff, pin=PINS[staff])
    assert response.location == place
    assert screen.get(place).status_code == 200


@pytest.mark.parametrize(
    ("staff", "keys"),
    [
        ("lucas", {"/kitchen", "/money"}),
        ("sophie", {"/kitchen", "/money", "/counter"}),
        ("li-wei", {"/kitchen", "/money", "/manager"}),
    ],
)
def test_d5_the_floor_has_the_ways_that_the_role_may_go(
    screen: Screen, staff: str, keys: set[str]
) -> None:
    page = screen.sign_in(staff).get("/floor").text
    known = {"/kitchen", "/money", "/counter", "/manager"}
    assert {path for path in known if f'class="key quiet" href="{path}"' in page} == keys
    assert all(screen.get(path).status_code == 200 for path in keys)


def test_a_pin_alone_is_enough(screen: Screen) -> None:
    screen.post("/sign-in", pin="3456")
    assert "王芳" in screen.get("/floor").text


def test_another_persons_pin_does_not_open_mine(screen: Screen) -> None:
    response = screen.post("/sign-in", staff="lucas", pin="3456")
    assert response.status_code == 403
    assert screen.get("/floor").location == "/"


def test_guessing_is_slowed_down_and_the_right_pin_must_wait_too(screen: Screen) -> None:
    clock = StandingClock()
    screen.till.use_clock(clock)
    screen = Screen(screen.till, screen.till.app().test_client())
    for _ in range(5):
        assert screen.post("/sign-in", staff="lucas", pin="0000").status_code == 403
    assert screen.post("/sign-in", staff="lucas", pin="4567").status_code == 429
    clock.ms += 5_000
    assert screen.post("/sign-in", staff="lucas", pin="4567").status_code == 302


def test_pages_speak_the_language_of_who_signed_in(screen: Screen) -> None:
    screen.sign_in("wang-fang")
    assert "空桌" in screen.get("/floor").text
    screen.sign_in("lucas")
    assert "Free" in screen.get("/floor").text


def test_the_pad_changes_its_language(screen: Screen) -> None:
    screen.post("/language", language="fr")
    assert "Votre nom, puis votre code" in screen.get("/").text
    assert screen.post("/language", language="xx").location == "/"
    assert "Votre nom" in screen.get("/").text


def test_signing_out_ends_the_session(waiter: Screen) -> None:
    waiter.post("/sign-out")
    assert waiter.get("/floor").location == "/"


def test_signing_in_needs_the_pages_own_form(screen: Screen) -> None:
    response = screen.client.post("/sign-in", data={"pin": "4567", "staff": "lucas"})
    assert response.status_code == 403
