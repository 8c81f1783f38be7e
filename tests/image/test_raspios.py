"""The base raspios: which packages it takes from where, when it is chosen, how it is refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import yaml

from imagebuilder import base, build, cli, lockfile
from imagebuilder.apt import Apt
from imagebuilder.cache import Cache
from imagebuilder.choosing import by_rank, choose
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock
from imagebuilder.plan import load_plan
from imagebuilder.pool import Pool
from imagebuilder.process import run_tool
from imagebuilder.stages import lock
from tests.image.archive import Archive
from tests.image.mirror import serve
from tests.image.raspberry import KEYRING, REPO, Raspberry
from tests.image.workshop import MemoryReporter

KERNEL, FIRMWARE = "linux-image-rpi-v8", "raspi-firmware"
NOBODY = "http://127.0.0.1:9/debian"
SMALL = {
    "pyproject.toml": '[project]\nversion = "1.2"\ndependencies = []\n',
    "playbooks/image.yml": "[]\n",
    "image/profiles/terminal.yaml": "packages: []\n",
    "image/boards/cm3.yaml": "packages: []\n",
}


def asked(folder: Path, of: base.Base, *wanted: str) -> dict[str, str]:
    """Return {package: the archive it comes from}, asked of apt itself."""
    apt = Apt(folder / "apt", of, partial(run_tool, log=folder / "log"))
    apt.update({})
    found = apt.resolve(wanted)
    Pool(folder / "pool").fetch((one.blob(of) for one in found), lambda *_: None)
    assert all(Pool(folder / "pool").has(one.sha256) for one in found)
    return {one.name: one.archive for one in found}


def test_it_is_debian_but_for_the_kernel_and_what_comes_with_it() -> None:
    ours, plain = (base.load(REPO / f"image/bases/{n}.yaml") for n in ("raspios", "debian"))
    assert set(ours.packages) ^ set(plain.packages) == {KERNEL, KEYRING, "linux-image-arm64"}
    assert set(ours.packages) >= {FIRMWARE, "firmware-brcm80211"}
    assert [one.archive for one in ours.sources] == ["debian", "debian-security", "raspberrypi"]
    assert ours.sources[-1].uri == "http://archive.raspberrypi.com/debian"
    assert (ours.sources[-1].suites, ours.sources[-1].components) == (("trixie",), ("main",))
    assert not plain.foreign


def test_every_board_gets_its_kernel_from_the_base_alone() -> None:
    for name, kernel in (("raspios", KERNEL), ("debian", "linux-image-arm64")):
        wanted = load_plan(REPO, base=name, profile="terminal").packages_by_profile["terminal"]
        assert [one for one in wanted if one.startswith("linux-image")] == [kernel]


def test_both_archives_are_called_debian_by_their_address_and_not_by_the_lock(
    served: Raspberry, tmp_path: Path
) -> None:
    other = Archive(tmp_path / "mirror/debian")
    other.add(FIRMWARE, version="1.20240424")
    other.add("dash")
    other.publish(served.signer)
    (tmp_path / "key.pgp").write_bytes(served.signer.public())
    with serve(tmp_path / "mirror") as uri:
        debian = base.Source(f"{uri}/debian", ("trixie",), ("main",))
        both = replace(
            served.base, sources=(debian, served.source), keyring=str(tmp_path / "key.pgp")
        )
        found = asked(tmp_path, both, KERNEL, FIRMWARE, "dash", KEYRING)
    assert found == {
        KERNEL: "raspberrypi",
        "linux-image-6.18.39+rpt-rpi-v8": "raspberrypi",
        FIRMWARE: "raspberrypi",  # both have it; the newer one is taken
        KEYRING: "raspberrypi",
        "dash": "debian",
    }


@pytest.fixture
def checkout(served: Raspberry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout with the two bases, of which raspios is the served archive alone."""
    repo = tmp_path / "repo"
    for name, text in SMALL.items():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(text)
    found = yaml.safe_load((REPO / "image/bases/debian.yaml").read_text())
    write(repo, "debian", {**found, "packages": [], "module": None})
    rewrite(repo, served.uri, served.signer.fingerprint)
    monkeypatch.setattr(build, "REPO", repo)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    yield repo
    assert not (tmp_path / "xdg/comptoir-image/stages/rootfs").exists()


def rewrite(repo: Path, uri: str, fingerprint: str, *packages: str) -> None:
    key = {"package": KEYRING, "fingerprint": fingerprint}
    found = yaml.safe_load((REPO / "image/bases/debian.yaml").read_text())
    source = {"name": "raspberrypi", "uri": uri, "suites": ["trixie"], "components": ["main"]}
    wanted = [KERNEL, FIRMWARE, *packages]
    only = {"sources": [{**source, "key": key}], "packages": wanted, "module": None}
    data = {**found, "rank": 1, **only}
    write(repo, "raspios", data)


def write(repo: Path, name: str, data: object) -> None:
    path = repo / "image/bases" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(data))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = cli.main(["build", *arguments])
    return code, capsys.readouterr().err.splitlines()


def test_raspios_is_preferred(checkout: Path) -> None:
    assert (
        by_rank(checkout / "image/bases") == by_rank(REPO / "image/bases") == ["raspios", "debian"]
    )


def test_without_a_name_raspios_is_taken_if_its_archive_answers(checkout: Path) -> None:
    choice = choose(checkout, None, "terminal", Cache.default(), MemoryReporter())
    assert choice.name == "raspios"
    assert choice.because.endswith(" answers")


def test_without_a_name_debian_is_taken_if_raspios_cannot_be_had_and_says_why(
    checkout: Path, served: Raspberry
) -> None:
    rewrite(checkout, NOBODY, served.signer.fingerprint)
    choice = choose(checkout, None, "terminal", Cache.default(), MemoryReporter())
    assert choice.name == "debian"
    assert choice.because.startswith("raspios cannot be had, 127.0.0.1:9: ")


def test_the_first_line_says_the_base_and_why(
    checkout: Path, served: Raspberry, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(checkout, NOBODY, served.signer.fingerprint)
    _, lines = told(capsys, "--explain")
    assert lines[0].startswith("base debian: raspios cannot be had, 127.0.0.1:9: ")


def test_a_pool_that_holds_the_lock_stands_for_the_archive(
    checkout: Path, served: Raspberry, tmp_path: Path
) -> None:
    cache = Cache.default()
    plan = load_plan(checkout, base="raspios", profile="terminal")
    apt = Apt(tmp_path / "apt", plan.base, partial(run_tool, log=tmp_path / "log"))
    apt.update({})
    packages = tuple(apt.resolve([KERNEL, FIRMWARE]))
    Pool(cache.pool).fetch((one.blob(plan.base) for one in packages), lambda *_: None)
    names = tuple(one.name for one in packages)
    Lock(lock.wanted(plan), packages, (), {"terminal": names}, 0).write(plan.lock_file)
    rewrite(checkout, NOBODY, served.signer.fingerprint)
    choice = choose(checkout, None, "terminal", cache, MemoryReporter())
    assert (choice.name, choice.because) == ("raspios", "the pool has all that its lock names")
    Pool(cache.pool).path(packages[0].sha256).unlink()
    assert choose(checkout, None, "terminal", cache, MemoryReporter()).name == "debian"


def test_raspios_by_name_without_its_archive_is_one_line(
    checkout: Path, served: Raspberry, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(checkout, NOBODY, served.signer.fingerprint)
    code, lines = told(capsys, "--base", "raspios")
    assert (code, len(lines)) == (1, 1)
    assert lines[0].startswith("error: raspios cannot be had, 127.0.0.1:9: ")
    assert lines[0].endswith("check the network, or choose another with --base")


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("0" * 40, "brings the key"),
        ("rpi-v9", "the archives have no such package: E: Unable to locate package rpi-v9"),
    ],
)
def test_a_wrong_key_and_a_missing_package_end_the_build_with_one_line_before_it_begins(
    checkout: Path, served: Raspberry, capsys: pytest.CaptureFixture[str], wrong: str, line: str
) -> None:
    if wrong.isdigit():
        rewrite(checkout, served.uri, wrong)
    else:
        rewrite(checkout, served.uri, served.signer.fingerprint, wrong)
    code, lines = told(capsys)
    assert code == 1
    assert lines[0].startswith("base raspios: ")
    assert [one for one in lines if one.startswith("error: ")] == lines[-1:]
    assert line in lines[-1]


@pytest.mark.usefixtures("checkout")
def test_what_a_build_locked_serves_the_next_one_without_the_archive(
    served: Raspberry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "--until", "lock")[0] == 0
    for path in (served.archive.root / "dists").rglob("InRelease"):
        path.unlink()
    code, lines = told(capsys, "--until", "lock")
    assert code == 0
    assert lines[0] == "base raspios: the pool has all that its lock names"
    assert any(line.startswith("lock: cached") for line in lines)


def test_the_lock_is_named_after_its_base(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = told(capsys, "--update-lock", "--until", "lock")
    assert code == 0
    file = checkout / "image/lock/trixie-raspios.json"
    assert {one.archive for one in lockfile.read(file).packages} == {"raspberrypi"}
    assert json.loads(file.read_text())["members"].keys() == {"terminal"}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"without": ["no-such"]}, "without no-such, which debian has not"),
        ({"sources": [{"name": "x"}]}, "uri"),
        ({"like": "ubuntu"}, "choose one of: debian, raspios"),
    ],
)
def test_a_base_that_does_not_hold_together_is_one_line(
    checkout: Path, change: dict[str, object], line: str
) -> None:
    write(checkout, "raspios", {"like": "debian", **change})
    with pytest.raises(BuildError, match=line) as caught:
        base.load(checkout / "image/bases/raspios.yaml")
    assert "\n" not in str(caught.value)
