"""Builds what looks into a journal: its chains and signatures, the fiscal series, an archive."""

from contextlib import closing
from pathlib import Path

from comptoir import identity as identities
from comptoir.bootstrap.peer_names import named
from comptoir.bootstrap.terminal import open_journal
from comptoir.commands import fiscal_archive, queries
from comptoir.journal import Signer, Verdict, verify
from comptoir.replica import PeerBook
from comptoir.replica.whereabouts import places
from comptoir.settings import Settings


def verify_journal(settings: Settings) -> Verdict:
    """Check the journal against the identity's trust."""
    with closing(open_journal(settings)) as journal:
        verdict = verify(journal, identities.read(settings.identity_dir).authors)
        verdict.faults += fiscal_archive.series_faults(journal)
        return verdict


def digest(settings: Settings) -> dict[str, object]:
    """Return what two terminals that hold the same say alike: log heads, hash of what they mean."""
    with closing(open_journal(settings)) as journal:
        heads = sorted(journal.vector().items())
        logs = {f"{at[0]}/{at[1]}": f"{head.seq} {head.hash}" for at, head in heads}
        return {"digest": journal.digest(), "logs": logs}


def archive_series(settings: Settings, file: Path) -> int:
    """Write the fiscal series held here as an archive signed by this terminal."""
    identity = identities.read(settings.identity_dir)
    with closing(open_journal(settings)) as journal:
        signer = Signer.load(identity.directory / "signing.key")
        return fiscal_archive.write(journal, identity.terminal, signer, file)


def check_archive(settings: Settings, file: Path) -> tuple[int, list[str]]:
    """Check an archive of the fiscal series by the cards known here."""
    identity = identities.read(settings.identity_dir)
    with closing(open_journal(settings)) as journal:
        known = {one.id: one.card for one in queries.terminals(journal) if one.card is not None}
        return fiscal_archive.check(file, known | dict(identity.trust))


def terminals(settings: Settings) -> list[dict[str, object]]:
    """Return who takes part or did: id, letter, name, whether retired, and the host if known.

    The host of this terminal itself is empty: who asks has it.
    """
    identity = identities.read(settings.identity_dir)
    addresses, find = PeerBook(settings.peers_file).addresses(), named(settings)
    with closing(open_journal(settings)) as journal:
        found = {one.id: one for one in queries.terminals(journal)}
    rows = []
    for name in sorted(found.keys() | identity.trust.keys()):
        card = found[name].card if name in found else identity.trust[name]
        at = next(iter(places(name, addresses, find)), None)
        rows.append(
            {
                "id": name,
                "letter": card.letter if card else "",
                "name": card.name if card else name,
                "retired": name in found and found[name].retired,
                "here": name == identity.terminal,
                "host": at.host if at else "",
            }
        )
    return rows
