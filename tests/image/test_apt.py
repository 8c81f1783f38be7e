from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from imagebuilder.apt import Apt, Package
from imagebuilder.base import Source
from imagebuilder.errors import BuildError
from imagebuilder.process import run_tool
from tests.image.workshop import DEBIAN

SHA256 = "a" * 64
PRINTED = f"""Reading package lists...
'http://mirror.example/debian/pool/main/d/dash/dash_0.5.12-12_arm64.deb' dash_0.5.12-12_arm64.deb 98000 SHA256:{SHA256}
'http://mirror.example/debian/pool/r/raspi_1.2%2bds-6_all.deb' raspi_2%3a1.2+ds-6_all.deb 48 SHA256:{SHA256}
"""  # noqa: E501  as apt prints it


class FakeApt:
    """Answers as apt-get does and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        known: Sequence[tuple[str, str, str]] = (),
    ) -> str:
        assert env is not None
        assert env["APT_CONFIG"].endswith("apt.conf")
        assert known
        self.asked.append([str(part) for part in argv])
        return PRINTED


def test_packages_are_read_from_what_apt_prints(tmp_path: Path) -> None:
    found = Apt(tmp_path, DEBIAN, FakeApt()).resolve(["dash"])
    path = "pool/main/d/dash/dash_0.5.12-12_arm64.deb"
    assert found[0] == Package("dash", "0.5.12-12", "arm64", "debian", path, SHA256, 98000)
    assert (found[1].version, found[1].path) == ("2:1.2+ds-6", "pool/r/raspi_1.2+ds-6_all.deb")


def test_a_package_is_downloaded_from_the_archive_it_came_from() -> None:
    package = Package("a", "1", "all", "debian", "pool/a_1+b.deb", SHA256, 1)
    assert package.blob(DEBIAN).url == "http://mirror.example/debian/pool/a_1%2bb.deb"
    with pytest.raises(BuildError, match=r"image/bases/debian\.yaml"):
        replace(package, archive="elsewhere").blob(DEBIAN)


def test_locked_versions_are_pinned_above_all_others(tmp_path: Path) -> None:
    Apt(tmp_path, DEBIAN, FakeApt()).update({"dash": "0.5.12-12"})
    text = (tmp_path / "etc" / "preferences").read_text()
    assert text == "Package: dash\nPin: version 0.5.12-12\nPin-Priority: 1001\n"


def test_signatures_are_checked_against_debians_keyring(tmp_path: Path) -> None:
    Apt(tmp_path, DEBIAN, FakeApt()).update({})
    text = (tmp_path / "etc" / "sources" / "base.sources").read_text()
    assert "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg" in text
    assert "trusted" not in text.lower()


def test_an_unreachable_mirror_is_one_line(tmp_path: Path) -> None:
    base = replace(DEBIAN, sources=(Source("http://127.0.0.1:9/debian", ("trixie",), ("main",)),))
    with pytest.raises(BuildError, match="unreachable") as caught:
        Apt(tmp_path, base, partial(run_tool, log=tmp_path / "log")).update({})
    assert "\n" not in str(caught.value)
