"""Puts the demo together: machines, robots, oracle, watch; and tells how all of it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.api_client import TillClient
from comptoir.demo import agreement
from comptoir.demo.agreement import Standpoint
from comptoir.demo.incidents import Incidents
from comptoir.demo.machines import Power, Terminal
from comptoir.demo.mischief import Mischief
from comptoir.demo.oracle import Oracle
from comptoir.demo.promises import Promises
from comptoir.demo.restaurant import Restaurant
from comptoir.demo.timeline import Timeline
from comptoir.demo.waiter import Till, Waiter
from comptoir.demo.watch import Watch
from comptoir.demo.witnesses import CloudStore, Survivor

ROBOTS = ("Mei", "Léa", "Tom", "Ana", "Jun", "Zoé", "Max", "Ida")


class Conductor:
    """Holds the parts together; commands come from one thread, questions from any."""

    def __init__(self, restaurant: Restaurant, promises: Promises, *, pace: int = 1) -> None:
        self.restaurant = restaurant
        self.promises = promises
        self.timeline = Timeline()
        self._cloud = CloudStore(restaurant.cloud.settings)
        self.oracle = Oracle(promises, self._witnesses)
        self._incidents = Incidents(self.timeline, lambda: self.oracle.lost)
        self._watch = Watch(restaurant.terminals, promises.heard, self._looked)
        self._tills = [Till(t.spot.id, t.spot.http_port) for t in restaurant.terminals]
        self._names = {t.spot.id: t.spot.name for t in restaurant.terminals}
        token = restaurant.access.manager
        self._managers = {till.id: TillClient(till.port, token) for till in self._tills}
        self._survivors = {till.id: Survivor(TillClient(till.port, token)) for till in self._tills}
        self.mischief = Mischief(restaurant, self.timeline, self._incidents, self._managers)
        self._diverged: int | None = None
        self._items: Sequence[Mapping[str, Any]] = ()
        self._tables: Sequence[tuple[str, str]] = ()
        self._waiters = [
            Waiter(ROBOTS[i], self, restaurant.access.robot, i, pace=pace)
            for i in range(len(self._tills))
        ]

    def open(self) -> None:
        """Start everything; returns when the robots work."""
        self.restaurant.switch_on()
        first = self._managers[self._tills[0].id]
        self._items = first.get("/api/v1/menu").body["items"]
        areas = first.get("/api/v1/floor").body["areas"]
        self._tables = [(t["id"], t["label"]) for area in areas for t in area["tables"]]
        self._watch.start()
        self.oracle.start()
        for waiter in self._waiters:
            waiter.start()
        self.timeline.tell("The restaurant is open")

    def close(self) -> None:
        """End everything, robots first."""
        for waiter in self._waiters:
            waiter.stop()
        for waiter in self._waiters:
            waiter.join()
        self.oracle.stop()
        self._watch.stop()
        self._cloud.close()
        self.restaurant.shut_down()

    def tills(self) -> Sequence[Till]:
        """Return all tills, for robots to try."""
        return self._tills

    def items(self) -> Sequence[Mapping[str, Any]]:
        """Return the menu's items, for robots to order."""
        return self._items

    def tables(self) -> Sequence[tuple[str, str]]:
        """Return the tables as (id, label)."""
        return self._tables

    def works(self, terminal: str) -> bool:
        """Tell whether a till answers and sees a peer, so that a robot may go back to it."""
        view = self._watch.view(terminal)
        return view.answers and bool(view.peers)

    def moved(self, terminal: str, check: str) -> None:
        """Hear from a robot that a table is served from another till now."""
        self._incidents.moved(terminal, check)

    def _witnesses(self) -> list[Survivor | CloudStore]:
        living = (self._survivors[t.spot.id] for t in self.restaurant.living())
        return [*living, self._cloud]

    def _looked(self) -> None:
        self._incidents.look(self._seen)

    def _seen(self, name: str) -> bool:
        """Tell whether any other living terminal still counts this one as alive."""
        others = (t.spot.id for t in self.restaurant.living() if t.spot.id != name)
        return any(name in self._watch.view(other).peers for other in others)

    def judge(self) -> None:
        """Let the robots rest, then ask for every promise, and whether all agree."""
        for waiter in self._waiters:
            waiter.stop()
        for waiter in self._waiters:
            waiter.join()
        self._diverged = agreement.wait(self._standpoints)
        self.oracle.ask_all()

    def _standpoints(self) -> list[Standpoint]:
        wired = [t for t in self.restaurant.living() if not t.cable_out]
        points = [self._survivors[t.spot.id].standpoint() for t in wired]
        if self.restaurant.internet:
            points.append(self._cloud.standpoint())
        return [point for point in points if point is not None]

    @property
    def failed(self) -> bool:
        """Tell whether something was lost, or whether those left disagree."""
        return bool(self.oracle.lost or self._diverged)

    def status(self) -> dict[str, Any]:
        """Return how everything stands, as the page and ``status`` show it."""
        return {
            "acknowledged": self.promises.acknowledged,
            "safe": self.promises.safe,
            "lost": self.oracle.lost,
            "diverged": self._diverged,
            "cloud": self._cloud.events(),
            "internet": self.restaurant.internet,
            "terminals": [self._describe(terminal) for terminal in self.restaurant.terminals],
            "robots": [
                {
                    "name": waiter.name,
                    "at": waiter.at,
                    "place": self._names[waiter.at],
                    "doing": waiter.doing,
                    "refused": waiter.refused,
                }
                for waiter in self._waiters
            ],
            "timeline": [
                {"at": round(e.at, 1), "text": e.text, "tone": e.tone}
                for e in self.timeline.entries()
            ],
        }

    def _describe(self, terminal: Terminal) -> dict[str, Any]:
        spot, view = terminal.spot, self._watch.view(terminal.spot.id)
        return {
            "id": spot.id,
            "number": spot.number,
            "letter": spot.letter,
            "name": spot.name,
            "url": f"http://127.0.0.1:{spot.http_port}/",
            "power": terminal.power,
            "cable": not terminal.cable_out,
            "answers": view.answers,
            "state": _state(terminal, answers=view.answers, peers=len(view.peers)),
            "unsafe": view.unsafe,
            "robots": [w.name for w in self._waiters if w.at == spot.id],
        }


def _state(terminal: Terminal, *, answers: bool, peers: int) -> str:
    if terminal.power is not Power.ON:
        return str(terminal.power)
    if not answers:
        return "starting"
    if not peers:
        return "alone, selling"
    return f"sees {peers} peer{'' if peers == 1 else 's'}"
