import threading
from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing import rpiboot
from imagebuilder.flashing.rpiboot import Rpiboot
from imagebuilder.flashing.unit import Stopped
from tests.image.flashing import usbboot


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return usbboot.make(tmp_path / "usbboot")


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def test_a_checkout_is_found_by_its_path_or_in_path(
    program: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rpiboot.find(program, stop).gadget == program.parent / "mass-storage-gadget64"
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    assert rpiboot.find(None, stop).program == program


def test_a_package_has_its_firmware_in_share(
    program: Path, tmp_path: Path, stop: threading.Event
) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/share").mkdir()
    installed = program.rename(tmp_path / "usr/bin/rpiboot")
    program.parent.rename(tmp_path / "usr/share/rpiboot")
    assert rpiboot.find(installed, stop).share == tmp_path / "usr/share/rpiboot"


def test_without_rpiboot_the_exact_steps_are_said(
    stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(BuildError, match=r"rpiboot is not here[\s\S]*git clone[\s\S]*make -C"):
        rpiboot.find(None, stop)


def test_an_rpiboot_without_the_gadget_is_refused(program: Path, stop: threading.Event) -> None:
    (program.parent / "mass-storage-gadget64/boot.img").unlink()
    with pytest.raises(BuildError, match="has no mass-storage-gadget64"):
        rpiboot.find(program, stop)


def test_an_rpiboot_too_old_to_tell_what_it_finds_is_refused(
    program: Path, stop: threading.Event
) -> None:
    program.write_text(program.read_text().replace("-j [path]", "-k [path]"))
    with pytest.raises(BuildError, match="does not know -j"):
        rpiboot.find(program, stop)


def test_a_folder_without_firmware_is_told(
    program: Path, tmp_path: Path, stop: threading.Event
) -> None:
    with pytest.raises(BuildError, match="rpiboot failed: No 'bootcode' files found"):
        rpiboot.find(program, stop).run(tmp_path, "1-1.1")


def test_a_module_that_does_not_answer_is_given_up(program: Path, stop: threading.Event) -> None:
    tool = Rpiboot(program, program.parent, stop, timeout_s=0.5)
    with pytest.raises(BuildError, match="no answer in 0 s"):
        tool.run(tool.gadget, "1-1.1")


def test_ctrl_c_ends_the_wait(program: Path, stop: threading.Event) -> None:
    stop.set()
    with pytest.raises(Stopped):
        Rpiboot(program, program.parent, stop).run(program.parent / "recovery", "1-1.1")
