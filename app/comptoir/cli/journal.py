"""Checks and exports the journal."""

import json
import sys
from pathlib import Path

import click

from comptoir.bootstrap import backups, inspection
from comptoir.cli import pass_settings
from comptoir.settings import Settings


@click.group()
def journal() -> None:
    """Look into the journal."""


@journal.command("verify")
@click.option(
    "--archive", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Check an archive of the fiscal series instead of the journal.",
)  # fmt: skip
@pass_settings
def verify(config: Settings, archive: Path | None) -> None:
    """Check every hash, chain and signature, the fiscal series, and the projections' events."""
    if archive is not None:
        _told_of_archive(*inspection.check_archive(config, archive))
        return
    found = inspection.verify_journal(config)
    for line in found.faults:
        click.echo(line, err=True)
    click.echo(f"{found.events} events of {found.logs} logs, {len(found.faults)} faults")
    if found.faults:
        sys.exit(1)


def _told_of_archive(receipts: int, faults: list[str]) -> None:
    for line in faults:
        click.echo(line, err=True)
    click.echo(f"{receipts} receipts, {len(faults)} faults")
    if faults:
        sys.exit(1)


@journal.command("archive")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_settings
def archive_series(config: Settings, file: Path) -> None:
    """Write the fiscal series of all terminals held here, signed by this one, to FILE (ZIP)."""
    click.echo(f"{inspection.archive_series(config, file)} receipts in {file}")


@journal.command("digest")
@pass_settings
def digest(config: Settings) -> None:
    """Print as JSON the heads of all logs and one hash: alike on terminals that hold the same."""
    click.echo(json.dumps(inspection.digest(config), indent=2))


@journal.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_settings
def back_up(config: Settings, file: Path) -> None:
    """Write every event held here, of all terminals, to FILE; it holds no key."""
    click.echo(f"{backups.back_up(config, file)} events in {file}")


@journal.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check", is_flag=True, help="Only count what would come in.")
@pass_settings
def restore(config: Settings, file: Path, *, check: bool) -> None:
    """Take in what FILE (of backup) holds and this terminal lacks; the till must not run."""
    counts = backups.restore(config, file, dry=check)
    would = "would come in" if check else "came in"
    click.echo(f"{counts.new} of {counts.events} events {would}")
