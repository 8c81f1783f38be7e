"""What the roles of the cloud promise, seen from a restaurant, a browser and a stranger."""

import http.client
import ssl
import threading
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from comptoir.bridge_paper import BridgePaper
from comptoir.bus import Address, CloudTls, topics, wire
from comptoir.cloud_link import CloudLink
from comptoir.commands.updates import updates
from comptoir.enrolment import Cloud, take_cloud
from comptoir.updates.door import Lost
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Remote, Source
from tests.fakes import bundles
from tests.fakes.papers import Authority
from tests.fakes.restaurant import Terminal, until
from tests.molecule.cloud.conftest import RESTAURANT, Server, enrolled, until_held

PATIENCE_S = 60.0
WORKERS = "comptoir-cloud-ingest@*.service"
SERVICES = "comptoir-cloud.target"
UNPROVEN = ("", "")
UPDATES, FAST = 8884, 1 << 30


class Guest:
    """A client with whatever papers it has; notes what it hears and how it was answered."""

    def __init__(self, ca: Path, certificate: str = "", key: str = "") -> None:
        self.heard: list[str] = []
        self.said: list[bytes] = []
        self.answers: list[ReasonCode] = []
        self._answered = threading.Event()
        self._in = False
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._client.tls_set(str(ca), certificate or None, key or None)
        self._client.on_connect = self._told
        self._client.on_disconnect = lambda *_: self._answered.set()
        self._client.on_message = self._hear
        self._client.on_publish = lambda _c, _u, _m, answer, _p: self.answers.append(answer)

    def _told(
        self, _c: Client, _about: object, _flags: object, why: ReasonCode, _p: object
    ) -> None:
        self._in = not why.is_failure
        self._answered.set()

    def _hear(self, _client: Client, _about: object, message: MQTTMessage) -> None:
        self.heard.append(message.topic)
        self.said.append(bytes(message.payload))

    def comes_in(self) -> bool:
        """Tell whether the broker takes this client; others are cut off."""
        try:
            self._client.connect("localhost", 8883)
        except (ssl.SSLError, ConnectionError):
            return False
        self._client.loop_start()
        assert self._answered.wait(PATIENCE_S)
        return self._in

    def publish(self, topic: str, payload: bytes = b"x") -> ReasonCode:
        self._client.publish(topic, payload, qos=1)
        until(lambda: self.answers, PATIENCE_S, "an answer of the broker")
        return self.answers.pop()

    def listen(self, topic: str) -> None:
        self._client.subscribe(topic, qos=1)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def guest_of(link: CloudLink) -> Guest:
    assert link.ca is not None
    return Guest(link.ca, str(link.certificate), str(link.key))


def test_what_an_enrolled_restaurant_sells_is_committed_and_the_mark_comes_back(
    server: Server, till: Terminal
) -> None:
    till.sell(5)
    until_held(till)
    assert server.events() == till.journal.position()


def test_a_restaurant_neither_writes_nor_hears_in_anothers_name(
    till: Terminal, papers: Path, tmp_path: Path
) -> None:
    other = guest_of(enrolled(papers, "r2", tmp_path))
    assert other.comes_in()
    other.listen("r/#")
    assert other.publish(topics.UP.at("r1", "t1")).getName() == "Not authorized"
    assert other.publish(topics.MARK.at("r1")).getName() == "Not authorized"
    assert other.publish(topics.UP.at("r2", "t1")).getName() in {
        "Success",
        "No matching subscribers",
    }
    till.sell(1)
    until_held(till)  # so that a mark went down to r1
    other.leave()
    assert [topic for topic in other.heard if not topic.startswith("r/r2/")] == []


def test_nobody_comes_in_without_papers_of_this_cloud(papers: Path, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path / "other").issue("r1", "r1")
    for shown in (UNPROVEN, (str(certificate), str(key))):
        guest = Guest(papers / "ca.crt", *shown)
        assert not guest.comes_in(), shown
        guest.leave()


def test_a_terminals_certificate_is_renewed_and_the_broker_takes_it(
    server: Server, till: Terminal, papers: Path, tmp_path: Path
) -> None:
    link = enrolled(papers, "r1", tmp_path)
    assert link.ca
    assert link.certificate
    assert link.key
    ca, shown, key = (
        file.read_text(encoding="ascii") for file in (link.ca, link.certificate, link.key)
    )
    take_cloud(till.identity.directory, Cloud("localhost", 8883, ca, shown, key))
    paper = BridgePaper(till.identity, tmp_path / "renewed.pem")
    guest = guest_of(link)
    assert guest.comes_in()
    guest.listen(topics.PAPER.at("r1"))
    guest.publish(topics.UP.at("r1", "t1"), wire.pack(paper.ask()))
    until(lambda: guest.heard, PATIENCE_S, "an answer of the cloud")
    guest.leave()
    assert paper.take(wire.unpack(guest.said[0], wire.Renewed).certificate)
    renewed = str(tmp_path / "renewed.pem")
    again = Guest(papers / "ca.crt", renewed, renewed)
    assert again.comes_in()
    again.leave()
    rights = server.run("stat", "--format=%a %U %G", "/etc/comptoir-cloud/renewing/ca.key")
    assert rights.split() == ["640", "root", "comptoir-cloud"]


def given(link: CloudLink, made: bytes) -> bytes:
    """Return an update as a terminal of the restaurant gets it; raises Lost."""
    assert link.ca
    assert link.certificate
    assert link.key
    tls = CloudTls(link.ca, link.certificate, link.key)
    cloud = Source("cloud", Address("localhost", UPDATES), tls.context, tls.accepts, "localhost")
    remote = Remote(bundles.about(made).bundle, len(made), [cloud], Rate(FAST))
    try:
        return remote.read(0, len(made))
    finally:
        remote.close()


def test_an_update_is_offered_by_a_command_and_given_to_who_is_registered_and_to_nobody_else(
    server: Server, till: Terminal, papers: Path, tmp_path: Path
) -> None:
    made = bundles.bundle(bundles.root())
    (server.tree / "var/cache/new.raucb").write_bytes(made)
    server.as_app("comptoir", "cloud", "offer", "/var/cache/new.raucb", RESTAURANT)
    until(lambda: updates(till.journal).offers, 120, "the offer at the till")
    assert given(enrolled(papers, RESTAURANT, tmp_path), made) == made
    with pytest.raises(Lost):
        given(enrolled(papers, "r2", tmp_path), made)


def test_killed_workers_lose_nothing_and_are_back(server: Server, till: Terminal) -> None:
    for _ in range(3):
        till.sell(60)
        till.tell_grown()
        server.run("systemctl", "kill", "--signal=KILL", WORKERS)
    until_held(till)
    assert server.events() == till.journal.position()


def ask(papers: Path, path: str) -> tuple[int, str]:
    """Return what a browser that trusts this cloud gets over TLS."""
    context = ssl.create_default_context(cafile=str(papers / "ca.crt"))
    link = http.client.HTTPSConnection("localhost", timeout=PATIENCE_S, context=context)
    link.request("GET", path)
    answer = link.getresponse()
    page = answer.read().decode()
    link.close()
    return answer.status, page


def test_the_head_office_answers_over_tls_and_only_so(server: Server, papers: Path) -> None:
    status, page = ask(papers, "/sign-in")
    assert (status, 'name="password"' in page) == (200, True)
    plain = http.client.HTTPConnection("localhost", timeout=PATIENCE_S)
    plain.request("GET", "/sign-in")
    assert plain.getresponse().getheader("Location") == "https://localhost/sign-in"
    plain.close()
    listening = server.run("ss", "--listening", "--tcp", "--numeric", "--no-header").splitlines()
    open_to_all = {
        line.split()[3].rpartition(":")[2]
        for line in listening
        if not line.split()[3].startswith(("127.0.0.1:", "[::1]:"))
    }
    assert open_to_all == {"80", "443", "8883", "8884"}


def test_the_first_person_of_the_head_office_is_made_by_the_command(server: Server) -> None:
    words = ("comptoir", "cloud", "user", "ann", "--every", "--new-code", "--password", "-")
    assert "otpauth://totp/" in server.as_app(*words, said="four words are enough\n")


def test_nobody_but_the_programs_reads_their_keys(server: Server) -> None:
    keys = ("/etc/comptoir-broker/server.key", "/etc/comptoir-store/server.key",
            "/etc/comptoir-cloud/client.key", "/etc/comptoir-cloud/server.key")  # fmt: skip
    owners = server.run("stat", "--format=%U %G %a", *keys).splitlines()
    assert owners == [f"root {g} 640" for g in ("mosquitto", "postgres", *2 * ["comptoir-cloud"])]


def test_a_backup_is_restored_and_restaurants_send_again_what_it_lacks(
    server: Server, till: Terminal
) -> None:
    server.run("systemctl", "start", "comptoir-backup.service")
    backup = max(server.run("find", "/var/backups/comptoir", "-name", "*.dump").split())
    at_backup = server.events()
    till.sell(7)
    until_held(till)
    server.run("systemctl", "stop", SERVICES)
    server.run("sudo", "-u", "postgres", "pg_restore", "--clean", "--create",
               "--dbname=postgres", backup)  # fmt: skip
    assert server.events() == at_backup
    server.run("systemctl", "start", SERVICES)
    until(lambda: server.events() == till.journal.position(), 120, "sent again", pause_s=0.5)


def test_backups_do_not_grow_without_end(server: Server) -> None:
    for _ in range(3):
        server.run("sudo", "-u", "postgres", "/usr/local/lib/comptoir/backup",
                   "comptoir", "/var/backups/comptoir", "2")  # fmt: skip
    kept = server.run("find", "/var/backups/comptoir", "-type", "f").split()
    assert len(kept) == 2
