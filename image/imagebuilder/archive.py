"""Asks a package archive by HTTP: whether it is there, and for its small files."""

import gzip
import http.client
import re
import threading
import urllib.error
import urllib.request
import zlib

from imagebuilder.base import Source
from imagebuilder.errors import BuildError

ANSWER_S_MAX = 5.0  # including the time for its name, which no time-out of a socket bounds
TIMEOUT_S = 30
SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
INDEX_BYTES_MAX = 64 << 20
PACKAGE_BYTES_MAX = 4 << 20


def silence_of(source: Source, *, seconds_max: float = ANSWER_S_MAX) -> str:
    """Return why the archive cannot be had from here; nothing if it answers.

    A page that some network puts in its place, to be logged in to first, is no answer.
    """
    said: list[str] = []
    url = f"{source.uri}/dists/{source.suites[0]}/InRelease"
    # a daemon, for a resolver may hold it for half a minute more, and nobody waits for that
    asking = threading.Thread(target=lambda: said.append(_ask(url, seconds_max)), daemon=True)
    asking.start()
    asking.join(seconds_max)
    return said[0] if said else f"no answer within {seconds_max:g} s"


def package(source: Source, name: str, architecture: str) -> bytes:
    """Return one package as the archive's own index names it, its signature not looked at."""
    index = f"dists/{source.suites[0]}/{source.components[0]}/binary-{architecture}/Packages.gz"
    try:
        text = gzip.decompress(_fetch(source, index, INDEX_BYTES_MAX)).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error) as error:
        raise _unusable(source, f"{index}: {error}") from error
    stanza = re.search(rf"^Package: {re.escape(name)}$(?:\n.+)*", text, re.MULTILINE)
    file = re.search(r"^Filename: (\S+)$", stanza[0], re.MULTILINE) if stanza else None
    if file is None:
        raise _unusable(source, f"it has no package {name}")
    return _fetch(source, file[1], PACKAGE_BYTES_MAX)


def _ask(url: str, seconds_max: float) -> str:
    try:
        with urllib.request.urlopen(url, timeout=seconds_max) as answer:  # noqa: S310  a base names it
            return "" if answer.read(len(SIGNED)) == SIGNED else "what answers is no archive"
    except urllib.error.HTTPError as error:
        return f"it answered {error.code}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error))


def _fetch(source: Source, path: str, bytes_max: int) -> bytes:
    url = f"{source.uri}/{path}".replace("+", "%2b")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310  a base names it
            content: bytes = answer.read(bytes_max + 1)
    except (OSError, http.client.HTTPException) as error:
        raise _unusable(source, f"{path}: {error}") from error
    if len(content) > bytes_max:
        raise _unusable(source, f"{path} has more than {bytes_max >> 20} MiB")
    return content


def _unusable(source: Source, why: str) -> BuildError:
    return BuildError(
        f"the archive {source.archive} is of no use: {why}",
        where=source.uri,
        hint="check the network, or the archive in image/bases",
    )
