"""Builds the head office: its copies of the restaurants, its pages, its people."""

import dataclasses
import os
import secrets
from pathlib import Path

from comptoir.bootstrap.cloud import open_voice
from comptoir.bootstrap.terminal import SystemClock
from comptoir.cloud import Road, Store
from comptoir.cloud.author import Author, card_of
from comptoir.cloud.follower import Follower
from comptoir.cloud.mirror import Mirror
from comptoir.commands.pins import hash_pin
from comptoir.domain.errors import Refusal
from comptoir.domain.head_office import SET_USER, Entry, User
from comptoir.domain.house import Card
from comptoir.domain.totp import SECRET_BYTES, text_of
from comptoir.domain.updates import Offer
from comptoir.journal import Signer
from comptoir.settings import Settings
from comptoir.updates.bundles import named
from comptoir.web.head_office.application import create_office
from comptoir.web.head_office.services import OfficeServices
from comptoir.web.server import Server
from comptoir.web.throttle import Throttle

PASSWORD_CHARACTERS_MIN = 12
KEY_BYTES = 32
LOOPBACK = "127.0.0.1"  # where TLS ends


class PasswordRefused(Refusal):
    """A password that a guess would find."""


class HeadOffice:
    """The program: follows the store, serves the pages; ``stop`` from a signal handler."""

    def __init__(self, follower: Follower, voice: Road, server: Server) -> None:
        self._follower = follower
        self._voice = voice
        self._server = server

    @property
    def port(self) -> int:
        """Return where the pages are served."""
        return self._server.port

    def run(self) -> None:
        """Work until ``stop``."""
        self._voice.start()
        self._follower.start()
        try:
            self._server.run()
        finally:
            self._follower.stop()
            self._voice.stop()

    def stop(self) -> None:
        """End ``run`` within a moment."""
        self._server.stop()


def open_office(store: Store, settings: Settings) -> HeadOffice:
    """Return the head office of a store."""
    folder = settings.data_dir / "office"
    folder.mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    mirror = Mirror(store, folder / "restaurants", clock)
    voice = open_voice(settings)
    author = Author(store, mirror, office_signer(settings), clock, voice)
    follower = Follower(store, mirror, clock, author.attest)
    office = OfficeServices(
        follower,
        store.people,
        clock,
        _session_key(folder / "session.key"),
        author.publish,
        lambda: on_shelf(settings),
        Throttle(folder / "wrong-passwords.json"),
    )
    at = dataclasses.replace(
        settings, http_host=settings.office_host, http_port=settings.office_port
    )
    return HeadOffice(follower, voice, Server(create_office(office), at, proxy=LOOPBACK))


def office_signer(settings: Settings) -> Signer:
    """Return the key under which the head office writes; made at its first use, and never again."""
    file = settings.data_dir / "office" / "signing.key"
    if not file.exists():
        _write_secret(file, Signer.generate().pem())
    return Signer.load(file)


def office_card(settings: Settings) -> Card:
    """Return the card that terminals are given to believe the head office."""
    return card_of(office_signer(settings))


def shelf_folder(settings: Settings) -> Path:
    """Return where the bundles lie that restaurants are given."""
    folder = settings.data_dir / "bundles"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def on_shelf(settings: Settings) -> list[Offer]:
    """Return what lies ready, the newest first; a file is called after the sum it was put with."""
    files = shelf_folder(settings).glob("[0-9a-f]" * 64 + ".raucb")
    newest_first = sorted(files, key=lambda one: -one.stat().st_mtime)
    found = (named(file, file.stem).about for file in newest_first)
    return [Offer(one.bundle, one.compatible, one.version, one.size) for one in found]


def _session_key(file: Path) -> bytes:
    """Return what signs the sessions, made once; without it everybody signs in again."""
    if not file.exists():
        _write_secret(file, secrets.token_bytes(KEY_BYTES))
    return file.read_bytes()


def _write_secret(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)


def set_user(store: Store, user: User, password: str | None, *, new_code: bool) -> User:
    """Add or change a person; what is not given stays; returns them with their second factor."""
    known = store.people.user(user.name) or User(user.name)
    if password is not None and len(password) < PASSWORD_CHARACTERS_MIN:
        raise PasswordRefused(f"A password has {PASSWORD_CHARACTERS_MIN} characters or more.")
    hashed = known.password_hash if password is None else hash_pin(password)
    if not hashed:
        raise PasswordRefused(f"{user.name} is new and needs a password.")
    secret = known.secret
    if new_code or not secret:
        secret = text_of(secrets.token_bytes(SECRET_BYTES))
    made = dataclasses.replace(user, password_hash=hashed, secret=secret)
    store.people.set_user(made)
    rights = ", ".join(made.restaurants) or "none"
    detail = f"{made.name}: {rights}; publishes {made.publishes}, audits {made.audits}"
    entry = Entry(SystemClock().now_ms(), "", SET_USER, "", f"{detail}, active {made.active}")
    store.people.note(entry)
    return made
