"""image/flash: writes an image to cards, modules' eMMC or files, and reads it back.

    image/flash                                          lists the disks here
    image/flash dist/comptoir-debian-terminal.img.zst /dev/sdX [/dev/sdY…]
    image/flash IMAGE card.img --enrol shop-2.json

Only the blocks that hold data are written. The manifest's signature is checked when it lies beside
the image. `--enrol` puts the terminal's identity on the boot partition, for its first boot.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from imagebuilder.errors import BuildError
from imagebuilder.flashing import batch, disks, enrolment, listing, unit
from imagebuilder.flashing.bars import Bars, make_bars
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.unit import Result, Target


def main(arguments: Sequence[str]) -> int:
    """List, or flash what is named; 0 only if every unit is good."""
    given = parse(arguments)
    kernel = Kernel()
    if given.image is None:
        return list_disks(kernel, 0)
    bars = make_bars()
    try:
        image = Image.read(given.image, given.key, bars.note)
        if not given.targets:
            return list_disks(kernel, image.size)
        return flash(given, image, kernel, bars)
    finally:
        bars.close()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="image/flash",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("image", nargs="?", type=Path, metavar="IMAGE", help="*.img.zst or *.img, with its .bmap")
    add("targets", nargs="*", type=Path, metavar="DEVICE|FILE", help="whole disks, or files")
    add("--enrol", type=Path, metavar="FILE", help="JSON: who this terminal is and whom it trusts")
    add("--key", type=Path, metavar="FILE", help="the builder's key, if not this computer's own")
    add("--yes", action="store_true", help="do not ask before a disk is overwritten")
    add(
        "--at-once",
        type=int,
        default=batch.AT_ONCE,
        metavar="N",
        help=f"units written at the same time (default: {batch.AT_ONCE})",
    )
    return parser.parse_args(arguments)


def flash(given: argparse.Namespace, image: Image, kernel: Kernel, bars: Bars) -> int:
    """Flash every target that may be; tell how many are good."""
    enrol = enrolment.read(given.enrol) if given.enrol else None
    if enrol and len(given.targets) > 1:
        raise BuildError(
            "one enrolment is for one terminal",
            where=str(given.enrol),
            hint="name one disk, or give --plan with a row per terminal",
        )
    targets = list(_allowed(given.targets, image, kernel, bars))
    confirm([each for each in targets if each.disk], agreed=given.yes)
    ended = batch.flash_all(image, [(each, enrol) for each in targets], bars, given.at_once)
    good = sum(each.outcome.result is Result.GOOD for each in ended)
    total = len(set(given.targets))
    bars.note(f"{good} of {total} good" if good == total else f"{good} of {total} good, see above")
    return 0 if good == total else 1


def confirm(targets: Sequence[Target], *, agreed: bool) -> None:
    """Ask before disks are erased; BuildError unless the person says yes."""
    if agreed or not targets:
        return
    what = ", ".join(f"{each.path} ({each.described})" for each in targets)
    if not sys.stdin.isatty():
        raise BuildError("everything would be erased", where=what, hint="add --yes")
    answer = input(f"Everything on {what} will be erased. Type yes: ")
    if answer.strip().lower() != "yes":
        raise BuildError("nothing was written", where=what, hint="type yes to go on")


def _allowed(paths: Sequence[Path], image: Image, kernel: Kernel, bars: Bars) -> Iterator[Target]:
    for path in dict.fromkeys(paths):
        try:
            yield unit.target(path, kernel, image.size)
        except BuildError as error:
            bars.end(batch.name_of(path), f"{error.what}: {error.hint}", good=False)


def list_disks(kernel: Kernel, size: int) -> int:
    """Print what was found here."""
    sys.stdout.writelines(f"{line}\n" for line in listing.lines(disks.find(kernel, size)))
    return 0
