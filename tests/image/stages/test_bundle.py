"""Debian's own `rauc` is the judge of our bundles."""

import hashlib
import random
import subprocess
from pathlib import Path

import pytest

from imagebuilder import updatekey
from imagebuilder.stages import bundle
from imagebuilder.stages.bundle import BLOCK, Options
from tests.image import workshop

DATE = 1_700_000_000
ROOT = random.Random(1).randbytes(64 * BLOCK)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_key(tmp_path_factory.mktemp("key"))


def new_key(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        patch.setattr(updatekey, "BITS", 2048)  # quicker to make, and signs alike
        updatekey.ensure(updatekey.default())
        return updatekey.default()


def make(site: Path, key: Path, root: bytes = ROOT, version: str = "1.2") -> Path:
    before = site / "assemble"
    before.mkdir(parents=True)
    (before / "root.erofs").write_bytes(root)
    work = workshop.work(site, assemble=before)
    options = Options(name="comptoir-x", version=version, source_date=DATE, key=str(key))
    bundle.run(work, options)
    return work.result / "comptoir-x.raucb"


def rauc(key: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    keyring = f"--keyring={updatekey.certificate_of(key)}"
    command = ["rauc", keyring, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def index_of(root: bytes) -> list[bytes]:
    blocks = (root[at : at + BLOCK] for at in range(0, len(root), BLOCK))
    return [hashlib.sha256(block.ljust(BLOCK, b"\0")).digest() for block in blocks]


def test_rauc_accepts_it_and_reads_for_whom_it_is(tmp_path: Path, key: Path) -> None:
    said = rauc(key, "info", make(tmp_path, key))
    assert said.returncode == 0, said.stderr
    for text in (
        "'comptoir-x'",
        "'1.2'",
        "verity",
        "install-check",
        "post-install",
        "block-hash-index",
        hashlib.sha256(ROOT).hexdigest(),
    ):
        assert text in said.stdout


def test_a_strangers_bundle_is_refused(tmp_path: Path, key: Path) -> None:
    said = rauc(new_key(tmp_path / "stranger"), "info", make(tmp_path, key))
    assert said.returncode != 0
    assert "signature verification failed" in said.stderr


def test_what_rauc_takes_out_is_the_root_and_the_checksum_of_each_block(
    tmp_path: Path, key: Path
) -> None:
    root = ROOT + b"a last block that is not whole"
    out = tmp_path / "out"
    said = rauc(key, "extract", make(tmp_path, key, root), out)
    assert said.returncode == 0, said.stderr
    assert (out / bundle.ROOT).read_bytes() == root
    assert (out / "hook").stat().st_mode & 0o777 == 0o755
    assert (out / f"{bundle.ROOT}.block-hash-index").read_bytes() == b"".join(index_of(root))


@pytest.mark.parametrize("share", [0.01, 0.5, 0.92, 0.985])
def test_a_changed_byte_is_refused_wherever_it_is(tmp_path: Path, key: Path, share: float) -> None:
    made = make(tmp_path, key)
    content = bytearray(made.read_bytes())
    content[int(len(content) * share)] ^= 1
    made.write_bytes(content)
    assert rauc(key, "extract", made, tmp_path / "out").returncode != 0


def test_the_same_root_and_key_give_the_same_bytes(tmp_path: Path, key: Path) -> None:
    one, two = make(tmp_path / "one", key), make(tmp_path / "two", key)
    assert one.read_bytes() == two.read_bytes()
    assert make(tmp_path / "3", key, version="1.3").read_bytes() != one.read_bytes()


def test_a_block_that_changes_is_one_block_of_the_bundle_and_its_checksums(
    tmp_path: Path, key: Path
) -> None:
    changed = ROOT[: 8 * BLOCK] + bytes(BLOCK) + ROOT[9 * BLOCK :]
    one, two = make(tmp_path / "one", key), make(tmp_path / "two", key, changed)
    have = set(index_of(one.read_bytes()))
    new = [block for block in index_of(two.read_bytes()) if block not in have]
    assert 0 < len(new) <= 5  # the block, its checksum, two of the hash tree, the manifest
