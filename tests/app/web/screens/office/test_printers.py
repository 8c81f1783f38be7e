"""Names of stations in each language: given in the back office, read by kitchen and paper."""

from comptoir.commands import Fire, queries
from comptoir.devices.composing import compose
from comptoir.domain.paper.rows import Text
from comptoir.domain.tickets import kitchen_tickets
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS


def test_a_stations_names_stand_on_the_kitchens_screen_and_paper(screen: Screen) -> None:
    screen.sign_in("li-wei")
    names = {"name:zh": "蒸笼", "name:en": "Steamers"}
    response = screen.post("/office/stations/dimsum/names", **names)
    assert response.status_code == 204, response.text
    assert 'value="蒸笼"' in screen.get("/office/printers").text
    assert "蒸笼" in screen.get("/kitchen").text
    check = screen.open_check()
    screen.add(check)
    journal = screen.till.journal
    screen.till.desk.run(Fire("fire-1", check), BOSS)
    (ticket,) = kitchen_tickets(journal.events(f"check:{check}"))
    paper = compose(journal, queries.printing(journal), ticket, duplicate=False)
    texts = [row.text for row in paper.rows if isinstance(row, Text)]
    assert any(text.startswith("蒸笼 Steamers · ") for text in texts), texts


def test_t3_a_printer_hangs_on_a_port_of_a_terminal(screen: Screen) -> None:
    screen.sign_in("li-wei")
    port = {
        "name": "Bar", "host": "/dev/ttyUSB0", "port": "9100", "mode": "text", "terminal": "t1",
        "baud": "19200",
    }  # fmt: skip
    response = screen.post("/office/printers/new", **port)
    assert response.status_code == 204, response.text
    (printer,) = queries.printing(screen.till.journal).printers
    assert (printer.host, printer.terminal, printer.baud) == ("/dev/ttyUSB0", "t1", 19_200)
    page = screen.get("/office/printers/bar").text
    assert 'name="terminal" value="t1" checked' in page
    assert 'name="baud" value="19200"' in page
    usb = screen.post("/office/printers/bar", **port | {"host": "/dev/usb/lp0", "baud": ""})
    assert usb.status_code == 204, usb.text
    for wrong in ({"baud": "300"}, {"host": "/etc/passwd"}, {"terminal": ""}):
        assert screen.post("/office/printers/bar", **port | wrong).status_code == 422
    (printer,) = queries.printing(screen.till.journal).printers
    assert (printer.host, printer.baud) == ("/dev/usb/lp0", 0)


def test_a_printer_of_two_colours_is_said_to_be_one(screen: Screen) -> None:
    screen.sign_in("li-wei")
    known = {"name": "Wok", "host": "192.0.2.7", "port": "9100", "mode": "text"}
    for red in (True, False):
        ticked = {"red": "yes"} if red else {}
        response = screen.post("/office/printers/" + ("new" if red else "wok"), **known, **ticked)
        assert response.status_code == 204, response.text
        (printer,) = queries.printing(screen.till.journal).printers
        assert printer.red is red
