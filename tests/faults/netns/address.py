"""F1v: the shared address: whoever answers there loses its power, its till or its cable."""

import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.demo.programs import Program
from comptoir.settings import Settings
from tests.faults.netns.box import TOP, Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.deaths import catch_up, come_back, told
from tests.faults.netns.house import READY_S, House
from tests.faults.netns.lan import LAN, run

ADDRESS, ONE_ANSWERS = f"{LAN}.250", "one-answers"
ROLE = TOP / "roles/address/files"
SCRIPT, RULES = ROLE / "tree/usr/lib/comptoir/shared_address.py", ROLE / "address.nft"
HTTP_PORT, ASKED_S, WITHIN_S = Settings().http_port, 0.02, 0.25


@dataclass
class Place:
    """A terminal and its program that may answer at the address."""

    box: Box
    program: Program

    def open(self) -> None:
        """Start the program, and let the firewall pass what it says, as the role does."""
        run(*self.box._inside, "nft", "-f", "-", text=RULES.read_text("utf-8"))
        self.program.start()

    def forget(self) -> None:
        """Have no address any more, as after a power cut."""
        shown = run(*self.box._inside, "ip", "-json", "address", "show", "to", ADDRESS)
        for port in json.loads(shown):
            if port:
                words = ("ip", "address", "del", f"{ADDRESS}/32", "dev", port["ifname"])
                run(*self.box._inside, *words)


def another_answers(sitting: Sitting) -> None:
    """Let who answers fail in one of three ways; measure until another does; then heal."""
    house = sitting.house
    places = {box.id: _place(house, box) for box in house.boxes}
    try:
        for place in places.values():
            place.open()
        for n in range(sitting.rounds):
            house.until(lambda: _who() is not None and _settled(places), READY_S)
            owner = _who()
            if owner is None:
                continue
            house.wait(house.dice.uniform(0.2, 0.8))
            FAULTS[n % len(FAULTS)](sitting, places[owner])
            _measure(sitting, owner)
            _heal(sitting, places[owner])
    finally:
        for place in places.values():
            place.program.kill()


def _place(house: House, box: Box) -> Place:
    settings = box.folder / "address.json"
    settings.write_text(json.dumps({"address": f"{ADDRESS}/24"}), encoding="utf-8")
    peers = box.settings.peers_file
    if box._defences.control == ONE_ANSWERS:  # nobody hears of anybody, and one alone takes part
        peers = box.folder / "nobody.json"
        if box is not house.boxes[0]:
            return Place(box, _program(box, Path("/bin/sleep"), "infinity"))
    url = f"http://127.0.0.1:{box.settings.http_port}/healthz"
    return Place(box, _program(box, SCRIPT, str(settings), str(peers), url))


def _program(box: Box, *words: str | Path) -> Program:
    return box._program("address", [str(word) for word in words])


def _who() -> str | None:
    """Ask at the address who answers there; None when nobody does in time."""
    client = TillClient(HTTP_PORT, "", WITHIN_S, ADDRESS)
    try:
        answer = client.get("/healthz")
        return str(answer.body["terminal"]) if answer.ok else None
    except TillUnreachable:
        return None
    finally:
        client.close()


def _settled(places: dict[str, Place]) -> bool:
    """Tell whether one terminal alone has the address."""
    having = 0
    for place in places.values():
        shown = run(*place.box._inside, "ip", "-brief", "address", "show", "to", ADDRESS)
        having += ADDRESS in shown
    return having == 1


def _measure(sitting: Sitting, owner: str) -> None:
    begin_s = time.monotonic()
    while time.monotonic() - begin_s < sitting.patience_s:
        if _who() not in (None, owner):
            sitting.measured("another answers after", time.monotonic() - begin_s)
            return
        time.sleep(ASKED_S)
    sitting.verdict.fault(f"nobody but {owner} answers at the address")


def _loses_power(sitting: Sitting, place: Place) -> None:
    sitting.house.lan.pull(place.box.number)
    place.box.kill()
    place.program.kill()


def _till_hangs(_sitting: Sitting, place: Place) -> None:
    place.box.till.signal(signal.SIGSTOP)


def _loses_cable(sitting: Sitting, place: Place) -> None:
    sitting.house.lan.pull(place.box.number)


def _hangs(_sitting: Sitting, place: Place) -> None:
    place.box.freeze()
    place.program.signal(signal.SIGSTOP)


FAULTS: tuple[Callable[[Sitting, Place], None], ...] = (
    _loses_power,
    _till_hangs,
    _loses_cable,
    _hangs,
)


def _heal(sitting: Sitting, place: Place) -> None:
    """Put right what was broken, whatever it was; who had no power has no address."""
    box, house = place.box, sitting.house
    if not box.on:
        place.forget()
        house.lan.plug(box.number)
        come_back(sitting, [box])
        place.open()
    house.lan.plug(box.number)
    place.program.signal(signal.SIGCONT)
    box.thaw()
    catch_up(sitting, told(sitting), "all hold all again after")
