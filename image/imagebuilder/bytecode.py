"""Compiles the app's modules with the terminal's own Python, each one only when it has changed.

The root is read-only, so what is not compiled now is compiled at every start, which takes a Compute
Module 3 seconds. The compiler is emulated, hence slow; what it made is kept by content.
"""

import hashlib
import os
import shutil
from pathlib import Path

from imagebuilder.chroot import Chroot
from imagebuilder.work import Work

PYTHON = "3.13"
TAG = "cpython-313"
LOADER = "lib/ld-linux-aarch64.so.1"
LIBRARIES = "usr/lib/aarch64-linux-gnu"


def compile_modules(work: Work, tree: Path, modules: Path, python_root: Path) -> None:
    """Compile everything below `modules`, a folder of `tree`, with the Python of `python_root`."""
    memo = work.memo / "bytecode"
    memo.mkdir(parents=True, exist_ok=True)
    sources = {path: memo / _key(path, tree) for path in sorted(modules.rglob("*.py"))}
    missing = [path for path, kept in sources.items() if not kept.exists()]
    if missing:
        _compile(work, tree, missing, python_root)
    for path, kept in sources.items():
        compiled = path.parent / "__pycache__" / f"{path.stem}.{TAG}.pyc"
        if kept.exists():
            compiled.parent.mkdir(exist_ok=True)
            os.utime(kept)  # used: the cache keeps it
            shutil.copyfile(kept, compiled)
        elif compiled.exists():  # a file that is no Python 3 has none
            shutil.copyfile(compiled, kept)


def _key(path: Path, tree: Path) -> str:
    """Name what compiling gives: it holds the file's place, so the place counts."""
    place = f"{TAG}\0/{path.relative_to(tree)}\0".encode()
    return hashlib.sha256(place + path.read_bytes()).hexdigest()


def _compile(work: Work, tree: Path, sources: list[Path], python_root: Path) -> None:
    listed = work.scratch / "sources"
    listed.write_text("".join(f"{path}\n" for path in sources), encoding="utf-8")
    python: list[str | Path] = [
        *(python_root / LOADER, "--library-path", python_root / LIBRARIES),
        *(python_root / f"usr/bin/python{PYTHON}", "-m", "compileall", "-q"),
        *("--invalidation-mode=unchecked-hash", "-s", tree, "-p", "/", "-i", listed),
    ]
    home = f"PYTHONHOME={python_root / 'usr'}"
    Chroot(python_root, inside=False).run(work, ["env", home, *python])
