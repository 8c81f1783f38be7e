"""X13: the fiscal series has no gap, is chained and signed, and leaves the house as an archive."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from comptoir.cli import main
from comptoir.commands import fiscal_archive
from comptoir.commands.fiscal_archive import ArchiveUnreadable, series_faults
from comptoir.domain import events as ev
from comptoir.domain.fiscal import Link, faults
from tests.app.commands.test_day import furnish, sell, share
from tests.app.domain.test_fold import event
from tests.fakes.box import Box, BoxMaker
from tests.fakes.till import HostTill


def receipts(box: Box) -> list[ev.ReceiptStated]:
    sealed = fiscal_archive._series(box.journal, (box.name, 1))
    bodies = [link.event.body for link in fiscal_archive._links(sealed)]
    return [body for body in bodies if isinstance(body, ev.ReceiptStated)]


@pytest.fixture
def sold(box: Box) -> Box:
    furnish(box)
    for name in ("a", "b", "c"):
        sell(box, name)
    return box


def test_each_terminal_counts_its_own_receipts_without_a_gap(sold: Box, make_box: BoxMaker) -> None:
    other = make_box("t2", letter="B")
    share(sold, other)
    sell(other, "d")
    share(other, sold)
    assert [one.number for one in receipts(sold)] == ["A1-000001", "A1-000002", "A1-000003"]
    assert [one.number for one in receipts(other)] == ["B1-000001"]
    assert receipts(sold)[-1].cumulative == 999
    assert series_faults(sold.journal) == []


CHAIN = [
    event(ev.ReceiptStated("c", f"A1-{n}", n, f"h{n - 1}" if n > 1 else "", 5, (), 5 * n), n)
    for n in (1, 2, 3)
]


def links(*changes: Callable[[ev.ReceiptStated], ev.ReceiptStated]) -> list[Link]:
    found = []
    for number, one in enumerate(CHAIN, 1):
        body = one.body
        assert isinstance(body, ev.ReceiptStated)
        if number == 2:
            for change in changes:
                body = change(body)
        found.append(Link(ev.Event(one.envelope, body), f"h{number}"))
    return found


def test_a_whole_series_has_no_fault() -> None:
    assert faults(links()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: replace(body, sequence=3), "number 3 in the series, not 2"),
        (lambda body: replace(body, previous="zz"), "does not follow"),
        (lambda body: replace(body, total=4), "sums up to 10, not 9"),
    ],
)
def test_a_changed_receipt_is_noticed(
    change: Callable[[ev.ReceiptStated], ev.ReceiptStated], said: str
) -> None:
    assert said in " ".join(faults(links(change)))


def test_a_missing_receipt_is_noticed() -> None:
    whole = links()
    assert len(faults([whole[0], whole[2]])) == 3


def test_an_archive_is_checked_alone(sold: Box, tmp_path: Path) -> None:
    file = tmp_path / "series.zip"
    assert fiscal_archive.write(sold.journal, "t1", sold.signer, file) == 3
    assert fiscal_archive.check(file, {"t1": sold.card}) == (3, [])
    first = file.read_bytes()
    fiscal_archive.write(sold.journal, "t1", sold.signer, file)
    assert len(file.read_bytes()) == len(first)


def altered(file: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as old:
        content = {name: old.read(name) for name in old.namelist()}
    content[part] = change(content[part])
    with zipfile.ZipFile(file, "w") as new:
        for name, raw in content.items():
            new.writestr(name, raw)


def without_last(raw: bytes) -> bytes:
    return b"".join(raw.splitlines(keepends=True)[:-1])


def dishonest(raw: bytes) -> bytes:
    return json.dumps(json.loads(raw) | {"receipts": 2}).encode()


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        (fiscal_archive.RECEIPTS, without_last, "not the receipts of this manifest"),
        (fiscal_archive.RECEIPTS, without_last, "does not end where"),
        (fiscal_archive.MANIFEST, dishonest, "signature is not that of terminal t1"),
    ],
)
def test_a_changed_archive_is_noticed(
    sold: Box, tmp_path: Path, part: str, change: Callable[[bytes], bytes], said: str
) -> None:
    file = tmp_path / "series.zip"
    fiscal_archive.write(sold.journal, "t1", sold.signer, file)
    altered(file, part, change)
    assert said in " ".join(fiscal_archive.check(file, {"t1": sold.card})[1])


def test_an_archive_of_strangers_is_noticed(sold: Box, tmp_path: Path) -> None:
    file = tmp_path / "series.zip"
    fiscal_archive.write(sold.journal, "t1", sold.signer, file)
    assert len(fiscal_archive.check(file, {})[1]) == 4


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"])
def test_what_is_no_archive_is_said_in_a_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "series.zip"
    file.write_bytes(content)
    with pytest.raises(ArchiveUnreadable, match=r"series\.zip"):
        fiscal_archive.check(file, {})


def test_the_command_line_exports_and_checks(tmp_path: Path) -> None:
    till = HostTill(tmp_path)
    till.stop()
    where = {
        "COMPTOIR_DATA_DIR": str(till.settings.data_dir),
        "COMPTOIR_IDENTITY_DIR": str(till.settings.identity_dir),
    }
    file = str(tmp_path / "series.zip")
    for asked, said in (
        (["journal", "verify"], "0 faults"),
        (["journal", "archive", file], "0 receipts in"),
        (["journal", "verify", "--archive", file], "0 receipts, 0 faults"),
    ):
        result = CliRunner().invoke(main, asked, env=where)
        assert (result.exit_code, said in result.output) == (0, True), result.output


def test_the_command_line_ends_with_1_and_names_what_was_changed(tmp_path: Path) -> None:
    till = HostTill(tmp_path)
    with till.journal.transaction() as db:
        db.execute("UPDATE event SET signature = zeroblob(64) WHERE seq = 2")
    file = tmp_path / "series.zip"
    fiscal_archive.write(till.journal, "t1", till.signer, file)
    altered(file, fiscal_archive.MANIFEST, dishonest)
    till.stop()
    where = {
        "COMPTOIR_DATA_DIR": str(till.settings.data_dir),
        "COMPTOIR_IDENTITY_DIR": str(till.settings.identity_dir),
    }
    for asked, said in (
        (["journal", "verify"], "t1/1/2: the signature is not the terminal's"),
        (["journal", "verify", "--archive", str(file)], "signature is not that of terminal t1"),
    ):
        result = CliRunner().invoke(main, asked, env=where)
        assert (result.exit_code, said in result.stderr) == (1, True), result.output
