"""An official image by its path: what is read of it, what it lacks, and which are refused."""

import lzma
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from imagebuilder import base, cli, digest, lockfile, official
from imagebuilder.apt import Apt
from imagebuilder.base import Base, Official
from imagebuilder.cache import Cache
from imagebuilder.choosing import choose
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock, Wanted
from imagebuilder.pipeline import load_stages
from imagebuilder.process import run_tool
from imagebuilder.stages import official as stage
from tests.image import layout, workshop
from tests.image.raspberry import REPO, Raspberry

LATEST = "linux-image-rpi-v8"
KERNEL = "linux-image-6.18.39+rpt-rpi-v8"
RELEASE = 'PRETTY_NAME="Debian GNU/Linux 13"\nVERSION_CODENAME=trixie\n'
SHADOW = "root:$y$j9T$x:20779::::::\npi:!:20779::::::\nmosquitto:!*:20779::::::\nme::20779::::::\n"
PASSWD = "root:x:0:0::/root:/bin/sh\npi:x:1000:1000::/home/pi:/bin/sh\n_apt:x:42:65534::/:/no\n"


def stanza(name: str, *, depends: str = "", architecture: str = "arm64") -> str:
    needs = f"Depends: {depends}\n" if depends else ""
    head = f"Package: {name}\nStatus: install ok installed\nArchitecture: {architecture}\n"
    return f"{head}Version: 1\n{needs}Description: x\n"


def status(*, architecture: str = "arm64", kernel: str = LATEST) -> str:
    there = [
        stanza("dpkg", architecture=architecture),
        stanza(kernel, depends=KERNEL),
        stanza(KERNEL),
        stanza("nano", depends="libncurses"),
        stanza("libncurses"),
        f"Priority: required\n{stanza('apt')}",
        "Package: gone\nStatus: deinstall ok config-files\nArchitecture: arm64\nVersion: 1\n",
    ]
    return "\n".join(there)


def write(tree: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    return tree


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {"usr/lib/os-release": RELEASE, "var/lib/dpkg/status": status()}
    return write(tmp_path / "tree", {**files, "etc/shadow": SHADOW, "etc/passwd": PASSWD})


@pytest.fixture
def image(tmp_path: Path, tree: Path) -> Path:
    return layout.make(tmp_path / "2026-01-01-raspios-lite.img", tree, root_mib=24)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))


def bases() -> list[Base]:
    return [base.load(REPO / f"image/bases/{name}.yaml") for name in ("raspios", "debian")]


def test_it_is_a_base_like_the_one_whose_kernel_it_has(image: Path) -> None:
    found = official.as_base(image, bases())
    assert found.name == "raspios-image"
    assert found.packages == bases()[0].packages
    assert found.official == Official(
        name=image.name, sha256=digest.of_file(image), path=str(image), root=41 * layout.MIB
    )


def test_packed_it_is_the_same_but_for_its_checksum(image: Path) -> None:
    packed = image.with_name(f"{image.name}.xz")
    packed.write_bytes(lzma.compress(image.read_bytes(), preset=0))
    found = official.as_base(packed, bases()).official
    assert found
    assert (found.name, found.sha256) == (packed.name, digest.of_file(packed))
    assert Path(found.path).read_bytes() == image.read_bytes()


def bookworm(tree: Path) -> None:
    write(tree, {"usr/lib/os-release": "VERSION_CODENAME=bookworm\n"})


def of_32_bits(tree: Path) -> None:
    write(tree, {"var/lib/dpkg/status": status(architecture="armhf")})


def of_another_kernel(tree: Path) -> None:
    write(tree, {"var/lib/dpkg/status": status(kernel="linux-image-arm64")})


def without_dpkg(tree: Path) -> None:
    shutil.rmtree(tree / "var")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (bookworm, "its release is bookworm, not trixie"),
        (of_32_bits, "its programs are armhf, not arm64"),
        (of_another_kernel, "it has no kernel linux-image-rpi-v8"),
        (without_dpkg, "its second partition is no ext4 with /var/lib/dpkg/status"),
    ],
)
def test_another_system_is_refused(
    tmp_path: Path, tree: Path, change: Callable[[Path], None], line: str
) -> None:
    change(tree)
    refused(layout.make(tmp_path / "other.img", tree, root_mib=24), line)


def test_another_layout_is_refused(tmp_path: Path, tree: Path, image: Path) -> None:
    alone = layout.table(tmp_path / "alone.img", layout.LINUX_ALONE, 8 * layout.MIB)
    refused(alone, "its partitions are of the kinds 83, not a FAT and one of Linux")
    plain = layout.make(tmp_path / "plain.img", tree, root_mib=24, boot={"readme": b"x"})
    refused(plain, "its first partition has no config.txt")
    with image.open("r+b") as file:
        file.seek(layout.MIB)
        file.write(bytes(layout.MIB))
    refused(image, "cannot read the boot partition")


def test_what_is_broken_or_too_small_is_refused(tmp_path: Path, image: Path) -> None:
    refused(tmp_path / "absent.img", "it is no image file")
    refused(tmp_path, "it is no image file")
    short = tmp_path / "short.img"
    short.write_bytes(image.read_bytes()[: -layout.MIB])
    refused(short, "its end is missing, 1048576 bytes")
    short.write_bytes(b"x" * 700)
    refused(short, "it has no partitions")
    packed = tmp_path / "cut.img.xz"
    packed.write_bytes(lzma.compress(image.read_bytes(), preset=0)[:-100])
    refused(packed, "the image does not expand")


def refused(path: Path, line: str) -> None:
    with pytest.raises(BuildError) as caught:
        official.as_base(path, bases())
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_refuses_in_one_line_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["build", "--base", str(tmp_path / "absent.img")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("error: it is no image file")
    assert not (tmp_path / "xdg").exists()


def test_without_its_own_archive_it_takes_what_it_lacks_from_debians(
    image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = replace(bases()[0].sources[-1], uri="http://127.0.0.1:9/debian")
    alone = replace(bases()[0], sources=(*bases()[1].sources, nobody))
    monkeypatch.setattr("imagebuilder.choosing._ranked", lambda _: [alone])
    reporter = workshop.MemoryReporter()
    choice = choose(REPO, str(image), "terminal", Cache.default(), reporter)
    assert choice.because.startswith(f"{image.name}; what it lacks is Debian's, 127.0.0.1:9: ")
    assert choice.plan.base.sources == bases()[1].sources


def test_only_what_it_lacks_is_added_and_what_nobody_needs_is_named(
    served: Raspberry, image: Path, tmp_path: Path
) -> None:
    served.archive.add("mosquitto", depends="libwebsockets")
    served.archive.add("libwebsockets")
    served.archive.add("nano", version="2")
    served.archive.publish(served.signer)
    begun = official.as_base(image, [served.base]).official
    of = replace(served.base, official=begun)
    apt = Apt(tmp_path / "apt", of, partial(run_tool, log=tmp_path / "log"))
    apt.update({})
    wanted = [LATEST, "mosquitto", "dpkg"]
    assert [one.name for one in apt.resolve(wanted)] == ["libwebsockets", "mosquitto"]
    assert apt.unneeded(wanted) == ["apt", "libncurses", "nano"]
    assert apt.unneeded([*wanted, "nano"]) == ["apt"]
    assert "nano" not in {one.name for one in apt.resolve([*wanted, "nano"])}  # its own stays


def test_a_lock_is_of_one_image_and_says_what_is_taken_out(tmp_path: Path) -> None:
    wanted = Wanted({"terminal": ("mosquitto",)}, (), "a" * 64)
    lock = Lock(wanted, (), (), {"terminal": ()}, 86_400, {"terminal": ("nano",)})
    lock.write(tmp_path / "lock.json")
    assert lockfile.read(tmp_path / "lock.json") == lock
    assert lockfile.read(tmp_path / "lock.json").wanted != replace(wanted, official="b" * 64)


def test_its_root_becomes_the_tree_with_owners_modes_links_and_odd_names(
    tmp_path: Path, tree: Path
) -> None:
    write(tree, {"usr/bin/su": "x", "usr/share/a b'ü": "odd"})
    (tree / "usr/bin/su").chmod(0o4755)
    (tree / "tmp").mkdir()
    (tree / "tmp").chmod(0o1777)
    (tree / "bin").symlink_to("usr/bin")
    image = layout.make(tmp_path / "x.img", tree, root_mib=24)
    found = official.as_base(image, bases()).official
    assert found
    taken = tmp_path / "taken"
    taken.mkdir()
    stage.take_root(workshop.work(tmp_path), found, taken)
    assert (taken / "usr/bin/su").stat().st_mode == 0o104755
    assert (taken / "tmp").stat().st_mode == 0o41777
    assert (taken / "bin").readlink() == Path("usr/bin")
    assert (taken / "usr/share/a b'ü").read_text() == "odd"
    assert {path.name for path in taken.iterdir()} == {"bin", "etc", "tmp", "usr", "var"}


def test_a_root_that_cannot_be_read_whole_is_one_line(tmp_path: Path, image: Path) -> None:
    found = Official(name=image.name, sha256="", path=str(image), root=41 * layout.MIB)
    with image.open("r+b") as file:
        file.seek(42 * layout.MIB)
        file.write(b"\xff" * layout.MIB)
    (tmp_path / "taken").mkdir()
    with pytest.raises(BuildError, match="the root cannot be read") as caught:
        stage.take_root(workshop.work(tmp_path), found, tmp_path / "taken")
    assert "\n" not in str(caught.value)


def test_no_mount_or_file_of_its_maker_stays(tree: Path) -> None:
    left = ("etc/fstab", "home/pi/.bashrc", "boot/initrd.img-6", "etc/ssh/ssh_host_rsa_key")
    write(tree, dict.fromkeys((*left, "root/.ssh/authorized_keys", "boot/vmlinuz-6"), "x"))
    stage.forget_maker(tree)
    assert not [name for name in left if (tree / name).exists()]
    assert not (tree / "root/.ssh").exists()
    assert (tree / "boot/vmlinuz-6").exists()
    assert stage.people(tree) == ["pi"]


def test_nobody_comes_in_by_a_password_or_without_one(tree: Path) -> None:
    stage.shut_accounts(tree)
    assert (tree / "etc/shadow").read_text().splitlines() == [
        "root:*:::::::",
        "pi:!:::::::",
        "mosquitto:!*:::::::",
        "me:*:::::::",
    ]


def test_it_takes_the_place_of_the_bare_tree_in_the_row() -> None:
    assert load_stages(begun=True)["rootfs"].__file__ == stage.__file__
    assert load_stages()["rootfs"].__file__ != stage.__file__
