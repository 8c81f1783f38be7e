"""The peers' addresses, edited while everything runs."""

import os
from pathlib import Path

import pytest

from comptoir.bus import Address
from comptoir.replica import PeerBook


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "peers.json"


def write(file: Path, text: str, at_s: int) -> None:
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at_s, at_s))


def test_no_file_means_no_peers(file: Path) -> None:
    assert PeerBook(file).addresses() == {}


def test_an_edit_is_taken_up(file: Path) -> None:
    book = PeerBook(file)
    write(file, '{"t2": "192.0.2.7:8883"}', 1)
    assert book.addresses() == {"t2": Address("192.0.2.7", 8883)}
    write(file, '{"t2": "192.0.2.8:8883"}', 2)
    assert book.addresses() == {"t2": Address("192.0.2.8", 8883)}


@pytest.mark.parametrize("text", ["{", "[]", '{"t2": "nowhere"}', '{"t2": 7}'])
def test_a_bad_edit_leaves_the_last_addresses_and_says_so(
    file: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    book = PeerBook(file)
    write(file, '{"t2": "192.0.2.7:8883"}', 1)
    book.addresses()
    write(file, text, 2)
    assert book.addresses() == {"t2": Address("192.0.2.7", 8883)}
    assert "stay in use" in caplog.text
