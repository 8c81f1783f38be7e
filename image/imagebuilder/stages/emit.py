"""Makes what is handed over: compressed image, block map, bill of materials and manifest.

The update bundle is made already; it is listed with them.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from imagebuilder import digest, frames, sbom
from imagebuilder.plan import Plan
from imagebuilder.sbom import Component
from imagebuilder.work import Work

AFTER: tuple[str, ...] = (
    "assemble",
    "bundle",
    "configure",
    "app",
    "lock/debian.json",
    "lock/python.json",
    "lock/renewed.json",
    "lock/unneeded.json",
)
USES: tuple[ModuleType, ...] = (frames, sbom)
LARGEST = 10


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the manifest says of the image."""

    base: str
    profile: str
    version: str
    source_date: int
    official: str = ""  # file and checksum of the image that it was begun with

    @property
    def name(self) -> str:
        """How the artefacts are called, but for their endings."""
        return f"comptoir-{self.base}-{self.profile}"


def options(plan: Plan) -> Options:
    """Take them from the plan."""
    begun = plan.base.official
    return Options(
        base=plan.base.name,
        profile=plan.profile.name,
        version=plan.version,
        source_date=plan.source_date,
        official=f"{begun.name} {begun.sha256}" if begun else "",
    )


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Need nothing but the results of other stages."""
    del plan
    return ()


def run(work: Work, options: Options) -> None:
    """Fill the result with the artefacts, manifest last."""
    image = work.before["assemble"] / "disk.img"
    compressed = work.result / f"{options.name}.img.zst"
    frames.compress(
        image, compressed, work.memo / "frames", lambda share: work.progress(90 * share, "zstd")
    )
    work.progress(92, "block map")
    work.run(["bmaptool", "create", "--output", work.result / f"{options.name}.bmap", image])
    bundle = f"{options.name}.raucb"
    os.link(work.before["bundle"] / bundle, work.result / bundle)
    components = [*_debian(work), *_python(work, options)]
    document = sbom.document(options.name, components, options.source_date)
    _write(work.result / f"{options.name}.spdx.json", document)
    _write(work.result / f"{options.name}.manifest.json", manifest(work, options, components))


def manifest(work: Work, options: Options, components: list[Component]) -> dict[str, Any]:
    """Say what the artefacts are, what they were made from and what is large in them."""
    lock = work.before["lock"]
    artefacts = [
        {"name": path.name, "sha256": digest.of_file(path), "size": path.stat().st_size}
        for path in sorted(work.result.iterdir())
    ]
    root = work.before["assemble"] / "root.erofs"
    largest = sorted(components, key=lambda one: (-one.size, one.name))[:LARGEST]
    return {
        **asdict(options),
        "lock": {name: digest.of_file(lock / f"{name}.json") for name in ("debian", "python")},
        "renewed": json.loads((lock / "renewed.json").read_text(encoding="utf-8")),
        "taken_out": json.loads((lock / "unneeded.json").read_text(encoding="utf-8")),
        "root_bytes": root.stat().st_size,
        "largest": [{"name": one.name, "bytes": one.size} for one in largest],
        "artefacts": artefacts,
    }


def _debian(work: Work) -> list[Component]:
    listed = json.loads((work.before["lock"] / "debian.json").read_text(encoding="utf-8"))
    checksums = {entry["name"]: entry["sha256"] for entry in listed}
    archives = {entry["name"]: entry["archive"] for entry in listed}
    status = work.before["configure"] / "tree/var/lib/dpkg/status"
    return list(sbom.installed(status, checksums, archives))


def _python(work: Work, options: Options) -> list[Component]:
    listed = json.loads((work.before["lock"] / "python.json").read_text(encoding="utf-8"))
    wheels = [
        Component("pypi", one["name"], one["version"], "arm64", one["size"], sha256=one["sha256"])
        for one in listed
    ]
    own = next((work.before["app"] / "wheels").glob("comptoir-*.whl"))
    size, sha256 = own.stat().st_size, digest.of_file(own)
    return [*wheels, Component("pypi", "comptoir", options.version, "all", size, sha256=sha256)]


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
