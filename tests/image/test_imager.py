import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import zstandard

from imagebuilder import digest, imager
from imagebuilder.errors import BuildError
from imagebuilder.plan import load_plan

REPO = Path(__file__).parents[2]
SCHEMA = json.loads(Path(__file__).with_name("os_list_schema.json").read_text(encoding="utf-8"))
CONTENT = b"disk" * 1000
BOARDS = {"cm4": {"imager": "pi4-64bit"}, "cm3": {"imager": "pi3-64bit"}, "virt": {}}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    image = tmp_path / "comptoir-debian-terminal.img.zst"
    half = zstandard.ZstdCompressor().compress(CONTENT[:2000])
    image.write_bytes(half + zstandard.ZstdCompressor().compress(CONTENT[2000:]))
    entry = {"name": image.name, "sha256": digest.of_file(image), "size": image.stat().st_size}
    path = tmp_path / "comptoir-debian-terminal.manifest.json"
    said = {"base": "debian", "profile": "terminal", "version": "0.1.0", "source_date": 1767225600}
    path.write_text(json.dumps({**said, "artefacts": [entry]}))
    return path


def written(manifest: Path, url: str = "https://example.org/comptoir/") -> dict[str, Any]:
    said = json.loads(imager.write(manifest, url, BOARDS).read_text(encoding="utf-8"))
    jsonschema.validate(said, SCHEMA)
    (entry,) = said["os_list"]
    return dict(entry)


def test_the_list_has_the_published_form_and_says_the_truth(manifest: Path) -> None:
    entry = written(manifest)
    assert entry["url"] == "https://example.org/comptoir/comptoir-debian-terminal.img.zst"
    assert entry["extract_size"] == len(CONTENT)
    assert entry["extract_sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert entry["release_date"] == "2026-01-01"
    assert entry["devices"] == ["pi3-64bit", "pi4-64bit"]
    assert entry["icon"].startswith("data:image/svg+xml;base64,")


def test_a_list_for_this_computer_names_a_file(manifest: Path) -> None:
    assert written(manifest, manifest.parent.as_uri())["url"].startswith("file:///")


def test_imager_is_not_let_put_its_own_scripts_on_the_image(manifest: Path) -> None:
    assert "init_format" not in written(manifest)


@pytest.mark.parametrize("key", ["extract_sha256", "devices", "url", "icon"])
def test_the_modelled_schema_refuses_what_imager_would(manifest: Path, key: str) -> None:
    entry = written(manifest)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"os_list": [{**entry, key: "x"}]}, SCHEMA)
    del entry[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"os_list": [entry]}, SCHEMA)


def test_a_list_that_cannot_be_written_is_told(manifest: Path) -> None:
    manifest.with_name("comptoir-debian-terminal.imager.json").mkdir()
    with pytest.raises(BuildError, match="cannot be written"):
        imager.write(manifest, "https://example.org", BOARDS)


def test_every_board_has_its_tag() -> None:
    boards = load_plan(REPO, base="debian", profile="terminal").boards
    assert {name: board["imager"] for name, board in boards.items()} == {
        "cm3": "pi3-64bit",
        "cm4": "pi4-64bit",
    }
