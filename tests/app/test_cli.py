import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comptoir.cli import main
from comptoir.cli.readiness import tell_ready

CHECK = {"currency": "EUR", "lines": [{"id": "soup", "unit_price": 650, "qty_milli": 2000}]}


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=given)


def test_price_reads_a_file_or_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "check.json"
    file.write_text(json.dumps(CHECK), encoding="utf-8")
    from_file, from_input = run("price", str(file)), run("price", "-", given=json.dumps(CHECK))
    assert from_file.exit_code == from_input.exit_code == 0
    assert json.loads(from_file.stdout) == json.loads(from_input.stdout)
    assert json.loads(from_file.stdout)["total"] == 1300


def test_price_refuses_in_one_line_and_prints_nothing() -> None:
    for arguments, given, said in (
        (["price", "-"], "{}", "Error: $.currency: missing\n"),
        (["price", "nowhere.json"], "", "Error: nowhere.json: No such file or directory. "),
    ):
        result = run(*arguments, given=given)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.startswith(said)
        assert result.stderr.count("\n") == 1


def test_a_script_of_the_demo_that_is_not_there_is_said_before_anything_starts() -> None:
    result = run("demo", "--script", "nowhere.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "File 'nowhere.txt' does not exist." in result.stderr
    assert "Setting up" not in result.output


def test_readiness_is_told_to_the_service_manager_that_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        tell_ready()
        assert manager.recv(64) == b"READY=1"


def test_without_a_service_manager_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_ready()


LOADED = (
    "import sys; from comptoir.cli import main; main(standalone_mode=False); print(*sys.modules)"
)


def test_a_start_with_nothing_to_bring_up_loads_no_migrations(tmp_path: Path) -> None:
    surroundings = os.environ | {"COMPTOIR_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", LOADED, "migrate"]
    first, later = (
        subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert "applied m001_events" in first
    assert "sqlite_utils" in first.split()
    assert "applied" not in later
    assert "sqlite_utils" not in later.split()
