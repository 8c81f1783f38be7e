import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagebuilder import pool as pool_module
from imagebuilder.errors import BuildError
from imagebuilder.pool import Blob, Pool
from tests.image.mirror import serve

CONTENT = b"a package"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "good.deb").write_bytes(CONTENT)
    (tmp_path / "mirror" / "damaged.deb").write_bytes(b"a packagf")
    with serve(tmp_path / "mirror") as url:
        yield url


def blob(url: str) -> Blob:
    return Blob(url.rpartition("/")[2], url, SHA256, len(CONTENT))


def test_a_download_is_kept_under_its_checksum(tmp_path: Path, mirror: str) -> None:
    pool, told = Pool(tmp_path / "pool"), []
    gone = pool.fetch([blob(f"{mirror}/good.deb")], lambda done, total: told.append((done, total)))
    assert gone == []
    assert pool.path(SHA256).read_bytes() == CONTENT
    assert told == [(len(CONTENT), len(CONTENT))]


def test_what_is_there_is_not_downloaded_again(tmp_path: Path, mirror: str) -> None:
    pool = Pool(tmp_path / "pool")
    pool.fetch([blob(f"{mirror}/good.deb")], lambda *_: None)
    assert pool.fetch([blob("http://127.0.0.1:9/good.deb")], lambda *_: None) == []


def test_a_wrong_checksum_ends_the_build_and_keeps_nothing(tmp_path: Path, mirror: str) -> None:
    pool = Pool(tmp_path / "pool")
    with pytest.raises(BuildError, match=r"damaged\.deb has sha256 .*, not"):
        pool.fetch([blob(f"{mirror}/damaged.deb")], lambda *_: None)
    assert [path for path in (tmp_path / "pool").rglob("*") if path.is_file()] == []


def test_what_the_mirror_no_longer_has_is_returned(tmp_path: Path, mirror: str) -> None:
    missing = blob(f"{mirror}/old.deb")
    assert Pool(tmp_path / "pool").fetch([missing], lambda *_: None) == [missing]


def test_an_unreachable_mirror_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"cannot be downloaded: .*check the network") as caught:
        Pool(tmp_path / "pool").fetch([blob("http://127.0.0.1:9/good.deb")], lambda *_: None)
    assert "\n" not in str(caught.value)


def test_a_file_damaged_in_the_pool_is_dropped_and_named(tmp_path: Path, mirror: str) -> None:
    pool, good = Pool(tmp_path / "pool"), blob(f"{mirror}/good.deb")
    pool.fetch([good], lambda *_: None)
    pool.path(SHA256).write_bytes(b"bit rot")
    with pytest.raises(BuildError, match=r"good\.deb"):
        pool.verify([good])
    assert not pool.has(SHA256)


def test_tries_are_bounded() -> None:
    assert pool_module.TRIES_MAX * pool_module.TIMEOUT_S <= 300
