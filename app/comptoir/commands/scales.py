"""Labels of scales: how the house's scales write them, and what one that was scanned sells."""

from dataclasses import dataclass, replace

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.commands.orders import AddLine
from comptoir.domain import events as ev
from comptoir.domain import scales
from comptoir.domain.errors import AmountRefused
from comptoir.domain.menu import Menu
from comptoir.domain.scales import ScaleCodes
from comptoir.journal import Journal, Writing


@dataclass(frozen=True, slots=True)
class SetScaleCodes(Command):
    """Read labels by these patterns from now on, one for each prefix; none reads none."""

    patterns: tuple[str, ...]


@handles(SetScaleCodes, MANAGERS)
def set_scale_codes(command: SetScaleCodes, writing: Writing, desk: Desk) -> None:
    """Write them."""
    del desk
    if len(command.patterns) > scales.PATTERNS_MAX:
        raise AmountRefused(f"At most {scales.PATTERNS_MAX} patterns of labels.")
    if wrong := scales.faults(command.patterns):
        raise AmountRefused(
            f"{wrong[0]!r} is no pattern of a label, or begins like another one. "
            "Write 21IIIIIWWWWWK or 02IIIICPPPPPK."
        )
    writing.append(ev.ScaleCodesSet(command.patterns))


def scale_codes(journal: Journal) -> ScaleCodes:
    """Return how the house's scales write their labels."""
    found: ScaleCodes = journal.state("scales:it")
    return found


def labelled(journal: Journal, menu: Menu, code: str, line: AddLine) -> AddLine | None:
    """Return the line that a scale's label asks for, None when the code is no such label."""
    label = scales.read(code, scale_codes(journal))
    if label is None:
        return None
    item = scales.item_of(menu, label)
    return replace(line, item=item.id, qty_milli=label.qty_milli, price=label.price)
