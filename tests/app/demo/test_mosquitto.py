import shutil
from pathlib import Path

import pytest

from comptoir.demo import mosquitto
from comptoir.demo.mosquitto import MosquittoMissing, find

APT_GET = """\
case "$*" in
  *--simulate*) echo 'Inst libcjson1 (1.7)'; echo 'Inst mosquitto (2.0)'; echo 'Conf mosquitto' ;;
  download*) shift; for name; do touch "${name}_1_all.deb"; done; echo "$*" > asked ;;
esac
"""
DPKG_DEB = """\
mkdir -p "$3/usr/sbin" "$3/usr/lib/x86_64-linux-gnu"
touch "$3/usr/sbin/$(basename "$2" | cut -d_ -f1)"
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder of programs on a machine without Mosquitto."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "touch", "mkdir", "basename", "cut"):
        (programs / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(mosquitto, "SBIN", ())
    return programs


def install(programs: Path, name: str, script: str) -> None:
    (programs / name).write_text(f"#!/bin/sh\nset -e\n{script}", encoding="utf-8")
    (programs / name).chmod(0o755)


def test_mosquitto_of_the_machine_is_used(machine: Path, tmp_path: Path) -> None:
    install(machine, "mosquitto", "")
    assert find(tmp_path / "cache").program == machine / "mosquitto"


def test_debians_package_is_unpacked_once_without_root(machine: Path, tmp_path: Path) -> None:
    install(machine, "apt-get", APT_GET)
    install(machine, "dpkg-deb", DPKG_DEB)
    found = find(tmp_path / "cache")
    folder = tmp_path / "cache/mosquitto"
    assert found.program == folder / "root/usr/sbin/mosquitto"
    assert found.program.exists()
    assert found.environment["LD_LIBRARY_PATH"].endswith("root/usr/lib/x86_64-linux-gnu")
    assert (folder / "asked").read_text() == "libcjson1 mosquitto\n"
    (machine / "apt-get").unlink()
    assert find(tmp_path / "cache") == found


@pytest.mark.parametrize("script", ["exit 100", "touch half; exit 1"])
def test_a_fetch_that_fails_says_what_to_install(
    machine: Path, tmp_path: Path, script: str
) -> None:
    install(machine, "apt-get", script)
    install(machine, "dpkg-deb", DPKG_DEB)
    for _ in range(2):
        with pytest.raises(MosquittoMissing, match="sudo apt-get install mosquitto"):
            find(tmp_path / "cache")


def test_another_system_is_told_what_is_missing(machine: Path, tmp_path: Path) -> None:
    assert machine.exists()
    with pytest.raises(MosquittoMissing, match="mosquitto is not installed"):
        find(tmp_path / "cache")
