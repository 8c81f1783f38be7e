"""Builds a terminal's identity, from what an installer left or from nothing."""

from contextlib import closing
from pathlib import Path

from comptoir import enrolment as enrolments
from comptoir import pairing
from comptoir.bootstrap.terminal import open_journal
from comptoir.commands.newness import is_new
from comptoir.identity import Identity, IdentityRefused, read
from comptoir.settings import Settings


def make_identity(settings: Settings, enrolment_file: Path | None) -> Identity:
    """Make this terminal's identity, from an enrolment file when there is one."""
    enrolment = (
        enrolments.read_enrolment(enrolment_file)
        if enrolment_file is not None
        else enrolments.Enrolment()
    )
    return enrolments.create(settings.identity_dir, enrolment, settings.peers_file)


def join_restaurant(settings: Settings, enrolment_file: Path) -> Identity:
    """Make this new terminal one of the restaurant that an enrolment names, once nobody sold.

    Its journal of before is not looked at by anybody then; who calls puts it aside.
    """
    identity = read(settings.identity_dir)
    if settings.journal_file.exists():
        with closing(open_journal(settings)) as journal:
            if not is_new(journal, identity.terminal):
                raise IdentityRefused("Somebody works with this terminal already; it stays.")
    pairing.join(identity, enrolments.read_enrolment(enrolment_file), settings.peers_file)
    return read(settings.identity_dir)
