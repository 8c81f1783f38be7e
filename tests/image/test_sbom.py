import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from imagebuilder import sbom
from imagebuilder.sbom import Component

SCHEMA = json.loads(Path(__file__).with_name("spdx_schema.json").read_text(encoding="utf-8"))
STATUS = """Package: dash
Status: install ok installed
Installed-Size: 200
Maintainer: Andrej Shadura <andrewsh@debian.org>
Architecture: arm64
Version: 0.5.12-12
Description: POSIX-compliant shell
 with a long text: and colons

Package: tzdata
Status: install ok installed
Architecture: all
Version: 2026f-0+deb13u1

Package: nano
Status: deinstall ok config-files
Architecture: arm64
Version: 8.4-1
"""


@pytest.mark.parametrize(
    ("archive", "version", "vendor"),
    [
        ("debian-security", "1", "debian"),
        ("raspberrypi", "1", "raspberrypi"),
        ("", "1:6.12.47-1+rpt1", "raspberrypi"),
        ("", "1", "debian"),
    ],
)
def test_whose_a_package_is_the_lock_tells_or_its_version(
    archive: str, version: str, vendor: str
) -> None:
    assert sbom._vendor(archive, version) == vendor


def test_every_package_of_dpkg_is_a_component(tmp_path: Path) -> None:
    (tmp_path / "status").write_text(STATUS)
    dash, tzdata = sbom.installed(tmp_path / "status", {"dash": "a" * 64}, {})
    assert (dash.name, dash.version, dash.size, dash.sha256) == (
        "dash",
        "0.5.12-12",
        204_800,
        "a" * 64,
    )
    assert tzdata.purl == "pkg:deb/debian/tzdata@2026f-0%2Bdeb13u1?arch=all"


def test_the_document_has_what_spdx_2_3_demands() -> None:
    flask = Component("pypi", "flask", "3.1.3", "all", 1, sha256="c" * 64)
    text = sbom.document("image", [flask], 0)
    assert text["spdxVersion"] == "SPDX-2.3"
    assert text["dataLicense"] == "CC0-1.0"
    assert text["creationInfo"]["created"] == "1970-01-01T00:00:00Z"
    package = text["packages"][0]
    assert {"SPDXID", "name", "downloadLocation"} <= package.keys()
    assert package["checksums"] == [{"algorithm": "SHA256", "checksumValue": "c" * 64}]
    assert text["relationships"][0]["relatedSpdxElement"] == package["SPDXID"]


def flaws(text: dict[str, Any]) -> list[str]:
    """Say where a document is no SPDX 2.3."""
    names = [package["SPDXID"] for package in text["packages"]]
    twins = sorted({name for name in names if names.count(name) > 1})
    related = {one["relatedSpdxElement"] for one in text["relationships"]}
    wrong = jsonschema.Draft7Validator(SCHEMA).iter_errors(text)
    return [error.json_path for error in wrong] + twins + sorted(related ^ set(names))


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, Any]:
    """Make the document of an image with Debian's and Python's packages, as a stage does."""
    (tmp_path / "status").write_text(STATUS)
    debian = sbom.installed(tmp_path / "status", {"dash": "a" * 64, "tzdata": "b" * 64}, {})
    flask = Component("pypi", "flask", "3.1.3", "all", 1, sha256="c" * 64)
    return sbom.document("image", [*debian, flask], 1_795_000_000)


def test_the_document_is_valid_spdx(whole: dict[str, Any]) -> None:
    assert len(whole["packages"]) == 3
    assert flaws(whole) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SPDXID", "SPDXRef-deb_dash"),
        ("supplier", "Andrej Shadura"),
        ("downloadLocation", ""),
        ("checksums", [{"algorithm": "SHA256", "checksumValue": "A" * 64}]),
        ("size", 200),
    ],
)
def test_what_is_no_spdx_would_be_noticed(whole: dict[str, Any], key: str, value: object) -> None:
    broken = copy.deepcopy(whole)
    broken["packages"][0][key] = value
    assert flaws(broken)


def test_two_packages_of_one_name_would_be_noticed(whole: dict[str, Any]) -> None:
    whole["packages"].append(whole["packages"][0])
    assert flaws(whole) == [whole["packages"][0]["SPDXID"]]


def test_the_same_components_in_any_order_give_the_same_document() -> None:
    some = [Component("deb", name, "1", "all", 1) for name in ("a", "b", "c")]
    assert sbom.document("image", some, 5) == sbom.document("image", reversed(some), 5)


def test_a_package_is_looked_up_with_whoever_made_it(tmp_path: Path) -> None:
    (tmp_path / "status").write_text(STATUS)
    archives = {"dash": "raspberrypi", "tzdata": "debian-security"}
    dash, tzdata = sbom.installed(tmp_path / "status", {}, archives)
    assert dash.purl == "pkg:deb/raspberrypi/dash@0.5.12-12?arch=arm64"
    assert tzdata.purl.startswith("pkg:deb/debian/tzdata@")
