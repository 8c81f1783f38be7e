"""``comptoir cloud office`` as a program: people are made by the command, and sign in over HTTP."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from click.testing import CliRunner, Result

from comptoir.cli import main
from comptoir.cloud import EmbeddedStore
from comptoir.domain.totp import bytes_of, code_at, step_at
from tests.fakes.box import Box
from tests.fakes.evening import dine
from tests.fakes.ports import free_ports
from tests.fakes.restaurant import until

PASSWORD = "four words are enough"
CSRF = re.compile(r'name="csrf" value="(\w+)"')


class Program:
    """The head office of a folder, on a port of its own; nobody answers as its broker."""

    def __init__(self, folder: Path) -> None:
        self.port, broker = free_ports(2)
        self.settings = folder / "office.toml"
        self.settings.write_text(
            f'data_dir = "{folder}/data"\noffice_port = {self.port}\ncloud_port = {broker}\n',
            encoding="utf-8",
        )
        self._log = folder / "office.log"
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str, said: str = "") -> Result:
        return CliRunner().invoke(main, ["--settings", str(self.settings), *words], input=said)

    def start(self) -> None:
        program = str(Path(sys.executable).with_name("comptoir"))
        environment = os.environ | {"COMPTOIR_SETTINGS": str(self.settings)}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [program, "cloud", "office"], env=environment, stderr=log
            )
        until(self._answers, 60, "the head office answers", pause_s=0.1)

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/sign-in")[0] == 200
        except ConnectionError:
            return False

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, cookie: str = ""
    ) -> tuple[int, str, str]:
        """Return the status, the page and the cookie that came with it."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": cookie, "X-Forwarded-For": "198.51.100.7"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, urlencode(form or {}), headers)
        answer = link.getresponse()
        page = answer.read().decode()
        given = answer.headers.get("Set-Cookie", cookie).partition(";")[0]
        link.close()
        return answer.status, page, given

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(30) == 0


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def secret_in(output: str) -> str:
    """Return the second factor that the command prints for an authenticator app."""
    address = next(line for line in output.splitlines() if line.startswith("otpauth://totp/"))
    return parse_qs(urlsplit(address).query)["secret"][0]


def test_a_person_made_by_the_command_sees_their_restaurant(
    program: Program, box: Box, tmp_path: Path
) -> None:
    dine(box, paid=2, unpaid=0)
    store = EmbeddedStore(tmp_path / "data/cloud")
    store.register("r1", [box.card])
    store.admit({"r1": box.sealed()})
    made = program.run("cloud", "user", "ann", "--every", "--password", "-", said=PASSWORD + "\n")
    assert made.exit_code == 0, made.output
    program.start()
    _, page, cookie = program.ask("GET", "/sign-in")
    code = code_at(bytes_of(secret_in(made.output)), step_at(time.time_ns() // 1_000_000))
    form = {"csrf": CSRF.findall(page)[0], "name": "ann", "password": PASSWORD, "code": code}
    status, _, cookie = program.ask("POST", "/sign-in", form, cookie)
    assert status == 302
    until(lambda: "Chez Test" in program.ask("GET", "/", cookie=cookie)[1], 30, "the restaurant")
    notes = store.people.notes(50)
    assert ("ann", "signed-in", "198.51.100.7") in {
        (one.user, one.action, one.address) for one in notes
    }
    program.stop()
    store.close()


def test_rights_change_without_a_new_second_factor(program: Program) -> None:
    first = program.run("cloud", "user", "ann", "--every", "--password", "-", said=PASSWORD + "\n")
    again = program.run("cloud", "user", "ann", "--restaurant", "r1")
    assert (again.exit_code, again.output) == (0, "")
    new = program.run("cloud", "user", "ann", "--restaurant", "r1", "--new-code")
    assert secret_in(new.output) != secret_in(first.output)


@pytest.mark.parametrize(
    ("said", "why"), [("short\n", "12 characters"), (None, "needs a password")]
)
def test_a_weak_or_missing_password_is_refused(
    program: Program, said: str | None, why: str
) -> None:
    words = ["--password", "-"] if said else []
    refused = program.run("cloud", "user", "ann", *words, said=said or "")
    assert refused.exit_code == 1
    assert why in refused.output


def test_the_head_offices_card_is_the_same_each_time(program: Program) -> None:
    cards = [program.run("cloud", "card").output for _ in range(2)]
    assert '"terminal": "head-office"' in cards[0]
    assert cards[0] == cards[1]
    key = program.settings.parent / "data/office/signing.key"
    assert key.stat().st_mode & 0o077 == 0
