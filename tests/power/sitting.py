"""Power cuts of a booted image, one after the other; stopped, it goes on where it was.

Each boot ends at a write of its disk that a seed draws: while it starts, or while it sells. Then
the disk is looked at as a boot would, for every event that was acknowledged since it was flashed;
the next boot starts from what the cut left. Every fifth disk is a newly flashed one, whose power
goes while it boots for the first time and grows. On a disk that ignores flushes every boot has a
newly flashed one: what the cut before left need not boot.
"""

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from imagebuilder import disk
from tests.power.guests import Guests
from tests.power.look import Seq, Unsound, held_on
from tests.power.plugged import TERMINAL, PluggedBox
from tests.power.replay import Window, take_out
from tests.power.volatile import Flushes

FLASHED_EVERY = 5
WRITES_OF_A_FIRST_BOOT, WRITES_MAX = 250, 500
WATCH_S = 0.2
STATE = "counts.json"


@dataclass
class Counts:
    """What all sittings came to."""

    seed: int
    boots: int = 0
    cut_before_the_till: int = 0
    acknowledged: int = 0
    lost: int = 0
    torn: int = 0  # superblocks that were mended
    failed: list[str] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)  # of this disk: last event of each epoch

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.boots} boots cut, {self.cut_before_the_till} of them before "
            f"the till sold; {self.acknowledged} acknowledged, {self.lost} lost, "
            f"{self.torn} superblocks mended, {len(self.failed)} failed"
        )

    def note(self, acknowledged: list[Seq]) -> None:
        """Count what a boot's till acknowledged."""
        self.acknowledged += len(acknowledged)
        for epoch, seq in acknowledged:
            self.newest[str(epoch)] = max(seq, self.newest.get(str(epoch), 0))


class Sitting:
    """Boots an image in a folder, which keeps the counts and the disk between sittings."""

    def __init__(
        self, image: Path, folder: Path, seed: int, flushes: Flushes = Flushes.KEPT
    ) -> None:
        self._image, self._folder, self._flushes = image, folder, flushes
        folder.mkdir(parents=True, exist_ok=True)
        state = folder / STATE
        known = json.loads(state.read_text("utf-8")) if state.exists() else {"seed": seed}
        self.counts = Counts(**known)

    def go_on(self, boots: int, say: Callable[[str], object] = print) -> Counts:
        """Boot and cut until so many boots are counted, those of earlier sittings among them."""
        while self.counts.boots < boots:
            said = self._cycle()
            self._keep()
            say(f"boot {self.counts.boots}: {said}; {self.counts}")
        return self.counts

    def _cycle(self) -> str:
        number = self.counts.boots
        chance = random.Random(f"{self.counts.seed}/{number}")
        is_control = self._flushes is Flushes.IGNORED
        is_first = number % FLASHED_EVERY == 0 and not is_control
        box = self._plugged(is_new=is_first or is_control)
        box.seed = chance.getrandbits(32)
        box.cut_after = chance.randint(1, WRITES_OF_A_FIRST_BOOT if is_first else WRITES_MAX)
        guests = Guests(box)
        try:
            box.power_on()
            guests.start()
            while box.has_power and guests.is_alive():
                time.sleep(WATCH_S)
        finally:
            box.kill()
        guests.join()
        return self._judge(box, guests)

    def _plugged(self, *, is_new: bool) -> PluggedBox:
        """Return a terminal on the disk that the last cut left, or on a newly flashed one."""
        if is_new:
            self.counts.newest = {}
        box = PluggedBox(self._image, self._folder, keep_disk=not is_new)
        box.flushes = self._flushes
        return box

    def _judge(self, box: PluggedBox, guests: Guests) -> str:
        counts = self.counts
        counts.boots += 1
        counts.cut_before_the_till += not guests.found_till
        earlier = [(int(epoch), seq) for epoch, seq in counts.newest.items()]
        counts.note(box.acknowledged)
        if guests.trouble:
            counts.failed.append(f"boot {counts.boots}: {guests.trouble}")
        try:
            lost = self._lost(box.disk, {*earlier, *box.acknowledged})
        except Unsound as damage:
            counts.failed.append(f"boot {counts.boots}: {damage}")
            lost = []
        counts.lost += len(lost)
        return f"cut after {box.cut_after} writes, {guests.sold} checks sold"

    def _lost(self, card: Path, due: Iterable[Seq]) -> list[Seq]:
        """Look for events on a copy of the disk."""
        start = disk.partition("data").start
        window = Window(start, card.stat().st_size - start)
        taken = take_out(card, window, card.with_name("data.img"))
        held = held_on(taken, TERMINAL)
        self.counts.torn += held.was_torn
        return held.lost(due)

    def _keep(self) -> None:
        new = self._folder / f"{STATE}.new"
        new.write_text(json.dumps(asdict(self.counts)), "utf-8")
        new.replace(self._folder / STATE)
