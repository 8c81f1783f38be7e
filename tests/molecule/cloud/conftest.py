"""The booted server, and a restaurant enrolled at it as its documents say."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from comptoir.cli import main
from comptoir.cloud_link import CloudLink
from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from comptoir.enrolment import read_enrolment
from tests.fakes.restaurant import Terminal, until

ENTER = Path("tests/molecule/default/enter-machine")
RESTAURANT, BROKER = "r1", "localhost:8883"
COUNTED = "SELECT count(*) FROM event WHERE restaurant = 'r1'"


class Server:
    """Runs commands on the machine, and answers with what they print."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"

    def run(self, *words: str, said: str = "") -> str:
        done = subprocess.run(
            [ENTER, self.tree, *words], input=said, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def as_app(self, *words: str, said: str = "") -> str:
        return self.run("sudo", "-u", "comptoir-cloud", *words, said=said)

    def events(self) -> int:
        """Return how many events of the restaurant have been committed."""
        psql = ("psql", "--dbname=comptoir", "--tuples-only", "--no-align", "--command", COUNTED)
        return int(self.as_app(*psql))


@pytest.fixture(scope="session")
def server() -> Server:
    return Server(Path(os.environ["CLOUD_MACHINE"]))


@pytest.fixture(scope="session")
def papers() -> Path:
    return Path(os.environ["CLOUD_PAPERS"])


def enrolled(papers: Path, restaurant: str, folder: Path) -> CloudLink:
    """Return the way to the cloud that `comptoir cloud enrol` writes for a restaurant."""
    file = folder / f"{restaurant}.json"
    words = ["cloud", "enrol", restaurant, str(file), "--papers", str(papers), "--at", BROKER]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    way = read_enrolment(file).cloud
    assert way is not None
    link = CloudLink(f"{way.host}:{way.port}", *(folder / f"{restaurant}.{k}" for k in "abc"))
    for path, pem in zip((link.ca, link.certificate, link.key),
                         (way.ca_pem, way.cert_pem, way.key_pem), strict=True):  # fmt: skip
        assert path is not None
        path.write_text(pem, encoding="ascii")
    return link


@pytest.fixture(scope="session")
def till(
    server: Server, papers: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("restaurant")
    made = Terminal(folder / "t1", "t1", "A", cloud=enrolled(papers, RESTAURANT, folder))
    card = server.tree / "var/cache/card.json"
    card.write_text(json.dumps(dump(made.card)), encoding="utf-8")
    server.as_app("comptoir", "cloud", "register", RESTAURANT, "/var/cache/card.json")
    made.head_office = load(Card, json.loads(server.as_app("comptoir", "cloud", "card")))
    made.know([made])
    made.start()
    made.open_log()
    yield made
    made.stop()


def until_held(till: Terminal, seconds: float = 120.0) -> None:
    """Wait until the mark that came back to the restaurant covers all that it sold."""
    own = {
        f"{terminal}/{epoch}": head.seq for (terminal, epoch), head in till.journal.vector().items()
    }
    until(lambda: till.safety().cloud == own, seconds, "the mark at the till")
