from pathlib import Path

import pytest

from imagebuilder import signing
from imagebuilder.delivery import deliver
from imagebuilder.errors import BuildError


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "x.img.zst").write_bytes(b"image")
    (folder / "x.manifest.json").write_text("{}")
    return folder


def test_all_artefacts_and_the_signature_arrive_and_nothing_else(
    result: Path, tmp_path: Path
) -> None:
    deliver(result, tmp_path / "out", signing.default_key())
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["x.img.zst", "x.manifest.json", "x.manifest.json.sig"]


def test_a_folder_that_cannot_be_written_is_one_line(result: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BuildError, match="--out") as caught:
        deliver(result, tmp_path / "file", signing.default_key())
    assert "\n" not in str(caught.value)


def test_what_is_there_already_is_not_copied_again(result: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    deliver(result, out, signing.default_key())
    before = (out / "x.img.zst").stat().st_ino
    deliver(result, out, signing.default_key())
    assert (out / "x.img.zst").stat().st_ino == before
    (out / "x.img.zst").write_bytes(b"cut")
    deliver(result, out, signing.default_key())
    assert (out / "x.img.zst").read_bytes() == b"image"
