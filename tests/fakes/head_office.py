"""A head office of a test: real store, copies, people and pages; restaurants that sell."""

import shutil
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from comptoir.bus.wire import Health
from comptoir.cloud import EmbeddedStore, Store
from comptoir.cloud.author import Author, card_of
from comptoir.cloud.follower import Follower
from comptoir.cloud.mirror import HEAD_OFFICE, Mirror
from comptoir.commands import Command, Desk
from comptoir.commands.condition import Told
from comptoir.commands.desk import SYSTEM_ACTOR
from comptoir.domain.head_office import User
from comptoir.domain.house import Card
from comptoir.domain.totp import STEP_S, bytes_of, code_at, step_at, text_of
from comptoir.domain.updates import Offer
from comptoir.journal import Journal, OwnLog, Signer
from comptoir.settings import Settings
from comptoir.web.head_office.application import create_office
from comptoir.web.head_office.services import OfficeServices
from comptoir.web.server import Server
from tests.fakes.box import Box, StandingClock
from tests.fakes.evening import dine, open_house

PASSWORD = "correct horse battery"
SECRET = text_of(b"a secret of this test")
HASH = PasswordHasher(1, 8, 1).hash(PASSWORD)  # quick: tests sign in often
HTTPS = "https://localhost"


class Office:
    """Everything in this process; ``turn`` does what the follower's thread does each second."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self.clock = StandingClock()
        self.store = store or EmbeddedStore(folder / "store")
        self.store.migrate()
        mirror = Mirror(self.store, folder / "copies", self.clock)
        self.follower = Follower(self.store, mirror, self.clock)
        self.signer = Signer.generate()
        self.told: list[str] = []
        self.ready: list[Offer] = []
        self._visits = 0
        author = Author(self.store, mirror, self.signer, self.clock, self)
        self.services = OfficeServices(
            self.follower,
            self.store.people,
            self.clock,
            b"secret of this test",
            author.publish,
            lambda: self.ready,
        )
        self.sites: dict[str, Box] = {}
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def publish(self, topic: str, payload: bytes) -> bool:
        """Stand where the cloud's broker would."""
        del payload
        self.told.append(topic)
        return True

    def open_site(self, restaurant: str, name: str, *, paid: int = 0, unpaid: int = 0,
                  currency: str = "EUR") -> Box:  # fmt: skip
        """Open a restaurant of one terminal, let it sell, and take its events in."""
        box = self._box(restaurant, Signer.generate())
        open_house(box, name, currency)
        self.store.register(restaurant, [box.card])
        self.sites[restaurant] = box
        self.sell(restaurant, paid=paid, unpaid=unpaid)
        return box

    def _box(self, restaurant: str, signer: Signer) -> Box:
        journal = Journal(self.folder / f"{restaurant}.db")
        journal.migrate()
        terminal = f"t-{restaurant}"
        log = OwnLog(journal, signer, self.clock, restaurant=restaurant, terminal=terminal)
        log.open(peers_answered=True)
        card = Card(terminal, "A", "Bar", signer.public, "")
        desk = Desk(log, self.clock, letter="A")
        return Box(terminal, journal, log, desk, self.clock, card, signer)

    def copy(self, folder: Path) -> "Office":
        """Return another like it in a folder of its own; much faster than selling it all again."""
        shutil.copytree(self.folder, folder)
        made = Office(folder)
        for restaurant, box in self.sites.items():
            made.sites[restaurant] = made._box(restaurant, box.signer)
        made.turn()
        return made

    def do(self, restaurant: str, *commands: Command) -> None:
        """Let a restaurant's own terminal do something, and take it in."""
        box = self.sites[restaurant]
        for command in commands:
            box.desk.run(command, SYSTEM_ACTOR)
        self.store.admit({restaurant: box.sealed()})
        self.turn()

    def hear(self, restaurant: str) -> None:
        """Let a restaurant's terminal take what the head office wrote."""
        box = self.sites[restaurant]
        trust = {box.name: box.card, HEAD_OFFICE: card_of(self.signer)}
        said = self.store.range(restaurant, (HEAD_OFFICE, 1), 1, 1000, 1 << 20)
        box.journal.admit(said, restaurant=restaurant, trust=trust)

    def sell(self, restaurant: str, *, paid: int = 0, unpaid: int = 0) -> None:
        """Let a restaurant sell, and take it in."""
        box = self.sites[restaurant]
        dine(box, paid=paid, unpaid=unpaid)
        self.store.admit({restaurant: box.sealed()})
        self.store.hear({(restaurant, box.name): self.clock.now_ms()})
        self.turn()

    def say_health(self, restaurant: str, health: Health, terminal: str = "") -> None:
        """Let a terminal say how it is, as it does when it asks for its mark."""
        who = restaurant, terminal or self.sites[restaurant].name
        self.store.hear({who: self.clock.now_ms()})
        self.store.note_health({who: Told(self.clock.now_ms(), health)})
        self.turn()

    def turn(self) -> None:
        self.follower.turn()

    def hire(self, name: str, restaurants: Iterable[str] = (), **rights: object) -> User:
        """Give somebody the password and the second factor of this test."""
        user = User(name, HASH, SECRET, tuple(restaurants))
        user = replace(user, **rights)  # type: ignore[arg-type]
        self.store.people.set_user(user)
        return user

    def code(self) -> str:
        """Return the code of the next moment: each is good once."""
        self.clock.ms += STEP_S * 1000
        return code_at(bytes_of(SECRET), step_at(self.clock.ms))

    def browser(self) -> "Browser":
        return Browser(create_office(self.services).test_client(), self.code)

    def at(self, name: str) -> "Browser":
        """Return a browser with somebody signed in."""
        before_ms, browser = self.clock.ms, self.browser()
        self._visits += 1
        self.clock.ms += self._visits * STEP_S * 1000
        assert browser.sign_in(name).status_code == 302
        self.clock.ms = before_ms
        return browser

    def serve(self) -> str:
        """Start the real server; returns its address."""
        settings = Settings(http_host="127.0.0.1", http_port=0)
        self._server = Server(create_office(self.services), settings)
        self._thread = threading.Thread(target=self._server.run, name="office")
        self._thread.start()
        return f"http://localhost:{self._server.port}"

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
        for box in self.sites.values():
            box.journal.close()
        self.store.close()


class Browser:
    """A browser over HTTPS that sends back what our pages give it."""

    def __init__(self, client: FlaskClient, code: Callable[[], str]) -> None:
        self._client = client
        self._code = code

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._client.get(path, base_url=HTTPS, headers=headers)

    def text(self, path: str) -> str:
        return self.get(path).get_data(as_text=True)

    def post(self, path: str, **form: object) -> TestResponse:
        return self._client.post(path, base_url=HTTPS, data={"csrf": self.csrf(), **form})

    def csrf(self) -> str:
        self.get("/sign-in")
        with self._client.session_transaction(base_url=HTTPS) as session:
            return str(session["csrf"])

    def sign_in(self, name: str, password: str = PASSWORD, code: str | None = None) -> TestResponse:
        given = self._code() if code is None else code
        return self.post("/sign-in", name=name, password=password, code=given)
