"""Looks at every till a few times a second: who answers, whom it sees, what the cloud has."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.demo.machines import Power, Terminal

PERIOD_S = 0.2
TIMEOUT_S = 1.5


@dataclass(frozen=True, slots=True)
class View:
    """What one till says of itself."""

    answers: bool = False
    peers: frozenset[str] = frozenset()
    unsafe: int = 0


class Watch:
    """Keeps the newest view of each terminal.

    ``on_safe`` hears what a till says is safe, ``on_look`` is called after each round.
    """

    def __init__(
        self,
        terminals: Sequence[Terminal],
        on_safe: Callable[[Mapping[str, int]], None],
        on_look: Callable[[], None],
    ) -> None:
        self._terminals = terminals
        self._on_safe = on_safe
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
        for client in self._clients.values():
            client.close()

    def view(self, terminal: str) -> View:
        """Return the newest view of a terminal."""
        return self._views[terminal]

    def _run(self) -> None:
        while not self._stop.wait(PERIOD_S):
            for terminal in self._terminals:
                name = terminal.spot.id
                self._views[name] = self._look(terminal)
            self._on_look()

    def _look(self, terminal: Terminal) -> View:
        if terminal.power is not Power.ON:
            return View()
        try:
            answer = self._clients[terminal.spot.id].get("/healthz")
        except TillUnreachable:
            return View()
        if not answer.ok:
            return View()
        health = answer.body
        self._on_safe(health["safe"])
        return View(answers=True, peers=frozenset(health["peers"]), unsafe=health["unsafe"] or 0)
