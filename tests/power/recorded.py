"""A terminal of a system test, every write of whose disk QEMU notes.

A write is noted when it is over, and so is a flush: of writes that a guest does not wait for, those
that end before a flush does count as flushed.
"""

import subprocess
from dataclasses import replace
from pathlib import Path

from imagebuilder import disk
from tests.power.replay import Window, take_out
from tests.power.told import Witness
from tests.system.box import Box


class RecordedBox(Witness, Box):
    """``recording`` begins anew with each start, and so does what was noted of answers."""

    def power_on(self, *, tryboot: bool = False) -> None:
        folder = self.machine.folder
        self.recording = folder / "writes"
        self.noted = []
        copy = ["cp", "--reflink=auto", "--sparse=always"]
        subprocess.run([*copy, self.disk, self._before], check=True)
        self.machine = replace(self.machine, recording=self.recording)
        super().power_on(tryboot=tryboot)

    @property
    def disk(self) -> Path:
        """The disk as it is."""
        return self.machine.disk

    @property
    def written(self) -> int:
        """How long the recording is."""
        assert self.recording is not None
        return self.recording.stat().st_size

    @property
    def _before(self) -> Path:
        """The disk as it was at the last start."""
        return self.machine.folder / "before.img"

    def window(self, name: str) -> Window:
        """Return a partition's place; that of the data reaches to the disk's end."""
        part = disk.partition(name)
        end = self.machine.disk.stat().st_size if name == "data" else part.start + part.size
        return Window(part.start, end - part.start)

    def before(self, name: str, folder: Path) -> Path:
        """Return a partition in a file, as it was at the last start."""
        return take_out(self._before, self.window(name), folder / f"{name}.img")
