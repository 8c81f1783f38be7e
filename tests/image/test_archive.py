import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from imagebuilder import archive
from imagebuilder.base import Source
from imagebuilder.errors import BuildError
from tests.image.mirror import serve
from tests.image.raspberry import KEYRING, Raspberry


def at(uri: str) -> Source:
    return Source(uri, ("trixie",), ("main",))


def test_an_archive_that_answers_is_not_silent(served: Raspberry) -> None:
    assert archive.silence_of(served.source) == ""


def test_nobody_at_the_address_is_told() -> None:
    assert "refused" in archive.silence_of(at("http://127.0.0.1:9/debian"))


def test_one_that_takes_the_question_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        began = time.monotonic()
        said = archive.silence_of(
            at(f"http://127.0.0.1:{mute.getsockname()[1]}/debian"), seconds_max=0.3
        )
        assert time.monotonic() - began < 30
    assert said == "no answer within 0.3 s" or "timed out" in said


def test_a_page_to_log_in_to_is_no_archive(tmp_path: Path) -> None:
    page = tmp_path / "debian/dists/trixie/InRelease"
    page.parent.mkdir(parents=True)
    page.write_text("<html>Welcome to the hotel's network</html>")
    with serve(tmp_path) as uri:
        assert archive.silence_of(at(f"{uri}/debian")) == "what answers is no archive"
        assert archive.silence_of(at(f"{uri}/raspbian")) == "it answered 404"


def test_a_package_is_found_by_the_index(served: Raspberry) -> None:
    content = archive.package(served.source, KEYRING, "arm64")
    assert content == next(served.archive.root.glob(f"pool/{KEYRING}_*")).read_bytes()


def test_a_damaged_index_is_one_line(served: Raspberry) -> None:
    index = served.archive.root / "dists/trixie/main/binary-arm64/Packages.gz"
    index.write_bytes(index.read_bytes()[:-20])
    with pytest.raises(BuildError, match="raspberrypi is of no use") as caught:
        archive.package(served.source, KEYRING, "arm64")
    assert "\n" not in str(caught.value)


def test_an_archive_that_went_away_is_one_line(served: Raspberry) -> None:
    gone = replace(served.source, uri="http://127.0.0.1:9/debian")
    with pytest.raises(BuildError, match=r"raspberrypi is of no use: .*refused"):
        archive.package(gone, KEYRING, "arm64")
