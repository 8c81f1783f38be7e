from functools import partial
from pathlib import Path

import pytest

from imagebuilder import keyring
from imagebuilder.apt import Apt
from imagebuilder.errors import BuildError
from imagebuilder.process import run_tool
from tests.image import raspberry
from tests.image.archive import Signer
from tests.image.raspberry import Raspberry

FOREIGN = "0123456789ABCDEF0123456789ABCDEF01234567"


def bring(served: Raspberry, folder: Path, fingerprint: str = "") -> Path:
    source = served.with_key(fingerprint or served.signer.fingerprint).sources[0]
    assert source.key
    return keyring.bring(
        source,
        source.key,
        architecture="arm64",
        folder=folder,
        run=partial(run_tool, log=folder / "log"),
    )


def fingerprints(file: Path) -> list[str]:
    said = run_tool(["gpg", "--with-colons", "--show-keys", file], log=file.with_suffix(".log"))
    return [line.split(":")[9] for line in said.splitlines() if line.startswith("fpr:")]


def test_only_the_key_that_the_base_names_is_believed(
    served: Raspberry, stranger: Signer, tmp_path: Path
) -> None:
    raspberry.add_keyring(served.archive, stranger, served.signer)
    served.archive.publish(served.signer)
    assert fingerprints(bring(served, tmp_path / "keys")) == [served.signer.fingerprint]


def test_a_key_of_another_fingerprint_is_one_line_with_both(
    served: Raspberry, tmp_path: Path
) -> None:
    with pytest.raises(BuildError) as caught:
        bring(served, tmp_path / "keys", FOREIGN)
    told = str(caught.value)
    assert f"brings the key {served.signer.fingerprint}, not {FOREIGN}" in told
    assert "\n" not in told
    assert not (tmp_path / "keys/raspberrypi.pgp").exists()


def test_an_archive_without_its_keyring_package_is_told(served: Raspberry, tmp_path: Path) -> None:
    next(served.archive.root.glob("pool/raspberrypi-archive-keyring_*")).unlink()
    served.archive.publish(served.signer)
    with pytest.raises(BuildError, match="it has no package raspberrypi-archive-keyring"):
        bring(served, tmp_path / "keys")


def test_a_damaged_keyring_package_is_told(served: Raspberry, tmp_path: Path) -> None:
    next(served.archive.root.glob("pool/raspberrypi-archive-keyring_*")).write_bytes(b"<html>")
    with pytest.raises(BuildError, match="keyring package is damaged"):
        bring(served, tmp_path / "keys")


def test_an_archive_signed_by_a_stranger_is_one_line(
    served: Raspberry, stranger: Signer, tmp_path: Path
) -> None:
    served.archive.publish(stranger)
    with pytest.raises(BuildError, match=r"is not signed by its key.*trixie InRelease") as caught:
        Apt(tmp_path / "apt", served.base, partial(run_tool, log=tmp_path / "log")).update({})
    assert "\n" not in str(caught.value)


def test_a_release_changed_after_it_was_signed_is_one_line(
    served: Raspberry, tmp_path: Path
) -> None:
    release = served.archive.root / "dists/trixie/InRelease"
    release.write_bytes(release.read_bytes().replace(b"Origin: Tests", b"Origin: Other"))
    with pytest.raises(BuildError, match="is not signed by its key"):
        Apt(tmp_path / "apt", served.base, partial(run_tool, log=tmp_path / "log")).update({})
