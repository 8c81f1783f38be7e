"""Builds what backs a terminal up and restores it."""

from contextlib import closing
from pathlib import Path

from comptoir import backups
from comptoir import identity as identities
from comptoir.api_client import TillClient, TillUnreachable
from comptoir.bootstrap.terminal import migrate, open_journal
from comptoir.settings import Settings


def back_up(settings: Settings, file: Path) -> int:
    """Write every event held here to a file; returns how many."""
    identity = identities.read(settings.identity_dir)
    with closing(open_journal(settings)) as journal:
        return backups.write(journal, identity.restaurant.id, file)


def restore(settings: Settings, file: Path, *, dry: bool) -> backups.Counts:
    """Take in what a backup holds and this terminal lacks; ``dry`` only counts it.

    Its own events must not come in while a till numbers new ones.
    """
    identity = identities.read(settings.identity_dir)
    migrate(settings)
    with closing(open_journal(settings)) as journal:
        counts = backups.missing(journal, identity.restaurant.id, file)
        if dry or not counts.new:
            return counts
        _demand_no_till(settings)
        return backups.restore(journal, identity.restaurant.id, identity.authors, file)


def _demand_no_till(settings: Settings) -> None:
    client = TillClient(settings.http_port)
    try:
        client.get("/healthz")
    except TillUnreachable:
        return
    finally:
        client.close()
    raise backups.BackupRefused(
        f"The till runs on port {settings.http_port}. Stop it"
        " (systemctl stop comptoir-till comptoir-replica), then restore again."
    )
