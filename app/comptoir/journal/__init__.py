"""The journal: a terminal's append-only events on SQLite, and the projections folded from them.

``Journal`` is the file, ``OwnLog`` appends this terminal's events, and foreign events come in
through ``Journal.admit``. Nothing else in the app touches SQLite.
"""

from comptoir.journal.admission import Admission, Problem
from comptoir.journal.connections import JournalUnusable
from comptoir.journal.decoding import event_of
from comptoir.journal.own_log import Clock, OwnLog, Stamp, Writing
from comptoir.journal.signing import Verifier
from comptoir.journal.store import Change, Journal
from comptoir.journal.verification import Verdict, verify
from comptoir.signer import Signer

__all__ = [
    "Admission",
    "Change",
    "Clock",
    "Journal",
    "JournalUnusable",
    "OwnLog",
    "Problem",
    "Signer",
    "Stamp",
    "Verdict",
    "Verifier",
    "Writing",
    "event_of",
    "verify",
]
