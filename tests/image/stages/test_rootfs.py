import subprocess
from pathlib import Path

from imagebuilder import unpacking
from imagebuilder.apt import Package
from imagebuilder.stages import rootfs
from tests.image.workshop import plan, work

SHADOW = "root:*:20779:0:99999:7:::\nmosquitto:!*:20779::::::\nkept:!*::::::\n"


def package(name: str, size: int) -> Package:
    return Package(name, "1", "arm64", "debian", f"{name}.deb", "a" * 64, size)


def test_the_links_of_the_merged_usr_are_laid_out_first_and_data_packages_not_at_all() -> None:
    found = rootfs._early(
        [package("bash", 1), package("base-files", 2), package("fonts", rootfs.EARLY_SIZE_MAX + 1)]
    )
    assert [one.name for one in found] == ["base-files", "bash"]


def test_manuals_and_translations_are_not_even_laid_out(tmp_path: Path) -> None:
    source = tmp_path / "source"
    read = ["share/man/man1/sh.1", "share/doc/sh/NEWS", "share/locale/fr/LC_MESSAGES/sh.mo"]
    for name in [*(f"usr/{one}" for one in read), "usr/bin/sh", "DEBIAN/control"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(
            "Package: sh\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: x\n"
        )
    deb, tree = tmp_path / "sh.deb", tmp_path / "tree"
    subprocess.run(["dpkg-deb", "--build", source, deb], check=True, stdout=subprocess.DEVNULL)
    tree.mkdir()
    unpacking.lay_out(work(tmp_path), tree, [deb], 10)
    laid_out = [str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()]
    assert laid_out == ["usr/bin/sh"]


def test_no_trace_of_the_build_or_its_day_stays(tmp_path: Path) -> None:
    files = ["etc/passwd-", "usr/sbin/policy-rc.d", "var/log/apt/term.log", "var/cache/apt/x.bin"]
    for name in [*files, "boot/firmware/start.elf", "tmp/left/over"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "etc/shadow").write_text(SHADOW)
    (tmp_path / "etc/machine-id").write_text("0123")
    rootfs._clean(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"etc/shadow", "etc/machine-id"}
    assert (tmp_path / "etc/machine-id").read_text() == ""
    assert "20779" not in (tmp_path / "etc/shadow").read_text()
    assert (tmp_path / "etc/shadow").read_text().startswith("root:*::0:99999:7:::\n")


def test_percent_follows_dpkg_and_never_leaves_its_share(tmp_path: Path) -> None:
    counter = rootfs._Counter(work(tmp_path), "Setting up ", 2, 25, 98)
    for line in ("Setting up a (1) ...", "noise", "Setting up b (1) ...", "Setting up c (1) ..."):
        counter(line)


def test_the_tree_depends_on_no_wheel_and_no_role(tmp_path: Path) -> None:
    assert rootfs.AFTER == ("lock/debian.json",)
    assert rootfs.inputs(plan(tmp_path)) == ()
