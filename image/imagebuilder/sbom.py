"""Writes the software bill of materials, SPDX 2.3, from what is really in the tree."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, order=True)
class Component:
    """One installed package: `kind` is deb or pypi, `size` the bytes it takes installed."""

    kind: str
    name: str
    version: str
    architecture: str
    size: int
    supplier: str = ""
    sha256: str = ""
    vendor: str = "debian"

    @property
    def purl(self) -> str:
        """The package URL, as vulnerability scanners look it up."""
        version = quote(self.version, safe="")
        if self.kind == "pypi":
            return f"pkg:pypi/{self.name}@{version}"
        return f"pkg:deb/{self.vendor}/{self.name}@{version}?arch={self.architecture}"


def installed(
    status: Path, checksums: Mapping[str, str], archives: Mapping[str, str]
) -> Iterator[Component]:
    """Read dpkg's status file; `checksums` and `archives` are the packages' by their names."""
    for stanza in status.read_text(encoding="utf-8").strip().split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", stanza, re.MULTILINE))
        if not fields["Status"].endswith(" ok installed"):
            continue  # gone but for its settings
        yield Component(
            kind="deb",
            name=fields["Package"],
            version=fields["Version"],
            architecture=fields["Architecture"],
            size=int(fields.get("Installed-Size", 0)) << 10,
            supplier=fields.get("Maintainer", ""),
            sha256=checksums.get(fields["Package"], ""),
            vendor=_vendor(archives.get(fields["Package"], ""), fields["Version"]),
        )


def _vendor(archive: str, version: str) -> str:
    """Say whose a package is; of those of an official image no lock tells it."""
    if not archive:
        return "raspberrypi" if "+rpt" in version else "debian"
    return archive.partition("-")[0]  # debian-security is Debian's too


def document(name: str, components: Iterable[Component], source_date: int) -> dict[str, Any]:
    """Return the SPDX document; the same components and date give the same document."""
    packages = [_package(one) for one in sorted(components)]
    seed = name + "".join(sorted(package["SPDXID"] for package in packages))
    created = datetime.fromtimestamp(source_date, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    relations = [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
         "relatedSpdxElement": package["SPDXID"]}
        for package in packages
    ]  # fmt: skip
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "creationInfo": {"created": created, "creators": ["Tool: comptoir-image"]},
        "packages": packages,
        "relationships": relations,
    }


def _package(one: Component) -> dict[str, Any]:
    package: dict[str, Any] = {
        "SPDXID": "SPDXRef-"
        + re.sub(r"[^A-Za-z0-9.-]", "-", f"{one.kind}-{one.name}-{one.version}"),
        "name": one.name,
        "versionInfo": one.version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "supplier": f"Organization: {one.supplier}" if one.supplier else "NOASSERTION",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": one.purl,
            }
        ],
    }
    if one.sha256:
        package["checksums"] = [{"algorithm": "SHA256", "checksumValue": one.sha256}]
    return package
