"""The store of downloaded packages, by checksum: what is in it is what its name says."""

import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from imagebuilder import digest
from imagebuilder.errors import BuildError

TIMEOUT_S = 60
TRIES_MAX = 3
PARALLEL_MAX = 4


class GoneError(Exception):
    """The mirror answers, and says that it has no such file."""


@dataclass(frozen=True)
class Blob:
    """A file known by its checksum before it is downloaded."""

    name: str
    url: str
    sha256: str
    size: int


class Pool:
    """Files below `root`, named by their sha256; verified when they come in."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        """Return where the file with this checksum is, or would be."""
        return self._root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Say whether the file is there."""
        return self.path(sha256).is_file()

    def add(self, file: Path, sha256: str, *, name: str) -> Path:
        """Take a copy of `file` in; BuildError when its checksum is another."""
        actual = digest.of_file(file)
        if actual != sha256:
            raise _wrong_checksum(name, sha256, actual)
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, delete=False) as copy:
            try:
                with file.open("rb") as source:
                    shutil.copyfileobj(source, copy)
                Path(copy.name).replace(target)
            except BaseException:
                Path(copy.name).unlink(missing_ok=True)
                raise
        target.chmod(0o644)
        return target

    def fetch(self, blobs: Iterable[Blob], on_done: Callable[[int, int], None]) -> list[Blob]:
        """Download what is missing; return what the mirror no longer has.

        `on_done(bytes so far, bytes in all)` is called from this thread after each file.
        """
        missing = [blob for blob in blobs if not self.has(blob.sha256)]
        total, done, gone = sum(blob.size for blob in missing), 0, []
        workers = ThreadPoolExecutor(PARALLEL_MAX)
        try:
            for blob, present in zip(missing, workers.map(self._fetch_one, missing), strict=True):
                done += blob.size
                on_done(done, total)
                if not present:
                    gone.append(blob)
        finally:
            workers.shutdown(cancel_futures=True)
        return gone

    def verify(self, blobs: Iterable[Blob]) -> None:
        """Check the bytes of each file again; a damaged one is dropped and named."""
        for blob in blobs:
            actual = digest.of_file(self.path(blob.sha256))
            if actual != blob.sha256:
                self.path(blob.sha256).unlink()
                raise _wrong_checksum(blob.name, blob.sha256, actual)

    def _fetch_one(self, blob: Blob) -> bool:
        incoming = self._root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        partial = incoming / f"{blob.sha256}.{os.getpid()}"
        try:
            _download(blob, partial)
            self.add(partial, blob.sha256, name=blob.name)
        except GoneError:
            return False
        finally:
            partial.unlink(missing_ok=True)
        return True


def _download(blob: Blob, target: Path) -> None:
    for attempt in range(1, TRIES_MAX + 1):
        try:
            with (
                urllib.request.urlopen(blob.url, timeout=TIMEOUT_S) as answer,  # noqa: S310  a base names it
                target.open("wb") as file,
            ):
                shutil.copyfileobj(answer, file)
        except urllib.error.HTTPError as error:
            if error.code in {404, 410}:
                raise GoneError(blob.name) from error
            _give_up(blob, attempt, f"answered {error.code}")
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError) as error:
            _give_up(blob, attempt, str(getattr(error, "reason", error)))
        else:
            return


def _give_up(blob: Blob, attempt: int, reason: str) -> None:
    if attempt == TRIES_MAX:
        raise BuildError(
            f"{blob.name} cannot be downloaded: {reason}",
            where=blob.url,
            hint="check the network; the build goes on where it stopped",
        )


def _wrong_checksum(name: str, expected: str, actual: str) -> BuildError:
    return BuildError(
        f"{name} has sha256 {actual[:16]}…, not {expected[:16]}…",
        where="download",
        hint="build again; if it stays so, the mirror or the lock is wrong (see --update-lock)",
    )
