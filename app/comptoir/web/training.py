"""Training mode: the same screens on a journal of their own, so that nothing of it is ever real.

Its journal begins with the menu and the people and without a sale; nobody copies it, prints from
it, reports on it or states its receipts, and it is thrown away when the next training begins. A
browser in training says so with every request; what it asks for never reaches the till's own desk.
"""

import shutil
import threading
from dataclasses import replace

from flask import Flask, current_app, g, request

from comptoir.commands import Desk
from comptoir.commands.training import furnish
from comptoir.journal import Journal, OwnLog, Signer
from comptoir.web.changes import Changes
from comptoir.web.front import Front
from comptoir.web.printers import PrinterBoard
from comptoir.web.safety import SafetyBoard
from comptoir.web.services import Services

EXTENSION = "comptoir.training"
COOKIE = "comptoir_training"
LETTER = "TRAIN"
FOLDER = "training"


class Playground:
    """Makes the services of training when somebody begins, and keeps them for who trains."""

    def __init__(self, real: Services) -> None:
        self._real = real
        self._lock = threading.Lock()
        self._made: Services | None = None

    def begin(self) -> Services:
        """Throw away what was there and return new services, furnished like the house."""
        with self._lock:
            before, self._made = self._made, None
            if before is not None:
                before.changes.close()
                before.journal.close()
            self._made = self._new()
            return self._made

    def services(self) -> Services:
        """Return what is there; a till that was started anew makes it anew."""
        with self._lock:
            if self._made is None:
                self._made = self._new()
            return self._made

    def close(self) -> None:
        """End the live pages of training: the till stops."""
        made = self._made  # without the lock: who begins at this moment sees that the till stops
        if made is not None:
            made.changes.close()

    def _new(self) -> Services:
        real = self._real
        folder = real.settings.data_dir / FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        journal = Journal(folder / "journal.db")
        journal.migrate()
        # a key of its own: nothing that training makes can be shown as this terminal's
        signer, terminal = Signer.generate(), real.identity.terminal
        log = OwnLog(journal, signer, real.clock, restaurant=FOLDER, terminal=terminal)
        log.open(peers_answered=False)
        desk = Desk(log, real.clock, letter=LETTER)
        furnish(desk, real.journal)
        changes = Changes()
        journal.on_commit(changes.notify)
        if real.changes.closed:
            changes.close()
        return replace(
            real,
            desk=desk,
            journal=journal,
            changes=changes,
            safety=SafetyBoard(changes.notify),
            printers=PrinterBoard(changes.notify),
            front=Front(),
        )


def setup(app: Flask, real: Services) -> None:
    """Keep a playground in the application; it costs nothing before somebody trains."""
    made = Playground(real)
    app.extensions[EXTENSION] = made
    real.changes.on_close(made.close)


def playground() -> Playground:
    """Return the application's playground."""
    found: Playground = current_app.extensions[EXTENSION]
    return found


def enter_if_asked() -> None:
    """Turn this request to the playground when the browser is in training and knows a person."""
    g.playground = None
    if request.cookies.get(COOKIE) and g.staff is not None:
        g.playground = playground().services()
