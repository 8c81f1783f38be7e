"""The command itself: an image from nothing, from the cache, again elsewhere, interrupted."""

import hashlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagebuilder import signing
from imagebuilder.cache import Cache
from imagebuilder.pipeline import ROW

REPO = Path(__file__).parents[2]
NAME = "comptoir-debian-terminal"
PREAMBLE = re.compile(r"image/build needs|Python package index|tree\.|image: installing")
pytestmark = pytest.mark.image


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build into a folder of its own, from the machine's cache if it is warm."""
    out = tmp_path_factory.mktemp("dist")
    out.with_suffix(".said").write_text(build("--out", str(out)))
    return out


@pytest.fixture
def empty_cache(tmp_path: Path) -> Iterator[Path]:
    """Give a cache with nothing made, but with the packages: they need not be downloaded twice."""
    home = tmp_path / "xdg"
    (home / "comptoir-image").mkdir(parents=True)
    (home / "comptoir-image" / "pool").symlink_to(Cache.default().pool)
    yield home
    subprocess.run(["rm", "-rf", home], check=True)


def build(*arguments: str, cache: Path | None = None) -> str:
    environment = {"XDG_CACHE_HOME": str(cache)} if cache else {}
    done = subprocess.run(
        [REPO / "image" / "build", "--base", "debian", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(dist: Path) -> dict[str, object]:
    return dict(json.loads((dist / f"{NAME}.manifest.json").read_text()))


def test_everything_that_is_handed_over_is_there_and_signed(dist: Path) -> None:
    endings = [".bmap", ".img.zst", ".manifest.json", ".manifest.json.sig", ".raucb", ".spdx.json"]
    assert sorted(path.name for path in dist.iterdir()) == [NAME + ending for ending in endings]
    said = build("--verify", str(dist / f"{NAME}.manifest.json"))
    assert "4 artefacts are good" in said
    assert signing.default_key().exists()


def test_the_first_and_the_last_line_say_the_base(dist: Path) -> None:
    said = dist.with_suffix(".said").read_text().splitlines()
    first = next(line for line in said if not PREAMBLE.match(line))
    assert first == "base debian: as asked"
    assert f"the image is in {dist}, base debian; check it with" in said[-1]


def test_the_manifest_tells_base_lock_and_what_is_large(dist: Path) -> None:
    said = manifest(dist)
    assert (said["base"], said["profile"]) == ("debian", "terminal")
    assert set(said) >= {"lock", "renewed", "largest", "root_bytes", "source_date", "version"}


def test_the_bill_of_materials_names_debians_and_pythons_packages(dist: Path) -> None:
    packages = json.loads((dist / f"{NAME}.spdx.json").read_text())["packages"]
    names = {package["name"] for package in packages}
    assert {"systemd", "mosquitto", "flask", "comptoir"} <= names
    assert all(package["checksums"] for package in packages)


def test_a_second_build_makes_nothing_and_explains_so(dist: Path) -> None:
    assert dist.exists()
    said = [line for line in build("--explain").splitlines() if not line.startswith("base ")]
    assert [line.partition(" (")[0] for line in said] == [f"{stage}: cached" for stage in ROW]


def test_the_tree_holds_nothing_unique_and_no_trace_of_the_build(dist: Path) -> None:
    assert dist.exists()
    for stage in ("rootfs", "configure"):
        tree = max((Cache.default().root / "stages" / stage).iterdir(), key=os.path.getmtime)
        etc = tree / "tree" / "etc"
        assert (etc / "machine-id").read_text() in {"", "uninitialized\n"}
        assert list(etc.glob("ssh/ssh_host_*")) == []
        assert list(tree.glob("tree/var/log/*.log")) == []
        assert not (tree / "tree/usr/lib/x86_64-linux-gnu").exists()
        assert not (tree / "tree/usr/sbin/policy-rc.d").exists()


def test_the_licences_are_there_and_no_other_reading(dist: Path) -> None:
    assert dist.exists()
    configured = max((Cache.default().root / "stages/configure").iterdir(), key=os.path.getmtime)
    share = configured / "tree/usr/share"
    assert (share / "doc/systemd/copyright").is_file()
    read = [path for name in ("doc", "locale", "man") for path in share.glob(f"{name}/**/*")]
    assert {path.name for path in read if path.is_file()} <= {"copyright"}


def test_udev_finds_the_kernel_module_of_ours_by_the_firmware_in_the_device_tree(
    dist: Path,
) -> None:
    assert dist.exists()
    configured = max((Cache.default().root / "stages/configure").iterdir(), key=os.path.getmtime)
    (aliases,) = configured.glob("tree/usr/lib/modules/*/modules.alias")
    found = [line for line in aliases.read_text().splitlines() if "comptoir_tryboot" in line]
    assert "alias of:N*T*Craspberrypi,bcm2835-firmware comptoir_tryboot" in found
    assert (aliases.parent / "updates/comptoir-tryboot.ko").is_file()


def test_a_terminal_knows_its_own_updates_by_their_name_and_signer(dist: Path) -> None:
    stage = max((Cache.default().root / "stages/configure").iterdir(), key=os.path.getmtime)
    rauc = stage / "tree/etc/rauc"
    assert f"compatible={NAME}\n" in (rauc / "system.conf").read_text()
    bundle, keyring = str(dist / f"{NAME}.raucb"), f"--keyring={rauc / 'keyring.pem'}"
    said = subprocess.run(
        ["rauc", keyring, "info", bundle], check=False, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert f"'{NAME}'" in said.stdout


def test_the_fonts_index_is_of_the_dates_that_the_image_keeps(dist: Path) -> None:
    stage = max((Cache.default().root / "stages/configure").iterdir(), key=os.path.getmtime)
    folders = list((stage / "tree/usr/share/fonts").glob("*/*"))
    assert {path.stat().st_mtime for path in folders} == {manifest(dist)["source_date"]}


@pytest.mark.long
def test_the_same_lock_and_date_give_the_same_bytes(dist: Path, empty_cache: Path) -> None:
    again = empty_cache / "dist"
    build("--out", str(again), cache=empty_cache)
    for ending in (".spdx.json", ".img.zst", ".raucb", ".manifest.json", ".manifest.json.sig"):
        assert sha256(again / (NAME + ending)) == sha256(dist / (NAME + ending)), ending


def test_ctrl_c_while_packages_are_unpacked_leaves_nothing(dist: Path, empty_cache: Path) -> None:
    assert dist.exists()
    process = subprocess.Popen(
        [REPO / "image" / "build", "--base", "debian", "--out", empty_cache / "dist"],
        env={**os.environ, "XDG_CACHE_HOME": str(empty_cache)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    log = empty_cache / "comptoir-image" / "logs" / "rootfs.log"
    wait_for("Unpacking base-files", log)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert str(empty_cache) not in Path("/proc/mounts").read_text()
    assert processes_naming(str(empty_cache)) == []
    assert list((empty_cache / "comptoir-image" / "work").iterdir()) == []
    assert not (empty_cache / "comptoir-image" / "stages" / "rootfs").exists()
    assert not (empty_cache / "dist").exists()


def wait_for(text: str, log: Path, seconds_max: int = 300) -> None:
    deadline = time.monotonic() + seconds_max
    while not (log.exists() and text in log.read_text(errors="replace")):
        assert time.monotonic() < deadline, f"{text} never came"
        time.sleep(0.2)


def processes_naming(text: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if text in line:
            found.append(line)
    return found
