import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.process import run_tool

REPO = Path(__file__).parents[2]


def test_output_is_returned_and_logged(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "x.log"
    heard: list[str] = []
    said = run_tool(["sh", "-c", "echo one; echo two >&2"], log=log, on_line=heard.append)
    assert said == "one\ntwo\n"
    assert heard == ["one", "two"]
    assert log.read_text().endswith("one\ntwo\n")


def test_a_failure_is_one_line_with_tool_code_last_words_and_log(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        run_tool(["sh", "-c", "echo fine; echo 'disk on fire'; echo; exit 3"], log=tmp_path / "log")
    assert str(caught.value).startswith("sh ended with code 3: disk on fire")
    assert str(tmp_path / "log") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("cp: write error: No space left on device", "the disk is full"),
        ("E: Could not connect to mirror.example:80", "the mirror is unreachable"),
        ("E: Temporary failure resolving 'mirror.example'", "does not resolve"),
    ],
)
def test_known_failures_are_told_in_a_persons_words(tmp_path: Path, said: str, told: str) -> None:
    with pytest.raises(BuildError, match=told):
        run_tool(["sh", "-c", f'echo "{said}"; exit 1'], log=tmp_path / "log")


def test_a_known_failure_may_tell_the_line_that_gave_it_away(tmp_path: Path) -> None:
    known = [("Unable to locate", "no such package: {line}", "mend its name")]
    with pytest.raises(BuildError, match=r"^no such package: E: Unable to locate dush "):
        run_tool(
            ["sh", "-c", "echo fine; echo 'E: Unable to locate dush'; echo late; exit 1"],
            log=tmp_path / "log",
            known=known,
        )


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no-such-tool is not installed"):
        run_tool(["no-such-tool"], log=tmp_path / "log")


INTERRUPTED = """
import sys
from pathlib import Path
from imagebuilder import cli
from tests.image.workshop import MemoryReporter, NoteStage, pipeline

class Command:
    @staticmethod
    def main(arguments):
        def act(work):
            work.run(["sh", "-c", "sleep 300 & echo $! > {site}/child; echo started; wait"])
        pipeline(Path("{site}"), MemoryReporter(), one=NoteStage(act=act)).run()

sys.modules["interrupted"] = Command
cli.COMMANDS["wait"] = ("interrupted", "waits")
sys.exit(cli.main(["wait"]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_leaves_no_process_and_no_half_result(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "repo").mkdir()
    build = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED.format(site=tmp_path)],
        env={**os.environ, "PYTHONPATH": f"{REPO}:{REPO / 'image'}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    child = _wait_for_number(tmp_path / "child")
    build.send_signal(number)
    _, said = build.communicate(timeout=30)
    assert (build.returncode, said) == (130, "stopped; nothing half done is left\n")
    assert _ends(child)
    assert list((tmp_path / "cache" / "work").iterdir()) == []
    assert not (tmp_path / "cache" / "stages").exists()


def _ends(number: int) -> bool:
    """Wait until a process that was told to end has; it would run for minutes otherwise."""
    for _ in range(1000):
        try:
            status = Path("/proc", str(number), "status").read_text()
        except OSError:
            return True
        if "State:\tZ" in status:  # reaping it is up to this machine's first process
            return True
        time.sleep(0.02)
    return False


def _wait_for_number(path: Path) -> int:
    for _ in range(1000):
        if path.exists() and path.read_text().endswith("\n"):
            return int(path.read_text())
        time.sleep(0.02)
    raise AssertionError(path)
