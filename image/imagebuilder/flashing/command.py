"""image/flash: writes an image to cards, modules' eMMC or files, and reads it back.

    image/flash                                          lists the disks here
    image/flash dist/comptoir-debian-terminal.img.zst /dev/sdX [/dev/sdY…]
    image/flash IMAGE card.img --enrol shop-2.json
    image/flash IMAGE /dev/sdX /dev/sdY --plan restaurants.csv
    image/flash IMAGE --rpiboot                          the modules that wait in their USB loader
    image/flash IMAGE --station --plan restaurants.csv   whatever is plugged in, no key pressed
    image/flash watch                                    which of them boot and sell by now

Only the blocks that hold data are written. The manifest's signature is checked when it lies beside
the image. `--enrol` puts the terminal's enrolment on the boot partition, for its first boot;
`--plan` gives each unit its own, keeps a log and makes the labels.
"""

import argparse
import importlib
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from imagebuilder.errors import BuildError
from imagebuilder.flashing import (
    batch,
    disks,
    enrolment,
    listing,
    modules,
    plan,
    rpiboot,
    unit,
)
from imagebuilder.flashing.bars import Bars, make_bars
from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.book import Book
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.kernel import Kernel
from imagebuilder.flashing.modules import Modules
from imagebuilder.flashing.plan import Place
from imagebuilder.flashing.roster import Roster
from imagebuilder.flashing.station import Loader, NoLoader, Rules, Station
from imagebuilder.flashing.stopping import stop_on_signal
from imagebuilder.flashing.unit import Result, Target


def main(arguments: Sequence[str]) -> int:
    """List, flash or watch; 0 only if every unit is good."""
    if arguments and arguments[0] == "watch":
        watch = importlib.import_module("imagebuilder.flashing.watch")
        return int(watch.main(arguments[1:]))
    given = parse(arguments)
    kernel = Kernel()
    if given.image is None:
        return list_disks(kernel, 0)
    bars = make_bars()
    try:
        image = Image.read(given.image, given.key, bars.note)
        if given.station or given.rpiboot:
            return work_station(given, image, kernel, bars)
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
    add(
        "--plan", type=Path, metavar="CSV", help="a row per terminal: each unit becomes one of them"
    )
    add("--log", type=Path, metavar="CSV", help="what was flashed (default: beside the plan)")
    add("--labels", type=Path, metavar="HTML", help="labels to print (default: beside the plan)")
    add("--key", type=Path, metavar="FILE", help="the builder's key, if not this computer's own")
    add("--station", action="store_true", help="flash every unit that is plugged in from now on")
    add("--rpiboot", action="store_true", help="modules in their USB loader: lends their eMMC")
    add("--rpiboot-path", type=Path, metavar="FILE", help="the program, if it is not in PATH")
    add("--ports", default="", metavar="P,…", help="USB ports or hubs of the station, as 1-1.4")
    add("--count", type=int, metavar="N", help="how many a station makes, without a plan")
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
    with stop_on_signal() as stop:
        bench = make_bench(given, image, bars, stop)
        targets = list(_allowed(given.targets, image, kernel, bars))
        confirm([each for each in targets if each.disk], agreed=given.yes)
        outcomes = batch.flash_all(bench, targets, given.at_once)
        bench.book.close()
    good = sum(each.result is Result.GOOD for each in outcomes)
    total = len(set(given.targets))
    bars.note(f"{good} of {total} good" if good == total else f"{good} of {total} good, see above")
    return 0 if good == total else 1


def work_station(given: argparse.Namespace, image: Image, kernel: Kernel, bars: Bars) -> int:
    """Flash whatever is plugged in, until all are good."""
    if given.targets or given.enrol:
        raise BuildError(
            "a station takes what is plugged in", where="--station", hint="name no disk, no --enrol"
        )
    ports = tuple(filter(None, given.ports.split(",")))
    if given.rpiboot:
        rpiboot.find(given.rpiboot_path, threading.Event())  # first of all, say what is missing
    found = modules.waiting(kernel) if given.rpiboot else []
    if given.rpiboot and not given.station:
        ports = tuple(module.port for module in found)
        if not found:
            raise BuildError("no module waits in its loader", where="USB", hint=rpiboot.JUMPER)
    given.log = given.log or (None if given.plan else Path("station.log.csv"))
    where = f"USB {', '.join(ports)}" if ports else "USB from now on"
    agree(f"every disk on {where}", agreed=given.yes)
    with stop_on_signal() as stop, TemporaryDirectory(prefix="comptoir-flash-") as folder:
        loader: Loader = NoLoader()
        if given.rpiboot:
            tool = rpiboot.find(given.rpiboot_path, stop)
            loader = Modules(tool, Path(folder), kernel, bars, ports)
        once = 0 if given.station else len(found)
        rules = Rules(ports, given.count, once, given.at_once, loader=loader)
        bench = make_bench(given, image, bars, stop)
        try:
            return Station(bench, kernel, rules).run()
        finally:
            bench.book.close()


def make_bench(given: argparse.Namespace, image: Image, bars: Bars, stop: threading.Event) -> Bench:
    """Put together what the arguments ask for: log, plan, labels."""
    stem = str(given.plan or given.log or "").removesuffix(".csv").removesuffix(".log")
    book = Book(given.log or (Path(f"{stem}.log.csv") if stem else None))
    sheet = given.labels or (Path(f"{stem}.labels.html") if stem else None)
    return Bench(image, bars, stop, book, _roster(given, book), sheet)


def _roster(given: argparse.Namespace, book: Book) -> Roster | None:
    if given.plan:
        return Roster(plan.read(given.plan), book)
    if not given.enrol:
        return None
    if len(given.targets) > 1:
        raise BuildError(
            "one enrolment is for one terminal",
            where=str(given.enrol),
            hint="name one disk, or give --plan with a row per terminal",
        )
    return Roster([Place.of(enrolment.read(given.enrol))], Book())


def confirm(targets: Sequence[Target], *, agreed: bool) -> None:
    """Ask before disks are erased; BuildError unless the person says yes."""
    if targets:
        agree(", ".join(f"{each.path} ({each.described})" for each in targets), agreed=agreed)


def agree(what: str, *, agreed: bool) -> None:
    """Ask before all this is erased."""
    if agreed:
        return
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
            bars.end(
                path.name if path.is_relative_to(kernel.dev) else str(path),
                f"{error.what}: {error.hint}",
                good=False,
            )


def list_disks(kernel: Kernel, size: int) -> int:
    """Print what was found here."""
    sys.stdout.writelines(f"{line}\n" for line in listing.lines(disks.find(kernel, size)))
    return 0
