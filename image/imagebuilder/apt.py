"""Asks apt which packages an image needs, with a state of its own; the host's is not touched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from imagebuilder import keyring, official
from imagebuilder.base import Base, Source
from imagebuilder.errors import BuildError
from imagebuilder.pool import Blob
from imagebuilder.process import Run

_LINE = re.compile(r"^'(?P<url>\S+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<sha256>[0-9a-f]{64})$")
# Above every other preference, so that a locked version is kept for as long as the mirror has it.
_PIN_PRIORITY = 1001
_REMOVAL = re.compile(r"^(?:Purg|Remv) ([^\s:]+)", re.MULTILINE)
_KNOWN = (
    *(
        (sign, "an archive is not signed by its key: {line}", "see its key in image/bases")
        for sign in ("is not signed", "NO_PUBKEY", "Missing key", "BADSIG", "is not bound")
    ),
    *(
        (sign, "the archives have no such package: {line}", "mend its name, or wait for it")
        for sign in ("Unable to locate package", "has no installation candidate")
    ),
    ("unmet dependencies", "the packages cannot be installed together", "see the log"),
    ("Failed to fetch", "the mirror is unreachable", "check the network or the mirror's address"),
)


@dataclass(frozen=True, order=True)
class Package:
    """One Debian package, exactly: `archive` is its source's name in the base."""

    name: str
    version: str
    architecture: str
    archive: str
    path: str
    sha256: str
    size: int

    def blob(self, base: Base) -> Blob:
        """Return the file to download from the base's mirror."""
        for source in base.sources:
            if source.archive == self.archive:
                url = f"{source.uri}/{self.path.replace('+', '%2b')}"
                return Blob(self.name, url, self.sha256, self.size)
        raise BuildError(
            f"{self.name} comes from the archive {self.archive}, which the base does not name",
            where=f"image/bases/{base.name}.yaml",
            hint="add the source, or make the lock again with --update-lock",
        )


class Apt:
    """apt with its lists, its preferences and its (empty) state below `root`."""

    def __init__(self, root: Path, base: Base, run: Run) -> None:
        self._root = root
        self._base = base
        self._run = run

    def update(self, pins: Mapping[str, str]) -> None:
        """Fetch the lists, signatures checked; `pins` are versions by name to hold on to."""
        for folder in ("etc/parts", "etc/sources", "state/lists/partial", "cache/archives/partial"):
            (self._root / folder).mkdir(parents=True, exist_ok=True)
        begun = self._base.official
        status = official.read_status(begun) if begun else ""
        (self._root / "status").write_text(status)
        # what nobody asks for is there for others alone, and goes when they need it not
        (self._root / "state" / "extended_states").write_text(_all_automatic(status))
        (self._root / "apt.conf").write_text(self._configuration())
        (self._root / "etc" / "sources" / "base.sources").write_text(self._sources())
        (self._root / "etc" / "preferences").write_text(_preferences(pins))
        self._apt("update", "-o", "APT::Update::Error-Mode=any")

    def resolve(self, wanted: Sequence[str]) -> list[Package]:
        """Return the packages that `wanted` needs, by name, but for those of an official image."""
        said = self._apt("install", "--yes", "--no-upgrade", "--print-uris", *wanted)
        lines = (_LINE.match(line) for line in said.splitlines())
        return sorted(self._package(match) for match in lines if match)

    def unneeded(self, wanted: Sequence[str]) -> list[str]:
        """Name the packages of an official image that `wanted` does without."""
        options = ("--yes", "--no-upgrade", "--simulate", "--auto-remove")
        # apt too: an image is replaced, never upgraded, but it keeps whatever is `required`
        return sorted(_REMOVAL.findall(self._apt("install", *options, *wanted, "apt-")))

    def _apt(self, *arguments: str) -> str:
        config = {"APT_CONFIG": str(self._root / "apt.conf")}
        return self._run(["apt-get", *arguments], env=config, known=_KNOWN)

    def _package(self, match: re.Match[str]) -> Package:
        name, version, architecture = unquote(match["file"]).removesuffix(".deb").split("_")
        source = next(s for s in self._base.sources if match["url"].startswith(s.uri + "/"))
        return Package(
            name=name,
            version=version,
            architecture=architecture,
            archive=source.archive,
            path=unquote(match["url"].removeprefix(source.uri + "/")),
            sha256=match["sha256"],
            size=int(match["size"]),
        )

    def _configuration(self) -> str:
        settings = {
            "APT::Architecture": self._base.architecture,
            "APT::Install-Recommends": "false",
            "APT::AutoRemove::RecommendsImportant": "false",
            "APT::AutoRemove::SuggestsImportant": "false",
            "APT::Sandbox::User": "root",  # a cache below a private home is closed to _apt
            "pkgCacheGen::ForceEssential": "none",  # else it would keep itself
            "Acquire::Languages": "none",
            "Acquire::ForceHash": "sha256",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "30",
            "Dir": str(self._root),
            "Dir::Etc": "etc",
            "Dir::Etc::parts": "parts",
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": "sources",
            "Dir::State": "state",
            "Dir::State::lists": "lists/",
            "Dir::State::status": str(self._root / "status"),
            "Dir::Cache": "cache",
        }
        lines = [f'{key} "{value}";' for key, value in settings.items()]
        return "\n".join([*lines, f'APT::Architectures {{ "{self._base.architecture}"; }};', ""])

    def _sources(self) -> str:
        return "\n".join(
            f"Types: deb\nURIs: {source.uri}\nSuites: {' '.join(source.suites)}\n"
            f"Components: {' '.join(source.components)}\nSigned-By: {self._keyring(source)}\n"
            for source in self._base.sources
        )

    def _keyring(self, source: Source) -> str | Path:
        if not source.key:
            return self._base.keyring
        return keyring.bring(
            source,
            source.key,
            architecture=self._base.architecture,
            folder=self._root / "keys",
            run=self._run,
        )


def _all_automatic(status: str) -> str:
    return "\n".join(
        f"Package: {name}\nArchitecture: {architecture}\nAuto-Installed: 1\n"
        for name, architecture in official.installed(status).items()
    )


def _preferences(pins: Mapping[str, str]) -> str:
    return "\n".join(
        f"Package: {name}\nPin: version {version}\nPin-Priority: {_PIN_PRIORITY}\n"
        for name, version in sorted(pins.items())
    )
