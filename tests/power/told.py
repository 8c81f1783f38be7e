"""What a till acknowledged, and how far its disk's recording was then."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from comptoir.api_client import Answer
from tests.power.look import Seq, Unsound, held_on
from tests.power.replay import State, copied
from tests.system.hand import Hand


@dataclass(frozen=True)
class Told:
    """An event whose acknowledgement came when the recording was ``end`` bytes long."""

    end: int
    seq: Seq


class Witness(Hand):
    """Sells, and notes of each acknowledgement how far the recording was."""

    recording: Path | None = None

    @cached_property
    def noted(self) -> list[Told]:
        """What was acknowledged, in its order."""
        return []

    def post(self, path: str, body: Mapping[str, Any], command: str = "") -> Answer:
        before = len(self.acknowledged)
        answer = super().post(path, body, command)
        if self.recording is not None:
            end = self.recording.stat().st_size
            self.noted += [Told(end, seq) for seq in self.acknowledged[before:]]
        return answer


@dataclass
class Verdict:
    """What looking at many states came to."""

    states: int = 0
    acknowledged: int = 0  # events that were looked for, each in every state after it
    lost: int = 0
    states_with_loss: int = 0
    torn: int = 0  # states whose superblock was torn, and mended
    unsound: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = Counter(line.partition("\n")[0] for line in self.unsound).most_common(3)
        return (
            f"{self.states} cut states, {self.acknowledged} acknowledged events looked for, "
            f"{self.lost} lost in {self.states_with_loss} states, {len(self.unsound)} damaged, "
            f"{self.torn} superblocks mended "
            f"{kinds or ''}".strip()
        )


def judged(states: Iterable[State], told: Sequence[Told], terminal: str) -> Verdict:
    """Look at every state for what had been acknowledged when the power went."""
    verdict = Verdict()
    for state in states:
        due = [one.seq for one in told if one.end <= state.end]
        verdict.states += 1
        verdict.acknowledged += len(due)
        try:
            held = held_on(copied(state), terminal)
        except Unsound as damage:
            verdict.unsound.append(f"{damage}\n{state.cut}")
            continue
        lost = held.lost(due)
        verdict.torn += held.was_torn
        verdict.lost += len(lost)
        verdict.states_with_loss += bool(lost)
    return verdict
