"""Which CVEs a renewed lock closes, by the data of Debian's security tracker.

The data is a JSON file: source package → CVE → release → status, `fixed_version` where it is fixed.
https://security-tracker.debian.org/tracker/data/json
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagebuilder.apt import Package
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock

ADDRESS = "https://security-tracker.debian.org/tracker/data/json"
SIGNED = {"linux-signed-arm64": "linux"}  # built from binaries of the source that the tracker names
REBUILT = re.compile(r"\+b\d+$")  # counts rebuilds of the same source

Data = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, order=True)
class Closed:
    """A CVE that the old lock's package had, and the new one's has not."""

    source: str
    cve: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"closes {self.cve} ({self.source} {self.before} → {self.after})"


def read(path: Path) -> Data:
    """Read the tracker's data; BuildError when it is something else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        for cves in data.values():
            for cve in cves.values():
                cve["releases"].items()
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BuildError(
            f"the security tracker's data cannot be read: {error!r}",
            where=str(path),
            hint=f"fetch it again from {ADDRESS}",
        ) from error
    return data  # type: ignore[no-any-return]  # JSON; its shape was just looked at


def closed(old: Lock, new: Lock, data: Data, suite: str) -> list[Closed]:
    """Return what the step from one lock to the next closes in a release, by source."""
    before, after = _sources(old), _sources(new)
    found: list[Closed] = []
    for source in sorted(before.keys() & after.keys()):
        versions = before[source], after[source]
        if versions[0] != versions[1]:
            fixed = _fixed(data, source, suite, *versions)
            found += (Closed(source, cve, *versions) for cve in fixed)
    return found


def _fixed(data: Data, source: str, suite: str, before: str, after: str) -> Iterator[str]:
    for cve, about in sorted(data.get(source, {}).items()):
        release = about["releases"].get(suite, {})
        fixed = release.get("fixed_version") if release.get("status") == "resolved" else None
        if fixed and older(before, fixed) and not older(after, fixed):
            yield cve


def older(one: str, other: str) -> bool:
    """Tell whether a Debian version comes before another, by dpkg's order."""
    return not subprocess.run(
        ["dpkg", "--compare-versions", one, "lt", other], check=False
    ).returncode


def _sources(lock: Lock) -> dict[str, str]:
    """Return {source package: version}; a rebuild of the same source is the same version."""
    return {_source(one): REBUILT.sub("", one.version) for one in lock.packages}


def _source(package: Package) -> str:
    folder = Path(package.path).parent.name  # an archive's pool has a folder for each source
    return SIGNED.get(folder, folder)
