"""Tips: which shares of what is paid are offered to the guest."""

from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.domain.money import PPM
from comptoir.domain.terms import TipPresets
from comptoir.journal import Journal, Writing

PRESETS_MAX = 4


@dataclass(frozen=True, slots=True)
class SetTipPresets(Command):
    """Offer these tips from now on, in parts per million; none offers none."""

    presets_ppm: tuple[int, ...]


@handles(SetTipPresets, MANAGERS)
def set_tip_presets(command: SetTipPresets, writing: Writing, desk: Desk) -> None:
    """Set them, smallest first."""
    del desk
    presets = tuple(sorted(set(command.presets_ppm)))
    if len(presets) > PRESETS_MAX or not all(0 < ppm <= PPM for ppm in presets):
        raise AmountRefused(f"Offer up to {PRESETS_MAX} tips, each above 0 % and up to 100 %.")
    writing.append(ev.TipPresetsSet(presets))


def tip_presets(journal: Journal) -> tuple[int, ...]:
    """Return the tips that are offered, in parts per million."""
    found: TipPresets = journal.state("tips:it")
    return found.presets_ppm
