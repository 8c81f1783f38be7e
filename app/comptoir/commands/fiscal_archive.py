"""The fiscal series as a signed archive: every receipt as its terminal sealed it, to check alone.

A ZIP file: ``receipts.jsonl`` (payload and signature of each receipt, base64, log by log),
``manifest.json`` (restaurant, who exported it, SHA-256 of the receipts, the end of each series) and
``manifest.sig`` (Ed25519 of the exporting terminal over the manifest's SHA-256).
"""

import base64
import binascii
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from comptoir.domain.envelope import LogId, Sealed, decode
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import ReceiptStated, understand
from comptoir.domain.fiscal import Link, faults
from comptoir.domain.house import Card
from comptoir.journal import Journal, Signer, Verifier, reading

RECEIPTS, MANIFEST, SIGNATURE = "receipts.jsonl", "manifest.json", "manifest.sig"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same series makes the same bytes


class ArchiveUnreadable(EventMalformed):
    """A file that is no archive of a fiscal series."""


def series_faults(journal: Journal) -> list[str]:
    """Return a line for each gap or break in any terminal's fiscal series."""
    return [
        fault for log in sorted(journal.vector()) for fault in faults(_links(_series(journal, log)))
    ]


def _series(journal: Journal, log: LogId) -> list[Sealed]:
    return reading.sealed_of_kind(journal, log, ReceiptStated.KIND)


def _links(sealed: list[Sealed]) -> Iterator[Link]:
    for one in sealed:
        yield Link(understand(decode(one.payload)), one.digest.hex())


def write(journal: Journal, terminal: str, signer: Signer, path: Path) -> int:
    """Write the archive of every series held here; returns how many receipts it has."""
    lines, ends = [], {}
    for log in sorted(journal.vector()):
        sealed = _series(journal, log)
        lines += [json.dumps([_text(one.payload), _text(one.signature)]) for one in sealed]
        if sealed:
            ends[f"{log[0]}/{log[1]}"] = sealed[-1].digest.hex()
    receipts = "".join(f"{line}\n" for line in lines).encode()
    about = {
        "restaurant": journal.state("restaurant:it").id,
        "terminal": terminal,
        "receipts": len(lines),
        "sha256": hashlib.sha256(receipts).hexdigest(),
        "ends": ends,
    }
    manifest = json.dumps(about, sort_keys=True, indent=1).encode()
    signature = signer.sign(hashlib.sha256(manifest).digest())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (RECEIPTS, receipts),
            (MANIFEST, manifest),
            (SIGNATURE, _text(signature).encode()),
        ):
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), content)
    return len(lines)


def check(path: Path, trust: Mapping[str, Card]) -> tuple[int, list[str]]:
    """Return how many receipts an archive has, and a line for each fault."""
    receipts, manifest, signature = _read(path)
    try:
        about = json.loads(manifest)
        sealed = [_sealed(line) for line in receipts.splitlines()]
        links = list(_links(sealed))
        ends = {str(log): str(end) for log, end in about["ends"].items()}
        exporter = str(about["terminal"])
        told = (str(about["sha256"]), int(about["receipts"]))
    except (ValueError, TypeError, KeyError, AttributeError, EventMalformed) as error:
        raise ArchiveUnreadable(f"{path}: {error}. Export it again.") from error
    found = []
    if not _accepts(trust, exporter, hashlib.sha256(manifest).digest(), signature):
        found.append(f"{MANIFEST}: the signature is not that of terminal {exporter}")
    if told != (hashlib.sha256(receipts).hexdigest(), len(sealed)):
        found.append(f"{RECEIPTS}: not the receipts of this manifest")
    by_log: dict[str, list[Link]] = {}
    for link, one in zip(links, sealed, strict=True):
        envelope = link.event.envelope
        by_log.setdefault(f"{envelope.terminal}/{envelope.epoch}", []).append(link)
        if not _accepts(trust, envelope.terminal, one.digest, one.signature):
            found.append(f"{envelope.terminal}/{envelope.epoch}/{envelope.seq}: wrong signature")
    for log in sorted(by_log.keys() | ends.keys()):
        found += faults(by_log.get(log, []))
        last = by_log[log][-1].digest if log in by_log else ""
        if last != ends.get(log, ""):
            found.append(f"{log}: the series does not end where the manifest says")
    return len(sealed), found


def _read(path: Path) -> tuple[bytes, bytes, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name) for name in (RECEIPTS, MANIFEST, SIGNATURE)]
        return parts[0], parts[1], base64.b64decode(parts[2], validate=True)
    except (OSError, KeyError, zipfile.BadZipFile, binascii.Error, ValueError) as error:
        raise ArchiveUnreadable(
            f"{path}: {error}. Name an archive made by this command."
        ) from error


def _sealed(line: bytes) -> Sealed:
    payload, signature = json.loads(line)
    return Sealed(base64.b64decode(payload), base64.b64decode(signature))


def _accepts(trust: Mapping[str, Card], terminal: str, digest: bytes, signature: bytes) -> bool:
    card = trust.get(terminal)
    return card is not None and Verifier(card.signing_key).accepts(digest, signature)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
