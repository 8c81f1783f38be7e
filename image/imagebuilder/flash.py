"""image/flash: writes an image to a card, a module's eMMC or a file, and reads it back.

    image/flash dist/comptoir-debian-terminal.img.zst /dev/sdX
    image/flash IMAGE card.img --enrol shop-2.json

Only the blocks that hold data are written. The manifest's signature is checked when it lies beside
the image. `--enrol` puts the terminal's identity on the boot partition, for its first boot.
"""

import argparse
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from imagebuilder import disk, flash_target, signing
from imagebuilder.errors import BuildError
from imagebuilder.flash_write import BlockMap, Told, read_back, write
from imagebuilder.reporter import Reporter, make_reporter

ENROL_NAME = "comptoir-enrol.json"
ENROL_KEYS = frozenset({"restaurant", "terminal", "trust", "peers", "cloud"})
ENROL_BYTES_MAX = 256 * 1024


def main(arguments: Sequence[str]) -> int:
    """Check, ask, write, read back, enrol."""
    options = _parser().parse_args(arguments)
    image, target = options.image, options.target
    enrol = read_enrolment(options.enrol) if options.enrol else None
    blocks = BlockMap.read(beside(image, ".bmap"))
    reporter = make_reporter()
    check_signature(image, options.key, reporter)
    what = flash_target.check(target, blocks.image_size)
    _confirm(target, what, agreed=options.yes)
    flash(image, blocks, target, reporter)
    reporter.begin("ready")
    if enrol:
        place_enrolment(enrol, target)
        reporter.note(f"{ENROL_NAME} is on the boot partition")
    reporter.note(str(target))
    return 0


def flash(image: Path, blocks: BlockMap, target: Path, reporter: Reporter) -> None:
    """Write and read back, told as two steps."""
    size = f"{blocks.mapped >> 20} MiB"
    try:
        _step(reporter, "write", lambda told: write(image, blocks, target, told), size)
        _step(reporter, "verify", lambda told: read_back(target, blocks, told), size)
    except KeyboardInterrupt as error:
        raise BuildError(
            "stopped: it is half written and does not boot", where=str(target), hint="run it again"
        ) from error
    except OSError as error:
        hint = "run it with sudo" if isinstance(error, PermissionError) else "try another disk"
        raise BuildError(error.strerror or str(error), where=str(target), hint=hint) from error


def beside(image: Path, ending: str) -> Path:
    """Return the file of the same build with another ending."""
    name = image.name.removesuffix(".zst").removesuffix(".img")
    return image.with_name(name + ending)


def check_signature(image: Path, key: Path | None, reporter: Reporter) -> None:
    """Verify manifest and image if there is a manifest; say so if there is none."""
    manifest = beside(image, ".manifest.json")
    if not manifest.exists():
        reporter.note(f"{image.name}: no manifest beside it, so nobody vouches for it")
        return
    chosen = key or signing.default_key()
    if image.name not in signing.verify(manifest, chosen):
        raise BuildError(
            "the manifest does not speak of this image",
            where=str(manifest),
            hint="copy all of dist/",
        )
    reporter.note(f"signature holds ({chosen})")


def read_enrolment(path: Path) -> bytes:
    """Return the file's bytes if it is what a terminal takes at first boot."""
    hint = "see image/docs/flash.md for its form"
    try:
        data = path.read_bytes()
        value = json.loads(data)
    except (OSError, ValueError) as error:
        raise BuildError(f"the enrolment cannot be read: {error}", where=str(path), hint=hint
        ) from error  # fmt: skip
    unknown = sorted(value.keys() - ENROL_KEYS) if isinstance(value, dict) else ["no mapping"]
    if unknown or len(data) > ENROL_BYTES_MAX:
        raise BuildError(f"not an enrolment: {', '.join(unknown) or 'too long'}", where=str(path),
            hint=hint)  # fmt: skip
    return data


def place_enrolment(data: bytes, target: Path) -> None:
    """Put the enrolment on the boot partition and see that it is there."""
    drive = f"{target}@@{disk.partition('boot').start}"
    env = {**os.environ, "MTOOLS_SKIP_CHECK": "1"}
    name = f"::/{ENROL_NAME}"
    try:
        subprocess.run(["mcopy", "-o", "-i", drive, "-", name], input=data, check=True, env=env)
        os.sync()
        there = subprocess.run(
            ["mtype", "-i", drive, name], check=True, env=env, capture_output=True
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise BuildError(f"the enrolment was not written: {error}", where=str(target),
            hint="install mtools; then run it again") from error  # fmt: skip
    if there != data:
        raise BuildError("the enrolment reads back otherwise", where=str(target), hint="try again")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="image/flash",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("image", type=Path, metavar="IMAGE", help="*.img.zst or *.img, with its .bmap beside it")
    add("target", type=Path, metavar="DEVICE|FILE", help="the whole disk, or a file")
    add("--enrol", type=Path, metavar="FILE", help="JSON: who this terminal is and whom it trusts")
    add("--key", type=Path, metavar="FILE", help="the builder's key, if not this computer's own")
    add("--yes", action="store_true", help="do not ask before a disk is overwritten")
    return parser


def _confirm(target: Path, what: str, *, agreed: bool) -> None:
    if agreed or not (target.exists() and stat.S_ISBLK(target.stat().st_mode)):
        return
    if not sys.stdin.isatty():
        raise BuildError(f"{target} ({what}) would be erased", where="--yes", hint="add --yes")
    answer = input(f"Everything on {target} ({what}) will be erased. Type yes: ")
    if answer.strip().lower() != "yes":
        raise BuildError("nothing was written", where=str(target), hint="type yes to go on")


def _step(reporter: Reporter, name: str, work: Callable[[Told], None], size: str) -> None:
    reporter.begin(name)
    outcome = "stopped"
    try:
        work(lambda share: reporter.progress(100 * share, size))
        outcome = f"{size} done"
    finally:
        reporter.end(outcome)
