"""Looks at every till a few times a second: who answers, whom it sees, what the cloud has."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comptoir.demo.machines import Power, Terminal
from comptoir.demo.till_client import TillClient, TillUnreachable

PERIOD_S = 0.2
TIMEOUT_S = 1.5


@dataclass(frozen=True, slots=True)
class View:
    """What one till says of itself."""

    answers: bool = False
    peers: frozenset[str] = frozenset()
    unsafe: int = 0
    cloud: int = 0


class Watch:
    """Keeps the newest view of each terminal; ``on_look`` is called after each round."""

    def __init__(self, terminals: Sequence[Terminal], on_look: Callable[[], None]) -> None:
        self._terminals = terminals
        self._on_look = on_look
        self._clients = {
            t.spot.id: TillClient(t.spot.http_port, timeout_s=TIMEOUT_S) for t in terminals
        }
        self._views = {t.spot.id: View() for t in terminals}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End looking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(TIMEOUT_S * len(self._terminals) + 1)

    def view(self, terminal: str) -> View:
        """Return the newest view of a terminal."""
        return self._views[terminal]

    @property
    def cloud(self) -> int:
        """Return how many events the cloud holds, as the best informed till says."""
        return max(view.cloud for view in self._views.values())

    def _run(self) -> None:
        while not self._stop.wait(PERIOD_S):
            for terminal in self._terminals:
                name = terminal.spot.id
                self._views[name] = self._look(terminal, self._views[name])
            self._on_look()

    def _look(self, terminal: Terminal, before: View) -> View:
        silent = View(cloud=before.cloud)
        if terminal.power is not Power.ON:
            return silent
        try:
            answer = self._clients[terminal.spot.id].get("/healthz")
        except TillUnreachable:
            return silent
        if not answer.ok:
            return silent
        health = answer.body
        behind = health["cloud_behind"]
        return View(
            answers=True,
            peers=frozenset(health["peers"]),
            unsafe=health["unsafe"] or 0,
            cloud=before.cloud if behind is None else health["position"] - behind,
        )
