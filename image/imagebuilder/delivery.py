"""Puts a build's artefacts where the person wants them, whole or not at all, and signs them."""

import os
import shutil
from pathlib import Path

from imagebuilder import signing
from imagebuilder.errors import BuildError


def deliver(result: Path, out: Path, key: Path) -> Path:
    """Copy the artefacts of `result` to `out`, manifest and signature last; return the manifest."""
    manifest = next(result.glob("*.manifest.json"))
    signature = signing.sign(manifest, key)
    try:
        if not out.is_dir():
            out.mkdir(parents=True)
            give_to_caller(out)
        there = _delivered(result, out, manifest)
        for source in sorted(result.iterdir(), key=lambda path: (path == manifest, path.name)):
            if not there:
                _place(source, out / source.name)
        _place(signature, out / f"{manifest.name}.sig")
    except OSError as error:
        what = error.strerror or str(error)
        raise BuildError(
            what, where=str(out), hint="free space or choose --out elsewhere"
        ) from error
    return out / manifest.name


def _delivered(result: Path, out: Path, manifest: Path) -> bool:
    """Say whether the same manifest, and files of the same sizes, are there already."""
    pairs = [(path, out / path.name) for path in result.iterdir()]
    if not all(there.is_file() for _, there in pairs):
        return False
    same = (out / manifest.name).read_bytes() == manifest.read_bytes()
    return same and all(path.stat().st_size == there.stat().st_size for path, there in pairs)


def _place(content: Path | bytes, target: Path) -> None:
    """Write beside the target, then rename: nobody ever sees half an artefact."""
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if isinstance(content, bytes):
            partial.write_bytes(content)
        else:
            shutil.copyfile(content, partial)
        give_to_caller(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def give_to_caller(path: Path) -> None:
    """Let the artefacts belong to the person who called sudo."""
    if "SUDO_UID" in os.environ and os.geteuid() == 0:
        os.chown(path, int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"]))
