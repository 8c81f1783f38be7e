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
