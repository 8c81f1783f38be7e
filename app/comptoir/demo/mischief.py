"""What a visitor can do to the restaurant, and how the staff answer: report what was stolen."""

import time
from collections.abc import Callable, Mapping
from uuid import uuid4

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.demo.incidents import Incidents
from comptoir.demo.machines import Terminal
from comptoir.demo.prompt import HELP, Order
from comptoir.demo.restaurant import Restaurant
from comptoir.demo.timeline import BAD, Timeline

REPORT_S = 5.0
BETWEEN_S = 0.2


class Mischief:
    """Carries out commands; call it from the thread that started the machines."""

    def __init__(
        self,
        restaurant: Restaurant,
        timeline: Timeline,
        incidents: Incidents,
        managers: Mapping[str, TillClient],
    ) -> None:
        self._restaurant = restaurant
        self._timeline = timeline
        self._incidents = incidents
        self._managers = managers

    def carry_out(self, order: Order) -> str:
        """Do what was asked; returns a line for the person who asked."""
        actions: Mapping[str, Callable[[Order], str]] = {
            "kill": self._kill,
            "steal": self._steal,
            "cut": self._cut,
            "plug": self._plug,
            "internet": self._internet,
            "heal": self._heal,
            "help": lambda _: HELP,
        }
        return actions[order.verb](order)

    def _kill(self, order: Order) -> str:
        return self._broke(self._restaurant.kill(order.number), "lost power")

    def _cut(self, order: Order) -> str:
        return self._broke(self._restaurant.cut(order.number), "lost its network cable")

    def _plug(self, order: Order) -> str:
        terminal = self._restaurant.plug(order.number)
        return self._tell(f"{title(terminal)} has its network cable again")

    def _internet(self, order: Order) -> str:
        self._restaurant.set_internet(on=order.on)
        return self._tell(f"The internet is {'back' if order.on else 'gone'}")

    def _heal(self, _: Order) -> str:
        back = ", ".join(title(terminal) for terminal in self._restaurant.heal())
        return self._tell(f"All cables are in{f', switched on again: {back}' if back else ''}")

    def _steal(self, order: Order) -> str:
        terminal = self._restaurant.take_away(order.number)
        what = self._broke(terminal, "was stolen")
        by = self._report(terminal)
        if by is None:
            self._timeline.tell(f"Nobody is left to report {title(terminal)} to", BAD)
            return f"{what}, and no terminal is left to report it on"
        return self._tell(f"{title(by)} reported it: nobody takes anything from it any more")

    def _report(self, stolen: Terminal) -> Terminal | None:
        """Let a manager report it on any terminal that answers; returns which one did."""
        command, path = uuid4().hex, f"/api/v1/terminals/{stolen.spot.id}/retire"
        until = time.monotonic() + REPORT_S
        while time.monotonic() < until:
            for terminal in self._restaurant.living():
                try:
                    client = self._managers[terminal.spot.id]
                    if client.post(path, {"reason": "stolen"}, command).ok:
                        return terminal
                except TillUnreachable:
                    continue  # the next one may answer; ``until`` bounds the round
            time.sleep(BETWEEN_S)
        return None

    def _broke(self, terminal: Terminal, how: str) -> str:
        what = f"{title(terminal)} {how}"
        self._incidents.begin(terminal.spot.id, what)
        return what

    def _tell(self, text: str) -> str:
        self._timeline.tell(text)
        return text


def title(terminal: Terminal) -> str:
    """Return what people call a terminal."""
    return f"Terminal {terminal.spot.number} ({terminal.spot.name})"
