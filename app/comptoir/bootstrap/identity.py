"""Builds a terminal's identity, from what an installer left or from nothing."""

from pathlib import Path

from comptoir import enrolment as enrolments
from comptoir.identity import Identity
from comptoir.settings import Settings


def make_identity(settings: Settings, enrolment_file: Path | None) -> Identity:
    """Make this terminal's identity, from an enrolment file when there is one."""
    enrolment = (
        enrolments.read_enrolment(enrolment_file)
        if enrolment_file is not None
        else enrolments.Enrolment()
    )
    return enrolments.create(settings.identity_dir, enrolment, settings.peers_file)
