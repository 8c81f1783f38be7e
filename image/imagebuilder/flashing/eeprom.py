"""A CM4's boot loader, in its EEPROM: read, and renewed if it is too old for our updates.

Before 2023-05-11 a CM4 does not keep `tryboot`, so it would never come back from a bad update.
rpiboot gives no version, but the checksum of the EEPROM: it is one of an image that is here, or
the image is written anew and what is written is known. Not verified on hardware.
"""

import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from imagebuilder.errors import BuildError
from imagebuilder.flashing import rpiboot
from imagebuilder.flashing.rpiboot import Rpiboot

OLDEST = date(2023, 5, 11)
BUILT = re.compile(rb"BUILD_TIMESTAMP=(\d{9,11})")
IMAGES = ("recovery/pieeprom.bin", "recovery/pieeprom.original.bin", "firmware/2711/pieeprom.bin")
WRITERS = ("recovery/bootcode4.bin", "firmware/2711/recovery.bin")
# The module comes back into its loader when it is done, and tells what it found
CONFIG = "recovery_metadata=1\nrecovery_reboot=1\n"


@dataclass(frozen=True)
class Verdict:
    """What is known of a module's boot loader, and of whom."""

    serial: str  # the end of the serial under which the module's disk appears
    built: date | None
    reason: str = ""  # why the module is not good; empty if it is

    @property
    def version(self) -> str:
        """Return the date of the boot loader."""
        return self.built.isoformat() if self.built else "none"


class Eeprom:
    """Reads and renews the EEPROM of one CM4 after the other, or of several at once."""

    def __init__(self, tool: Rpiboot, folder: Path) -> None:
        """Lay out what rpiboot loads, in a folder of ours; BuildError if it has what is too old."""
        self._tool, self._folder = tool, folder
        image = _first(tool.share, IMAGES)
        self._image = image.read_bytes()
        self._hash = sha256(self._image).hexdigest()
        self._built = built(self._image)
        if self._built is None or self._built < OLDEST:
            raise BuildError(
                f"the boot loader that came with rpiboot is of {self._built or 'no date'}, "
                f"{OLDEST} is needed",
                where=str(image),
                hint=rpiboot.STEPS,
            )
        self._known = dict(_images(tool.share))
        writer = _first(tool.share, WRITERS)
        for name in ("read", "update"):
            (folder / name).mkdir(parents=True)
            shutil.copyfile(writer, folder / name / "bootcode4.bin")
            (folder / name / "config.txt").write_text(CONFIG)
        (folder / "update/pieeprom.bin").write_bytes(self._image)
        stamp = int(datetime.combine(self._built, datetime.min.time(), UTC).timestamp())
        (folder / "update/pieeprom.sig").write_text(f"{self._hash}\nts: {stamp}\n")

    def settle(self, port: str) -> Verdict:
        """Read the EEPROM of the module at this port, and renew it unless it is new enough."""
        said, _ = self._run("read", port)
        serial = str(said.get("USER_SERIAL_NUM", ""))
        if not serial:
            return Verdict("", None, f"its EEPROM could not be read: {rpiboot.JUMPER}")
        found = self._known.get(str(said.get("EEPROM_HASH", "")))
        if found and found >= OLDEST:
            return Verdict(serial, found)
        said, output = self._run("update", port)
        if said.get("USER_SERIAL_NUM") != serial:
            return Verdict(serial, None, "another module answered: put in one after the other")
        if not self._is_renewed(said, output):
            return Verdict(serial, found, self._refusal(said, found))
        return Verdict(serial, self._built)

    def _is_renewed(self, said: dict[str, Any], output: str) -> bool:
        if said.get("EEPROM_HASH") == self._hash:
            return True
        # It says success without an image too, so the image must have been fetched
        fetched = re.search(r"File read: pieeprom\.(bin|upd)", output)
        return said.get("EEPROM_UPDATE") == "success" and fetched is not None

    def _refusal(self, said: dict[str, Any], found: date | None) -> str:
        is_protected = said.get("EEPROM_UPDATE", "") not in {"", "success"}
        why = "is it write-protected?" if is_protected else "rpiboot does not confirm it"
        have = f"of {found}" if found else "of unknown age"
        return f"its boot loader {have} could not be renewed: {why} It needs {OLDEST} or newer"

    def _run(self, what: str, port: str) -> tuple[dict[str, Any], str]:
        metadata = self._folder / f"{what}-{port}"
        shutil.rmtree(metadata, ignore_errors=True)
        metadata.mkdir()
        output = self._tool.run(self._folder / what, port, metadata)
        return _metadata(metadata), output


def built(image: bytes) -> date | None:
    """Return the day an EEPROM image was built, as Raspberry Pi's own tools read it."""
    found = BUILT.search(image)
    return datetime.fromtimestamp(int(found[1]), UTC).date() if found else None


def _metadata(folder: Path) -> dict[str, Any]:
    for path in sorted(folder.glob("*.json")):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # cut short, or empty as from a module that says nothing
            continue
        if isinstance(said, dict) and said:
            return said
    return {}


def _images(share: Path) -> list[tuple[str, date]]:
    """Return checksum and date of every EEPROM image that came with rpiboot."""
    pairs = []
    for path in sorted(
        (*share.glob("recovery/pieeprom*.bin"), *share.rglob("2711/**/pieeprom*.bin"))
    ):
        content = path.read_bytes()
        if day := built(content):
            pairs.append((sha256(content).hexdigest(), day))
    return pairs


def _first(share: Path, names: tuple[str, ...]) -> Path:
    found = next((share / name for name in names if (share / name).is_file()), None)
    if found is None:
        raise BuildError(f"rpiboot came without {names[0]}", where=str(share), hint=rpiboot.STEPS)
    return found
