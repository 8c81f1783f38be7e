"""The guest's receipt behind the code on paper: E5, no sign-in."""

from comptoir.commands import receipts
from comptoir.domain.house import MANAGER
from tests.app.web.conftest import Screen


def settled(screen: Screen) -> tuple[str, str]:
    """Return a paid check and the key of its receipt."""
    screen.sign_in()
    check = screen.open_check()
    screen.add(check)
    total = screen.till.journal.state(f"check:{check}").total
    screen.post(f"/checks/{check}/pay", payment="p1", amount=total, tendered=total)
    return check, receipts.key(screen.till.journal, check)


def test_whoever_has_the_address_sees_the_receipt_and_nothing_else(screen: Screen) -> None:
    check, key = settled(screen)
    guest = screen.till.app().test_client()
    page = guest.get(f"/receipts/{check}/{key}", headers={"Accept-Language": "fr"})
    assert page.status_code == 200
    assert "Total EUR" in page.text
    assert "Espèces" in page.text
    assert MANAGER not in page.text
    assert page.headers["Content-Security-Policy"]


def test_the_same_address_has_the_pdf(screen: Screen) -> None:
    check, key = settled(screen)
    pdf = screen.till.app().test_client().get(f"/receipts/{check}/{key}/receipt.pdf")
    assert pdf.data.startswith(b"%PDF-")


def test_a_guessed_address_tells_nothing(screen: Screen) -> None:
    check, key = settled(screen)
    guest = screen.till.app().test_client()
    for path in (f"{check}/{'0' * len(key)}", f"{check}/x", f"nothing/{key}", f"{check}/é"):
        assert guest.get(f"/receipts/{path}").status_code == 404


def test_the_code_on_paper_leads_there(screen: Screen) -> None:
    check, key = settled(screen)
    journal = screen.till.journal
    state = journal.state(f"check:{check}")
    address = receipts.address(journal, state, "https://till.example/")
    assert address == f"https://till.example/receipts/{check}/{key}"
    assert receipts.address(journal, state, "") == ""


def test_e1_a_part_has_a_page_of_its_own_that_leads_to_no_other(screen: Screen) -> None:
    """Who paid a part sees that part: neither the check nor the others' parts."""
    screen.sign_in()
    check = screen.open_check()
    screen.add(check)
    screen.post(f"/checks/{check}/split", split="s1", how="even", parts=2)
    journal = screen.till.journal
    first, second = (part.id for part in journal.state(f"check:{check}").parts)
    key = receipts.key(journal, check, first)
    guest = screen.till.app().test_client()
    page = guest.get(f"/receipts/{check}/{key}?part={first}", headers={"Accept-Language": "en"})
    assert "0.5 × " in page.text
    assert "Part 1" in page.text
    assert f"part={first}" in page.text
    pdf = guest.get(f"/receipts/{check}/{key}/receipt.pdf?part={first}")
    assert pdf.data.startswith(b"%PDF-")
    for path in (f"{key}", f"{key}?part={second}", f"{receipts.key(journal, check)}?part={first}"):
        assert guest.get(f"/receipts/{check}/{path}").status_code == 404
    address = receipts.address(journal, journal.state(f"check:{check}"), "https://x", first)
    assert address == f"https://x/receipts/{check}/{key}?part={first}"
