from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comptoir import packs
from comptoir.cli import main
from comptoir.commands import queries
from tests.fakes.till import HostTill


@pytest.fixture
def till(tmp_path: Path) -> Iterator[HostTill]:
    till = HostTill(tmp_path / "till", sample="shop", safe_wait_ms=0)
    yield till
    till.stop()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_every_pack_is_listed_and_shown_with_its_sources() -> None:
    listed = run("taxes", "list").stdout
    for region in packs.regions():
        assert region in listed
        shown = run("taxes", "show", region).stdout
        assert shown.count("http") == len(packs.load(region).taxes)
    assert "amount from 401 minor units" in run("taxes", "show", "ca-on").stdout


def test_an_unknown_region_is_refused_in_one_line() -> None:
    refused = run("taxes", "show", "atlantis")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: There is no tax pack 'atlantis'. Packs are us-ny-nyc")
    assert refused.stderr.count("\n") == 1


def test_a_pack_reaches_the_till_with_a_managers_pin(till: HostTill, tmp_path: Path) -> None:
    settings = tmp_path / "comptoir.toml"
    settings.write_text(f"http_port = {till.serve().rpartition(':')[2]}\n", encoding="utf-8")
    apply = ("--settings", str(settings), "taxes", "apply")
    assert "does not know this PIN" in run(*apply, "fr", "--pin", "9999").stderr
    assert "Los Angeles takes USD" in run(*apply, "us-ca-la", "--pin", "1234").stderr
    assert run(*apply, "fr", "--pin", "1234").stdout == "3 taxes of France\n"
    assert {"tva10", "tva55", "tva20"} <= {tax.id for tax in queries.menu(till.journal).taxes}
