"""A checkout of usbboot as somebody built it, with a made-up program and made-up firmware."""

import json
import shutil
import sys
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.image.flashing import fake_rpiboot

NEW, OLD = date(2025, 5, 8), date(2022, 4, 26)


def image(day: date) -> bytes:
    """Return what stands for an EEPROM image of this day."""
    stamp = int(datetime.combine(day, datetime.min.time(), UTC).timestamp())
    return b"\x00VERSION:x\x00BUILD_TIMESTAMP=%d\x00" % stamp


def checksum(day: date) -> str:
    return sha256(image(day)).hexdigest()


def make(folder: Path, built: date = NEW) -> Path:
    """Make the checkout; returns the program."""
    for name, content in {
        "mass-storage-gadget64/bootfiles.bin": b"bootfiles",
        "mass-storage-gadget64/boot.img": b"linux",
        "recovery/bootcode4.bin": b"recovery",
        "recovery/pieeprom.original.bin": image(built),
        "firmware/2711/old/pieeprom-2022-04-26.bin": image(OLD),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "modules").mkdir()
    program = folder / "rpiboot"
    shutil.copyfile(fake_rpiboot.__file__, program)
    program.write_text(f"#!{sys.executable}\n" + program.read_text())
    program.chmod(0o755)
    return program


def insert(program: Path, port: str, **module: str) -> None:
    """Lay a module into a port."""
    path = program.parent / "modules" / f"{port}.json"
    path.write_text(json.dumps({"serial": "a9dbb16a", "eeprom": checksum(OLD), **module}))


def module(program: Path, port: str) -> dict[str, Any]:
    """Return what became of the module."""
    said: dict[str, Any] = json.loads((program.parent / "modules" / f"{port}.json").read_text())
    return said
