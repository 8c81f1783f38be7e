"""Makes the update bundle: the root, signed, in RAUC's format `verity` with an index of its blocks.

It is what `rauc bundle` makes, put together here because that draws a salt and stamps the time:
of the same root and key these are the same bytes. Debian's own `rauc` checks it in the tests.
Layout: squashfs · its dm-verity hash tree · the signed manifest (CMS) · length of that (8 bytes).

The squashfs is not compressed. What an update fetches of a bundle are the blocks of 4 KiB that the
terminal has in neither slot, and out of a compressed block of 64 KiB it would fetch all the others.
"""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from imagebuilder import digest, updatekey
from imagebuilder.errors import BuildError
from imagebuilder.plan import Plan
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("assemble",)
USES: tuple[ModuleType, ...] = (updatekey,)

BLOCK = 4096
ROOT = "root.img"
# The version that runs decides what may be installed and how; see roles/update.
HOOK = '#!/bin/sh\nexec /usr/lib/comptoir/update_hook.py "$@"\n'
SQUASHFS = (
    *("-all-root", "-noappend", "-no-progress", "-no-xattrs", "-no-exports"),
    *("-noI", "-noD", "-noF", "-noX", "-processors", "1"),
)
MANIFEST = """\
[update]
compatible={compatible}
version={version}

[bundle]
format=verity
verity-hash={root_hash}
verity-salt={salt}
verity-size={hashes}

[hooks]
filename=hook
hooks=install-check;

[image.rootfs]
sha256={sha256}
size={size}
filename={filename}
hooks=post-install;
adaptive=block-hash-index;
"""
_ROOT_HASH = re.compile(r"^Root hash:\s+([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Options:
    """For which terminals, which version, and who signs."""

    name: str
    version: str
    source_date: int
    key: str


def options(plan: Plan) -> Options:
    """Take them from the plan; terminals of another base or profile refuse the bundle."""
    return Options(
        name=plan.name,
        version=plan.version,
        source_date=plan.source_date,
        key=str(plan.update_key),
    )


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the certificate: another key makes another bundle."""
    return (updatekey.certificate_of(plan.update_key),)


def run(work: Work, options: Options) -> None:
    """Write `NAME.raucb`."""
    content, bundle = work.scratch / "content", work.result / f"{options.name}.raucb"
    root = _lay_out(work.before["assemble"] / "root.erofs", content)
    work.progress(30, "squashfs")
    date = str(options.source_date)
    dates = ["-mkfs-time", date, "-all-time", date]
    work.run(["env", "--unset=SOURCE_DATE_EPOCH",  # it refuses both
              "mksquashfs", content, bundle, "-quiet", *SQUASHFS, *dates])  # fmt: skip
    payload, salt = _padded(bundle), hashlib.sha256(options.name.encode()).hexdigest()
    work.progress(60, "hash tree")
    root_hash = _add_hashes(work, bundle, payload, salt)
    manifest = MANIFEST.format(
        compatible=options.name,
        version=options.version,
        root_hash=root_hash,
        salt=salt,
        hashes=bundle.stat().st_size - payload,
        sha256=digest.of_file(root),
        size=root.stat().st_size,
        filename=ROOT,
    )
    signed = updatekey.sign(manifest.encode(), Path(options.key))
    with bundle.open("ab") as file:
        file.write(signed + len(signed).to_bytes(8, "big"))


def _lay_out(root: Path, content: Path) -> Path:
    """Put the root, and beside it the checksum of each of its blocks, into a folder."""
    content.mkdir()
    (content / "hook").write_text(HOOK)
    (content / "hook").chmod(0o755)
    target = content / ROOT
    try:
        os.link(root, target)
    except OSError:  # another disk than the cache's
        shutil.copyfile(root, target)
    with root.open("rb") as blocks, (content / f"{ROOT}.block-hash-index").open("wb") as index:
        while block := blocks.read(BLOCK):
            index.write(hashlib.sha256(block.ljust(BLOCK, b"\0")).digest())
    return target


def _padded(bundle: Path) -> int:
    """Fill the squashfs up to a whole block; return its size."""
    size = -(-bundle.stat().st_size // BLOCK) * BLOCK
    os.truncate(bundle, size)
    return size


def _add_hashes(work: Work, bundle: Path, payload: int, salt: str) -> str:
    """Append the hash tree of the squashfs; return the hash at its root."""
    tree = ["--no-superblock", "--format=1", "--hash=sha256", f"--salt={salt}"]
    sizes = [f"--data-blocks={payload // BLOCK}", f"--hash-offset={payload}"]
    said = work.run(["veritysetup", "format", *tree, *sizes, bundle, bundle])
    found = _ROOT_HASH.search(said)
    if found is None:
        raise BuildError(
            "veritysetup names no root hash",
            where="stage bundle",
            hint="is it of cryptsetup 2? Its words are in the stage's log",
        )
    return found[1]
