"""A root shell over an emulated terminal's serial console."""

import re
import socket
import time
import uuid
from pathlib import Path

ANSI = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-9;?!]*[a-zA-Z]|[=>])")
CHUNK = 65536
NEWLINE_EVERY_S = 5.0


class ConsoleSilent(Exception):
    """The shell did not answer in time; the message ends with what the console last said."""


class Console:
    """Runs one command at a time; everything said is kept in ``said``."""

    def __init__(self, path: Path) -> None:
        self.said = ""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._socket.settimeout(0.5)

    def close(self) -> None:
        self._socket.close()

    def log_in(self, seconds: float) -> None:
        """Wait for the shell that logs itself in, and make it a quiet one."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.send("\n")
            if self._until(r"# $", NEWLINE_EVERY_S):
                self.send("exec env PS1= sh\n")
                self.send("stty -echo; PS1=\n")
                self.run("true", seconds=30)
                return
        raise ConsoleSilent(f"no shell within {seconds} s: {self.said[-2000:]}")

    def run(self, command: str, seconds: float = 60) -> str:
        """Return the command's output; AssertionError if it fails."""
        code, output = self.attempt(command, seconds)
        assert code == 0, f"{command}: exit code {code}: {output}"
        return output

    def attempt(self, command: str, seconds: float = 60) -> tuple[int, str]:
        """Return the command's exit code and output."""
        mark = uuid.uuid4().hex
        # the mark is sent in two halves, so that an echo of the command is not taken for the answer
        left, right = mark[:16], mark[16:]
        self.said = ""
        self.send(f"echo {left}''{right}; {command}; echo {left}''{right} $?\n")
        if not self._until(rf"{mark} (\d+)\r?\n", seconds):
            raise ConsoleSilent(f"{command}: no answer within {seconds} s: {self.said[-2000:]}")
        found = re.search(rf"{mark}\r?\n(.*?){mark} (\d+)\r?\n", self.said, re.DOTALL)
        assert found, self.said
        return int(found[2]), found[1].replace("\r", "").strip()

    def send(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def _until(self, pattern: str, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not re.search(pattern, self.said):
            if time.monotonic() > end:
                return False
            try:
                heard = self._socket.recv(CHUNK)
            except TimeoutError:
                continue
            if not heard:
                raise ConsoleSilent(f"the machine is gone: {self.said[-2000:]}")
            self.said = ANSI.sub("", self.said + heard.decode(errors="replace"))
        return True
