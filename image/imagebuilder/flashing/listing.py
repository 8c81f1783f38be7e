"""The disks that were found, as a table: what each is, and why it must not be written to."""

from collections.abc import Iterable, Iterator

from imagebuilder.flashing.disks import Disk

HEAD = ("DISK", "SIZE", "MODEL", "SERIAL", "USB", "")
GAP = "  "


def lines(disks: Iterable[Disk]) -> Iterator[str]:
    """Yield a head and a line per disk, in columns."""
    rows = [HEAD, *(_row(disk) for disk in disks)]
    if len(rows) == 1:
        yield "no disk found: plug a card or module in (a module needs --rpiboot)"
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield GAP.join(cells).rstrip()


def _row(disk: Disk) -> tuple[str, ...]:
    verdict = f"no: {disk.refusal.what}" if disk.refusal else "can be written"
    size = f"{disk.size / 1e9:.1f} GB"
    return (str(disk.path), size, disk.model or "-", disk.serial or "-", disk.usb or "-", verdict)
