"""A CM4's boot loader: read, renewed, and never called good when it is not known to be."""

import threading
from datetime import date
from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing import rpiboot
from imagebuilder.flashing.eeprom import Eeprom, built
from tests.image.flashing import usbboot

PORT = "1-1.4"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return usbboot.make(tmp_path / "usbboot")


def eeprom(program: Path) -> Eeprom:
    return Eeprom(rpiboot.find(program, threading.Event()), program.parent.parent / "work")


def test_a_loader_that_is_new_enough_is_not_written(program: Path) -> None:
    usbboot.insert(program, PORT, eeprom=usbboot.checksum(usbboot.NEW))
    verdict = eeprom(program).settle(PORT)
    assert (verdict.version, verdict.reason, verdict.serial) == ("2025-05-08", "", "a9dbb16a")
    assert "updates" not in usbboot.module(program, PORT)


@pytest.mark.parametrize("have", [usbboot.checksum(usbboot.OLD), "f" * 64])
def test_an_old_or_unknown_loader_is_renewed(program: Path, have: str) -> None:
    usbboot.insert(program, PORT, eeprom=have)
    verdict = eeprom(program).settle(PORT)
    assert (verdict.version, verdict.reason) == ("2025-05-08", "")
    assert usbboot.module(program, PORT)["eeprom"] == usbboot.checksum(usbboot.NEW)


@pytest.mark.parametrize(
    ("takes", "said"), [("no", "is it write-protected"), ("silently not", "does not confirm it")]
)
def test_a_loader_that_stays_old_is_never_good(program: Path, takes: str, said: str) -> None:
    usbboot.insert(program, PORT, takes=takes)
    verdict = eeprom(program).settle(PORT)
    assert "of 2022-04-26 could not be renewed" in verdict.reason
    assert said in verdict.reason
    assert "needs 2023-05-11 or newer" in verdict.reason


def test_a_module_that_tells_nothing_is_never_good(program: Path) -> None:
    usbboot.insert(program, PORT, serial="")
    assert "could not be read" in eeprom(program).settle(PORT).reason


def test_an_rpiboot_whose_own_image_is_too_old_is_refused(tmp_path: Path) -> None:
    program = usbboot.make(tmp_path / "usbboot", built=date(2023, 5, 10))
    with pytest.raises(BuildError, match="is of 2023-05-10, 2023-05-11 is needed"):
        eeprom(program)


def test_the_first_day_that_keeps_tryboot_will_do(tmp_path: Path) -> None:
    program = usbboot.make(tmp_path / "usbboot", built=date(2023, 5, 11))
    usbboot.insert(program, PORT)
    assert eeprom(program).settle(PORT).version == "2023-05-11"


def test_the_date_is_in_the_image() -> None:
    assert built(b"\x00BUILD_TIMESTAMP=1683805382\x00") == date(2023, 5, 11)
    assert built(b"nothing") is None
