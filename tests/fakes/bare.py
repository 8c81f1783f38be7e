"""A Python without the drivers of PostgreSQL and RabbitMQ, for programs and what they start."""

import os
from pathlib import Path

DRIVERS = ("psycopg", "pika")
DOORS = (5432, 5671, 5672)  # where such servers listen
NOTING = """
import sys

def note(name, text):
    with open({folder!r} + "/" + name, "a", encoding="utf-8") as file:
        file.write(text + "\\n")

def refuse(event, told):
    if event == "import" and (driver := told[0].partition(".")[0]) in {drivers!r}:
        note("refused", driver)
        raise ImportError(driver + " is not here")
    if event == "socket.connect" and isinstance(told[1], tuple) and told[1][1] in {doors!r}:
        note("refused", str(told[1]))
        raise ConnectionRefusedError(told[1])

note("started", " ".join(sys.orig_argv))
sys.addaudithook(refuse)
"""


class Bare:
    """``path`` is the PYTHONPATH of such programs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        code = NOTING.format(folder=str(folder), drivers=DRIVERS, doors=DOORS)
        (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
        self.path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])

    def started(self, words: str) -> bool:
        """Tell whether a program whose command ends so began without the drivers."""
        return any(line.endswith(words) for line in self._lines("started"))

    def refused(self) -> list[str]:
        """Return the drivers and servers that any of them asked for."""
        return self._lines("refused")

    def _lines(self, name: str) -> list[str]:
        file = self._folder / name
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
