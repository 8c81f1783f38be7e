"""A backup: every event that a terminal holds, of all terminals, in one file.

Events travel as they are, with their signatures, so that a restore is a merge: what is held
already changes nothing, and what nobody of the restaurant has signed is not let in.
"""

import base64
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comptoir.domain.envelope import LogId, Sealed
from comptoir.domain.errors import Refusal
from comptoir.domain.house import Card
from comptoir.journal import Journal

FORMAT = "comptoir-backup-1"
EVENTS_AT_ONCE, BYTES_AT_ONCE = 500, 1 << 20
LINE_BYTES_MAX = 8 << 20
PRIVATE = 0o600


class BackupRefused(Refusal):
    """A file that is no whole backup of this restaurant; nothing of it is taken."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events a backup holds, and how many of them are new here."""

    events: int
    new: int


def write(journal: Journal, restaurant: str, file: Path) -> int:
    """Write every event held here to a new file, whole or not at all; returns how many."""
    part = file.with_name(file.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    count, digest = 0, hashlib.sha256()
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as out:
            for line in _lines(journal, restaurant):
                out.write(line)
                digest.update(line)
                count += 1
            out.write(_line({"end": digest.hexdigest()}))
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(file)
    return count - 1


def _lines(journal: Journal, restaurant: str) -> Iterator[bytes]:
    yield _line({"format": FORMAT, "restaurant": restaurant})
    for log in sorted(journal.vector()):
        for sealed in _events(journal, log):
            payload, signature = (base64.b64encode(b).decode() for b in _halves(sealed))
            yield _line({"log": [*log], "payload": payload, "signature": signature})


def _halves(sealed: Sealed) -> tuple[bytes, bytes]:
    return sealed.payload, sealed.signature


def _events(journal: Journal, log: LogId) -> Iterator[Sealed]:
    first = 1
    while batch := journal.range(log, first, EVENTS_AT_ONCE, BYTES_AT_ONCE):
        yield from batch
        first += len(batch)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def missing(journal: Journal, restaurant: str, file: Path) -> Counts:
    """Count what a backup holds and this terminal lacks; raises BackupRefused."""
    held = {log: head.seq for log, head in journal.vector().items()}
    kept: dict[LogId, int] = {}
    in_both: dict[LogId, Sealed] = {}
    for log, sealed in _read(file, restaurant):
        kept[log] = kept.get(log, 0) + 1
        if kept[log] <= held.get(log, 0):
            in_both[log] = sealed
    for log, sealed in in_both.items():
        _demand_alike(journal, log, min(kept[log], held[log]), sealed)
    new = sum(max(0, seq - held.get(log, 0)) for log, seq in kept.items())
    return Counts(sum(kept.values()), new)


def _demand_alike(journal: Journal, log: LogId, seq: int, sealed: Sealed) -> None:
    """Refuse another event of the same number: by its hash, it is so with all before it."""
    (here,) = journal.range(log, seq, 1, LINE_BYTES_MAX)
    if here.digest != sealed.digest:
        raise BackupRefused(
            f"Event {seq} of {log[0]}/{log[1]} is another one here than in the backup: {log[0]} has"
            " begun anew since. Restore to a board that was flashed anew."
        )


def restore(journal: Journal, restaurant: str, trust: Mapping[str, Card], file: Path) -> Counts:
    """Let in what a backup holds and this terminal lacks; raises BackupRefused.

    Read through until nothing more comes in: one log may admit the author of another.
    """
    wanted = missing(journal, restaurant, file)
    new, came = 0, wanted.new
    while came:
        came = 0
        for batch in _batches(_read(file, restaurant)):
            came += journal.admit(batch, restaurant=restaurant, trust=trust).stored
        new += came
    if new < wanted.new:
        raise BackupRefused(
            f"{file}: {wanted.new - new} of {wanted.new} events were not let in: nobody whom this"
            " terminal trusts has signed them. The others are here (comptoir journal verify)."
        )
    return Counts(wanted.events, new)


def _batches(events: Iterable[tuple[LogId, Sealed]]) -> Iterator[list[Sealed]]:
    batch: list[Sealed] = []
    for _log, sealed in events:
        batch.append(sealed)
        if len(batch) == EVENTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(file: Path, restaurant: str) -> Iterator[tuple[LogId, Sealed]]:
    try:
        yield from _parsed(file, restaurant)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise BackupRefused(f"{file}: {error}. This is no whole backup; take another.") from error


def _parsed(file: Path, restaurant: str) -> Iterator[tuple[LogId, Sealed]]:
    digest = hashlib.sha256()
    with gzip.open(file, "rb") as lines:
        head = lines.readline(LINE_BYTES_MAX)
        about = json.loads(head)
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r} is not known")
        if about["restaurant"] != restaurant:
            raise BackupRefused(
                f"{file}: it is of restaurant {about['restaurant']}, this terminal of {restaurant}."
                " Take a backup of this restaurant."
            )
        digest.update(head)
        while line := lines.readline(LINE_BYTES_MAX):
            said = json.loads(line)
            if "end" in said:
                if said["end"] != digest.hexdigest():
                    raise ValueError("its sum is wrong")
                return
            digest.update(line)
            halves = (base64.b64decode(said[name]) for name in ("payload", "signature"))
            yield (str(said["log"][0]), int(said["log"][1])), Sealed(*halves)
    raise ValueError("its end is missing")
