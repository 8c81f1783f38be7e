"""Fetches the key of an archive and believes it for one reason: the base names its fingerprint.

It comes over plain HTTP in the archive's own keyring package, which is not checked otherwise: a
key cannot be made to a given fingerprint. Whatever other keys are beside it are left behind.
"""

import re
import tarfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from imagebuilder import archive
from imagebuilder.base import Key, Source
from imagebuilder.errors import BuildError
from imagebuilder.process import Run

PLACES = re.compile(r"(\./)?(usr/share/keyrings|etc/apt/trusted\.gpg\.d)/[^/]+\.(pgp|gpg|asc)")
_KNOWN = (("", "the archive's keyring package is damaged", "build over another network"),)


def bring(source: Source, key: Key, *, architecture: str, folder: Path, run: Run) -> Path:
    """Return a keyring of the base's one key of this archive, made in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    target, deb = folder / f"{source.archive}.pgp", folder / f"{key.package}.deb"
    target.unlink(missing_ok=True)
    deb.write_bytes(archive.package(source, key.package, architecture))
    with TemporaryDirectory() as home:  # where a socket's name is never too long
        gpg = ["gpg", "--homedir", home, "--batch", "--no-autostart", "--quiet"]
        for number, content in enumerate(_keyrings(deb, run)):
            file = folder / f"{number}.keys"
            file.write_bytes(content)
            # what counts is what is there then: some gpg miss an agent that a public key needs not
            run(["sh", "-c", '"$@" || true', "sh", *gpg, "--import", file])
        there = _primary(run([*gpg, "--with-colons", "--list-keys"]))
        _require(source, key, there)
        run([*gpg, "--output", target, "--export", f"0x{key.fingerprint}"])
    return target


def _require(source: Source, key: Key, there: Sequence[str]) -> None:
    if key.fingerprint not in there:
        raise BuildError(
            f"the archive {source.archive} brings the key {' and '.join(there) or 'of nobody'}, "
            f"not {key.fingerprint}",
            where=f"{source.uri}, {key.package}",
            hint="build over another network; if it stays so, ask who keeps the archive before "
            "you change the fingerprint in image/bases",
        )


def _keyrings(deb: Path, run: Run) -> Iterator[bytes]:
    """Read the keyrings of a package where they lie; nothing of it is unpacked."""
    tar = deb.with_suffix(".tar")
    run(["sh", "-c", 'exec dpkg-deb --fsys-tarfile "$1" >"$2"', "sh", deb, tar], known=_KNOWN)
    with tarfile.open(tar) as members:
        for member in members:
            if member.isfile() and PLACES.fullmatch(member.name):
                content = members.extractfile(member)
                yield content.read() if content else b""


def _primary(listed: str) -> list[str]:
    """Return the fingerprints of primary keys in what `gpg --with-colons` says."""
    kinds = [line.split(":") for line in listed.splitlines()]
    pairs = pairwise(kinds)
    return [after[9] for before, after in pairs if (before[0], after[0]) == ("pub", "fpr")]
