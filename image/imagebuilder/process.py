"""Runs the tools a build needs: own process group, output to a log, failure as one line."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from imagebuilder.errors import BuildError

STOP_GRACE_S = 2
COMMAND_LOGGED_MAX = 2000
OnLine = Callable[[str], None]
Known = Sequence[tuple[str, str, str]]

# (text in the output, what to say, what to do): the failures people really meet. `{line}` in what
# is said becomes the line that has the text.
KNOWN_FAILURES: Known = (
    ("No space left on device", "the disk is full", "free space or set XDG_CACHE_HOME elsewhere"),
    ("Temporary failure resolving", "the mirror's name does not resolve", "check the network"),
    ("Could not connect", "the mirror is unreachable", "check the network or the mirror's address"),
    ("Could not resolve", "the mirror's name does not resolve", "check the network"),
    (
        "Hash Sum mismatch",
        "a download has the wrong checksum",
        "try again; the mirror may be syncing",
    ),
)

LINE_TOLD_MAX = 300


class Run(Protocol):
    """Runs a tool and returns what it printed; run_tool with a log."""

    def __call__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        known: Known = (),
    ) -> str: ...


def run_tool(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    on_line: OnLine | None = None,
    known: Known = (),
) -> str:
    """Run `argv` to its end and return its output (stdout and stderr together).

    `env` is added to the process's environment. Ctrl-C kills the whole group before it goes on up.
    Raises BuildError naming the tool, its log and the last line it said.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", errors="replace") as record:
        record.write("$ " + " ".join(map(str, argv))[:COMMAND_LOGGED_MAX] + "\n")
        with _start(argv, env) as process:
            try:
                lines = _read(process, record.write, on_line)
                code = process.wait()
            except BaseException:
                stop_group(process)
                raise
    if code:
        raise _failure(argv, code, lines, log, known)
    return "".join(lines)


def stop_group(process: subprocess.Popen[str]) -> None:
    """End the process and all it started; kill what ignores the request."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_GRACE_S)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _start(argv: Sequence[str | Path], env: Mapping[str, str] | None) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            [os.fspath(part) for part in argv],
            env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise BuildError(
            f"{argv[0]} is not installed", where="tools", hint="run image/build, it installs them"
        ) from error


def _read(
    process: subprocess.Popen[str], write: Callable[[str], int], on_line: OnLine | None
) -> list[str]:
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    lines = []
    for line in process.stdout:
        write(line)
        lines.append(line)
        if on_line:
            on_line(line.rstrip("\n"))
    return lines


def _failure(
    argv: Sequence[str | Path], code: int, lines: list[str], log: Path, known: Known
) -> BuildError:
    text = "".join(lines)
    for sign, what, hint in (*known, *KNOWN_FAILURES):
        if sign in text:
            line = next((line.strip() for line in lines if sign in line), "")[:LINE_TOLD_MAX]
            what = what.replace("{line}", line)  # noqa: PLW2901  as told
            return BuildError(what, where=f"{Path(argv[0]).name}", hint=f"{hint}; log: {log}")
    said = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    return BuildError(
        f"{Path(argv[0]).name} ended with code {code}: {said[:LINE_TOLD_MAX]}",
        where=f"log: {log}",
        hint="read the end of the log",
    )
