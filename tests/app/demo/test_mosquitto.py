import shutil
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

from comptoir.demo import mosquitto
from comptoir.demo.mosquitto import MosquittoMissing, find

ROLE = Path("roles/broker")
RENAMED = {"acl_file", "capath", "certfile", "keyfile", "listener"}
"""Directives whose values are places or ports: only that they are there can be compared."""
OWN = {"include_dir", "log_timestamp", "max_connections", "memory_limit",
       "persistent_client_expiration", "user"}  # fmt: skip
"""What one of them needs and the other does not."""
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


def test_a_terminal_of_the_demo_has_the_broker_of_a_real_one(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    ours = mosquitto.terminal_config(
        tmp_path / "demo",
        local_port=1883,
        lan_port=8883,
        identity=tmp_path,
        peers=tmp_path,
        bridge="",
    )
    assert directives(ours) == directives(role_config())
    for name in ("local.acl", "peers.acl"):
        role = (ROLE / "files/tree/etc/mosquitto" / name).read_text(encoding="utf-8")
        assert rules((tmp_path / "demo" / name).read_text(encoding="utf-8")) == rules(role)


def role_config() -> str:
    """Return the file that the role writes with its defaults."""
    defaults: dict[str, Any] = yaml.safe_load((ROLE / "defaults/main.yml").read_text("utf-8"))
    jinja = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701 - a configuration file, not HTML
    jinja.filters["comment"] = lambda text: f"# {text}"
    template = (ROLE / "templates/tree/etc/mosquitto/mosquitto.conf.j2").read_text("utf-8")
    return jinja.from_string(template).render(defaults, ansible_managed="")


def rules(text: str) -> list[str]:
    """Return the lines that say something."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def directives(config: str) -> set[str]:
    """Return what a mosquitto.conf says, places and ports left out."""
    words = [line.partition(" ") for line in rules(config)]
    return {
        name if name in RENAMED else f"{name} {value}"
        for name, _, value in words
        if name not in OWN
    }
