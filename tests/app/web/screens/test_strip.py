from tests.app.web.conftest import Screen


def strip(screen: Screen) -> str:
    return " ".join(screen.get("/strip").text.split())


def test_without_the_replica_program_it_claims_no_copies(waiter: Screen) -> None:
    assert 'data-level="local"' in strip(waiter)
    assert "LOCAL" in strip(waiter)
    assert "copies unknown" in strip(waiter)


def test_all_safe_names_the_terminals(waiter: Screen) -> None:
    waiter.till.tell({"t1/1": 99}, peers=("t2", "t3"))
    assert 'data-level="safe"' in strip(waiter)
    assert "SAFE" in strip(waiter)
    assert "all on 3 tills" in strip(waiter)
    assert "no cloud" in strip(waiter)


def test_alone_it_counts_what_is_only_here(waiter: Screen) -> None:
    waiter.till.tell({"t1/1": waiter.till.journal.position()})
    waiter.open_check()
    waiter.open_check()
    text = strip(waiter)
    assert "SOLO 2" in text
    assert "2 only on this terminal" in text


def test_everything_in_the_cloud_says_cloud(waiter: Screen) -> None:
    position = waiter.till.journal.position()
    waiter.till.tell({"t1/1": position}, cloud={"t1/1": position})
    assert "CLOUD" in strip(waiter)
    assert "cloud up to date" in strip(waiter)


def test_a_cloud_that_lags_is_counted(waiter: Screen) -> None:
    position = waiter.till.journal.position()
    waiter.till.tell({"t1/1": position}, cloud={"t1/1": position - 4}, peers=("t2",))
    assert "cloud 4 behind" in strip(waiter)


def test_the_answer_to_a_command_shows_what_became_of_it(waiter: Screen) -> None:
    waiter.till.tell(peers=())
    check = waiter.open_check()
    assert 'data-level="solo"' in waiter.add(check).text


def test_every_screen_of_the_house_has_it(waiter: Screen) -> None:
    check = waiter.open_check()
    waiter.add(check)
    for page in ("/", "/floor", "/kitchen", f"/checks/{check}", f"/checks/{check}/pay"):
        assert 'class="lamp lamp-' in waiter.get(page).text, page
