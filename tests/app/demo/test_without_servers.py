"""The demo and a single restaurant need neither PostgreSQL nor RabbitMQ."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.app.demo.test_run import END_S, ask, opened
from tests.fakes.bare import Bare
from tests.fakes.ports import first_port

SOLD, SOLD_S_MAX, ASK_EVERY_S = 10, 120, 0.2


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bare:
    folder = tmp_path / "bare"
    folder.mkdir()
    made = Bare(folder)
    monkeypatch.setenv("PYTHONPATH", made.path)
    return made


@pytest.mark.parametrize("terminals", [1, 3])
def test_restaurants_sell_and_their_cloud_keeps(tmp_path: Path, bare: Bare, terminals: int) -> None:
    place, port = tmp_path / "demo", first_port(terminals + 1)
    place.mkdir()
    with opened(place, port, terminals=terminals) as demo:
        status = until_kept(port)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(END_S) == 0
    assert status["safe"] >= SOLD
    assert [one for one in ("till", "replica", "cloud ingest") if not bare.started(one)] == []
    assert bare.refused() == []


def until_kept(port: int) -> dict[str, Any]:
    """Wait until enough is safe, and in the cloud; returns how all stands then."""
    until = time.monotonic() + SOLD_S_MAX
    while time.monotonic() < until:
        status: dict[str, Any] = json.loads(ask(port, "GET", "/state").text)
        if status["safe"] >= SOLD and status["cloud"] >= SOLD:
            return status
        time.sleep(ASK_EVERY_S)
    raise AssertionError(f"nothing was kept: {status}")


@pytest.mark.parametrize(
    ("setting", "command", "driver"),
    [
        ('cloud_store = "host=127.0.0.1"', "migrate", "psycopg"),
        ('cloud_broker = "rabbitmq"', "ingest", "pika"),
    ],
)
def test_control_a_cloud_of_servers_does_not_start_so(
    tmp_path: Path, bare: Bare, setting: str, command: str, driver: str
) -> None:
    file = tmp_path / "comptoir.toml"
    file.write_text(f'data_dir = "{tmp_path}/data"\n{setting}\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "comptoir", "--settings", str(file), "cloud", command],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"{driver} is not here" in done.stderr
    assert bare.refused() == [driver]
