"""A boot partition to look into: a folder before it is one, or the FAT inside an image file."""

import os
import subprocess
from functools import cached_property
from pathlib import Path

from imagebuilder.errors import BuildError


class BootFolder:
    """A folder that will become the boot partition; case does not count, as on FAT."""

    def __init__(self, folder: Path) -> None:
        paths = (path for path in folder.rglob("*") if path.is_file())
        self._files = {str(path.relative_to(folder)).lower(): path for path in paths}

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return path.lower() in self._files

    def read(self, path: str) -> bytes:
        """Return its bytes."""
        return self._files[path.lower()].read_bytes()


class BootImage:
    """The FAT partition that starts at byte `start` of an image file, read by mtools."""

    def __init__(self, image: Path, start: int) -> None:
        self._drive = f"{image}@@{start}"

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return path.lower() in self._names

    def read(self, path: str) -> bytes:
        """Return its bytes."""
        return self._mtool("mtype", f"::/{path}")

    @cached_property
    def _names(self) -> frozenset[str]:
        listing = self._mtool("mdir", "-/", "-b", "::/").decode()
        return frozenset(line.removeprefix("::/").lower() for line in listing.split("\n") if line)

    def _mtool(self, tool: str, *arguments: str) -> bytes:
        argv = [tool, "-i", self._drive, *arguments]
        try:
            return subprocess.run(
                argv,
                check=True,
                capture_output=True,
                env={**os.environ, "MTOOLS_SKIP_CHECK": "1"},
            ).stdout
        except FileNotFoundError as error:
            raise BuildError(
                "mtools is not installed", where="tools", hint="apt install mtools"
            ) from error
        except subprocess.CalledProcessError as error:
            raise BuildError(
                f"{tool} cannot read the boot partition: {' '.join(error.stderr.decode().split())}",
                where=self._drive,
                hint="the image is damaged: build or fetch it again",
            ) from error
