"""The list from which Raspberry Pi Imager offers an image: `rpi-imager --repo FILE`.

Its form is published as doc/json-schema/os-list-schema.json and doc/schema-notes.md of
raspberrypi/rpi-imager; tests/image/os_list_schema.json models it.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imagebuilder.errors import BuildError
from imagebuilder.flashing import blocks

ENDING = ".imager.json"
PIECE = 1 << 20
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40"'
    ' rx="8" fill="#1d3b36"/><path d="M26 14a8 8 0 1 0 0 12" fill="none" stroke="#fff"'
    ' stroke-width="4" stroke-linecap="round"/></svg>'
)


def write(manifest: Path, url: str, boards: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write the list beside a delivered image; `url` is the folder that Imager gets it from."""
    said = json.loads(manifest.read_text(encoding="utf-8"))
    image = next(one for one in said["artefacts"] if one["name"].endswith(".img.zst"))
    size, sha256 = expanded(manifest.parent / image["name"])
    devices = sorted({str(board["imager"]) for board in boards.values() if "imager" in board})
    entry = {
        "name": f"Comptoir {said['profile']} ({said['base']})",
        "description": f"A till in which no terminal is special, version {said['version']}",
        "icon": f"data:image/svg+xml;base64,{base64.b64encode(ICON.encode()).decode()}",
        "url": f"{url.rstrip('/')}/{image['name']}",
        "extract_size": size,
        "extract_sha256": sha256,
        "image_download_size": image["size"],
        "image_download_sha256": image["sha256"],
        "release_date": datetime.fromtimestamp(said["source_date"], UTC).date().isoformat(),
        "devices": devices,
        "architecture": "armv8",
    }  # no init_format: Imager must not put a user, a password or scripts on it
    path = manifest.with_name(manifest.name.removesuffix(".manifest.json") + ENDING)
    text = json.dumps({"os_list": [entry]}, indent=1) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BuildError(
            f"the list cannot be written: {error.strerror}", where=str(path), hint="free space"
        ) from error
    return path


def expanded(image: Path) -> tuple[int, str]:
    """Return size and sha256 of what an image expands to."""
    digest, size = hashlib.sha256(), 0
    with blocks.opened(image) as source:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
