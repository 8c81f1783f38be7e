"""Builds what gives the cloud's bundles to restaurants, and what offers them there."""

import os
import shutil
import ssl
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

from comptoir.bootstrap.cloud import open_voice
from comptoir.bootstrap.head_office import office_signer, shelf_folder
from comptoir.bootstrap.terminal import SystemClock
from comptoir.bus import CertificateRefused, common_name
from comptoir.cloud import Store
from comptoir.cloud.author import Author
from comptoir.cloud.mirror import Mirror
from comptoir.cloud.papers import APP
from comptoir.cloud.renewer import FOLDER
from comptoir.commands.updates import OfferUpdate, WantUpdate
from comptoir.domain.errors import Refusal
from comptoir.settings import Settings
from comptoir.updates.bundles import Held, NoBundle, whole
from comptoir.updates.door import Door
from comptoir.updates.rate import Rate
from comptoir.updates.store import Shelf

EVERYWHERE = "::"
TALKS_MAX = 64
BYTES_S = 64 << 20  # all restaurants together; each asks for a thirtieth of it
REFRESH_S = 30.0
WHO = "updates"


class OfferRefused(Refusal):
    """A file that is no bundle, or a restaurant that nobody knows."""


class ManyTalks(Door):
    """A door through which many restaurants come at the same hour of the night."""

    talks_max = TALKS_MAX


class Giving:
    """The program: gives bundles to restaurants of this cloud; ``stop`` from a signal handler."""

    def __init__(self, door: Door, shelf: Shelf) -> None:
        self._door = door
        self._shelf = shelf
        self._stopping = threading.Event()

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self._door.server_address[1])

    def run(self) -> None:
        """Work until ``stop``."""
        self._shelf.refresh()
        self._door.start()
        try:
            while not self._stopping.wait(REFRESH_S):
                self._shelf.refresh()
        finally:
            self._door.stop()

    def stop(self) -> None:
        """End ``run`` within a moment."""
        self._stopping.set()


def open_giving(store: Store, settings: Settings, host: str = EVERYWHERE) -> Giving:
    """Return what gives bundles over mTLS, to who shows a certificate of a restaurant's bridge."""
    papers = Path(settings.cloud_tls_dir)
    folder = shelf_folder(settings)
    shelf = Shelf(folder)

    def find(bundle: str) -> Held | None:
        found = shelf.find(bundle)
        if found is None and (folder / f"{bundle}.raucb").exists():  # offered a moment ago
            shelf.refresh()
            found = shelf.find(bundle)
        return found

    def context() -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_3
        made.load_cert_chain(papers / "server.crt", papers / "server.key")
        made.verify_mode = ssl.CERT_REQUIRED
        for authority in (papers / "ca.crt", papers / FOLDER / "ca.crt"):
            if authority.exists():
                made.load_verify_locations(authority)
        return made

    def of_a_restaurant(shown: bytes) -> bool:
        return restaurant_of(shown) in store.restaurants()

    at = (host, settings.update_port)
    door = ManyTalks(at, find, Rate(BYTES_S), context, of_a_restaurant)
    return Giving(door, shelf)


def restaurant_of(shown: bytes) -> str:
    """Return whose bridge a certificate is, DER; empty for the cloud's own and for none."""
    try:
        name = common_name(ssl.DER_cert_to_PEM_cert(shown))
    except CertificateRefused:
        return ""
    return "" if name == APP else name


def offer(
    store: Store, settings: Settings, file: Path, restaurants: Sequence[str], *, at_once: bool
) -> Held:
    """Put a bundle where restaurants find it, and offer it to those chosen."""
    unknown = sorted(set(restaurants) - set(store.restaurants()))
    if unknown:
        raise OfferRefused(f"There is no restaurant {', '.join(unknown)}. Nothing was offered.")
    held = _put(file, shelf_folder(settings))
    clock, voice = SystemClock(), open_voice(settings)
    mirror = Mirror(store, settings.data_dir / "offering", clock)
    author = Author(store, mirror, office_signer(settings), clock, voice)
    about = held.about
    voice.start()
    try:
        for restaurant in restaurants:
            offered = OfferUpdate(
                uuid.uuid4().hex, about.bundle, about.compatible, about.version, about.size
            )
            author.publish(restaurant, offered, WHO)
            if at_once:
                author.publish(restaurant, WantUpdate(uuid.uuid4().hex, about.bundle), WHO)
    finally:
        voice.stop()
    return held


def _put(file: Path, folder: Path) -> Held:
    """Copy a bundle onto the shelf, whole or not at all."""
    try:
        about = whole(file).about
    except NoBundle as error:
        raise OfferRefused(f"{file} is no bundle: {error}. Take one of image/build.") from error
    place = folder / f"{about.bundle}.raucb"
    if not place.exists():
        new = place.with_suffix(".new")
        with file.open("rb") as source, new.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        new.replace(place)
    return whole(place)
