"""The distribution underneath an image: image/bases/NAME.yaml, read and checked.

A base may be `like` another and say only how it differs. Its lists are then added to the other's,
`without` takes packages out again, and everything else that it says replaces what the other says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from imagebuilder.errors import BuildError
from imagebuilder.prune import LeftOut

LISTS = ("sources", "packages", "left_out", "kept")


@dataclass(frozen=True)
class Key:
    """The key that signs an archive: in which of its packages it is, and its fingerprint."""

    package: str
    fingerprint: str


@dataclass(frozen=True)
class Source:
    """One archive: where, which suites, which components; `key` only if Debian's are not its."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    name: str = ""  # as the lock calls it; else the last word of the address
    key: Key | None = None

    @property
    def archive(self) -> str:
        """What packages of this archive bear in a lock."""
        return self.name or self.uri.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Boot:
    """How this base's kernel and firmware are laid out, and what they are told."""

    kernel: str = ""  # its package, to be named when a file is missing
    device_trees: str = ""  # which of a board's names for its device tree this kernel uses
    config: str = ""  # lines of config.txt for every board
    boards: Mapping[str, str] = field(default_factory=dict)  # and for one
    overlays: bool = False  # the kernel brings overlays, and config.txt asks for some
    modules: tuple[str, ...] = ()  # which the root needs
    modules_if_any: tuple[str, ...] = ()  # which it needs of those kernels that have them apart


@dataclass(frozen=True, kw_only=True)
class OwnModule:
    """A kernel module of ours, for a kernel that lacks something."""

    source: str  # its folder below the checkout
    packages: tuple[str, ...]  # what it is compiled with; none of them comes into the image


@dataclass(frozen=True, kw_only=True)
class Official:
    """An image that somebody else made, to begin with."""

    name: str  # the file that was given
    sha256: str  # its checksum, as its maker publishes it
    path: str  # the image without its compression
    root: int  # where in it the file system of the root begins, in bytes


@dataclass(frozen=True, kw_only=True)
class Base:
    """One file of image/bases, or an official image that is like one."""

    name: str
    suite: str
    architecture: str
    keyring: str
    sources: tuple[Source, ...]
    packages: tuple[str, ...]
    rank: int = 0  # who names no base gets the lowest that can be had; 0: only by name
    left_out: LeftOut = field(default_factory=LeftOut)
    boot: Boot = field(default_factory=Boot)
    module: OwnModule | None = None
    official: Official | None = None

    @property
    def foreign(self) -> tuple[Source, ...]:
        """The archives that are not Debian's, and may be out of reach where Debian's are not."""
        return tuple(source for source in self.sources if source.key)


def load(path: Path) -> Base:
    """Read one base; BuildError names the file and what is wrong with it."""
    try:
        return _base(path.stem, _merged(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BuildError(
            f"this is no base: {error!r}", where=str(path), hint="compare it with debian.yaml"
        ) from error


def mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds `key: value` lines."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        line = str(error).replace("\n", " ")
        raise BuildError(
            f"this is not YAML: {line}", where=str(path), hint="mend the file"
        ) from error
    if not isinstance(value, dict):
        raise BuildError("the file is no mapping", where=str(path), hint="write `key: value` lines")
    return value


def choose_file(folder: Path, name: str) -> Path:
    """Return the file of this name; BuildError lists those there are."""
    path = folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml")))
        raise BuildError(
            f"there is no {name}.yaml", where=str(folder), hint=f"choose one of: {known}"
        )
    return path


def _merged(path: Path) -> dict[str, Any]:
    own = mapping(path)
    if "like" not in own:
        return own
    other = mapping(choose_file(path.parent, own["like"]))
    lists = {name: [*(other.get(name) or ()), *(own.get(name) or ())] for name in LISTS}
    without = set(own.get("without") or ())
    if missing := without - set(lists["packages"]):
        raise ValueError(f"without {', '.join(sorted(missing))}, which {own['like']} has not")
    lists["packages"] = [name for name in lists["packages"] if name not in without]
    return {**other, "rank": 0, **own, **lists}


def _base(name: str, data: Mapping[str, Any]) -> Base:
    return Base(
        name=name,
        suite=data["suite"],
        architecture=data["architecture"],
        keyring=data["keyring"],
        sources=tuple(_source(item) for item in data["sources"]),
        packages=tuple(data["packages"]),
        rank=int(data.get("rank") or 0),
        left_out=LeftOut(
            patterns=tuple(data.get("left_out") or ()), kept=tuple(data.get("kept") or ())
        ),
        boot=_boot(data["boot"]),
        module=_module(data.get("module")),
    )


def _module(data: Mapping[str, Any] | None) -> OwnModule | None:
    return OwnModule(source=data["source"], packages=tuple(data["packages"])) if data else None


def _source(item: Mapping[str, Any]) -> Source:
    key = item.get("key")
    return Source(
        uri=item["uri"].rstrip("/"),
        suites=tuple(item["suites"]),
        components=tuple(item["components"]),
        name=item.get("name") or "",
        key=Key(key["package"], key["fingerprint"].replace(" ", "").upper()) if key else None,
    )


def _boot(data: Mapping[str, Any]) -> Boot:
    return Boot(
        kernel=data["kernel"],
        device_trees=data["device_trees"],
        config=data.get("config") or "",
        boards=dict(data.get("boards") or {}),
        overlays=bool(data.get("overlays")),
        modules=tuple(data["modules"]),
        modules_if_any=tuple(data.get("modules_if_any") or ()),
    )
