"""A restaurant whose terminals update themselves: real journals and decisions, RAUC played.

Time stands still but for ``pass_s``; what a terminal reports its till writes down, and all that
are joined exchange their events at every step.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comptoir.bus import Address, Arrival, Endpoint, Inbox, ReplyTo
from comptoir.bus.topics import SAFETY, UPDATES, UPDATING
from comptoir.bus.wire import Safety, UpdateReport, UpdatesNow, pack_json, unpack_json
from comptoir.commands import Actor
from comptoir.commands.updates import OfferUpdate, updates
from comptoir.domain.house import SYSTEM, Card
from comptoir.domain.updates import KEPT
from comptoir.updates import Links, Place, Program
from comptoir.updates.bundles import About, Content, whole
from comptoir.updates.door import Door
from comptoir.updates.install import Files, Install
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Remote, Source
from comptoir.updates.store import Shelf
from comptoir.web.updates import command_of
from tests.fakes.box import BOSS, Box, StandingClock
from tests.fakes.bundles import KIND, about, bundle, root

PROGRAM = Actor("updates", SYSTEM)
STEP_S = 1.0
RATE = 1 << 30


class Wire:
    """Stands for the link to the own broker: the till hears every report, unless it is deaf."""

    link = "own broker"
    connected = True

    def __init__(self, terminal: "Updating") -> None:
        self._terminal = terminal

    def start(self) -> None: ...
    def hang_up(self) -> None: ...
    def stop(self) -> None: ...

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        reply: ReplyTo | None = None,
    ) -> bool:
        del qos, retain, reply
        if topic == UPDATING.template:
            self._terminal.write_down(unpack_json(payload, UpdateReport))
        elif topic == UPDATES.template:
            self._terminal.told.append(unpack_json(payload, UpdatesNow))
        return True


@dataclass
class Updating:
    """One terminal: what runs on it, and how its trials will end."""

    box: Box
    folder: Path
    house: "House"
    version: str = "1.0"
    sells: bool = True
    installs: bool = True
    arms: bool = True
    boot: int = 1
    slot: str = "root-a"
    told: list[UpdatesNow] = field(default_factory=list)
    restarts: int = 0
    deaf: bool = False
    on: bool = True

    def __post_init__(self) -> None:
        for name in ("bundles", "orders"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "root-a").write_bytes(root(99))
        (self.folder / "root-b").write_bytes(root(98))
        self.doors: list[Door] = []
        self.start()

    @property
    def name(self) -> str:
        return self.box.name

    @property
    def step(self) -> str:
        """Return what it last said that it does."""
        return self.told[-1].step

    def start(self) -> None:
        """Start the program, as after a boot."""
        self.serving: dict[str, Content] = {}
        self.shelf = Shelf(self.folder / "bundles")
        self.shelf.refresh()
        at = self.folder
        files = Files(
            at / "bundles", at / "orders", at / "result.json", at / "note.json", str(self.boot)
        )
        self.program = Program(
            self.box.journal,
            Place(
                self.name,
                self.version,
                KIND,
                self.box.clock,
                lambda: self.house.now_s,
                at / self.slot,
            ),
            Links(
                Endpoint("own broker", Address("127.0.0.1", 1), "updates"),
                lambda: (self.house.names, self.house.out),
                lambda live: [self.house.sources[name] for name in live],
                self._door(self.serving),
                self._door({}),
                Rate(RATE),
                self._wire,
            ),
            self.shelf,
            Install(files, self._serve, lambda: self.house.now_s),
        )

    def _wire(self, endpoint: Endpoint, inbox: Inbox, subscriptions: Sequence[str]) -> Wire:
        del endpoint, inbox, subscriptions
        return Wire(self)

    def _door(self, table: dict[str, Content]) -> Door:
        self.doors.append(Door(("127.0.0.1", 0), table.get, Rate(RATE)))
        return self.doors[-1]

    def _serve(self, about: About, content: Content) -> None:
        self.serving[about.bundle] = content

    def write_down(self, report: UpdateReport) -> None:
        """Do what the till does with a report."""
        if self.deaf:
            return
        self.box.desk.run(command_of(report), PROGRAM)

    def turn(self, live: frozenset[str], *, safe: bool = True) -> None:
        """Hear who lives, look once, and let RAUC and the firmware do what was asked of them."""
        mine = {f"{t}/{e}": head.seq for (t, e), head in self.box.journal.vector().items()}
        report = Safety({}, mine if safe else {}, {}, sorted(live), 1)
        self.program.hear(Arrival("own broker", SAFETY.template, pack_json(report)))
        self.program.turn()
        self._play_rauc()
        self._play_firmware()

    def _play_rauc(self) -> None:
        order = self.folder / "orders/install.json"
        if not order.exists():
            return
        said = json.loads(order.read_text())
        order.unlink()
        other = self.folder / ("root-b" if self.slot == "root-a" else "root-a")
        result = {"number": said["number"], "ok": self.installs, "why": "", "slot": str(other)}
        if self.installs:
            content = self.serving[said["bundle"]]
            self.house.read[self.name] = content.read(0, content.size)
            other.write_bytes(self.house.root)
        else:
            result["why"] = "no space left on device"
        (self.folder / "result.json").write_text(json.dumps(result))

    def _play_firmware(self) -> None:
        order = self.folder / "orders/restart.json"
        if not order.exists():
            return
        said = json.loads(order.read_text())
        order.unlink()
        if not self.arms:
            result = {"number": said["number"], "ok": False, "why": "no trial is armed", "slot": ""}
            (self.folder / "result.json").write_text(json.dumps(result))
            return
        self.restarts += 1
        self.house.away.append(self.name)
        outcome = "kept" if self.sells else "went back"
        why = "" if self.sells else "the till does not answer"
        note = {"at": f"2026-11-22T03:10:{self.restarts:02}Z", "outcome": outcome, "why": why}
        (self.folder / "note.json").write_text(json.dumps(note))
        if self.sells:
            self.slot = "root-b" if self.slot == "root-a" else "root-a"
            self.version = self.house.about.version
        self.cut()

    def take(self, file: Path) -> None:
        """Have a bundle as a technician left it there."""
        (self.folder / "bundles/given.raucb").write_bytes(file.read_bytes())
        self.shelf.refresh()

    def cut(self) -> None:
        """Take the power away and give it back."""
        for content in self.serving.values():
            if isinstance(content, Remote):
                content.close()
        self.boot += 1
        self.start()


class House:
    """Terminals that trust each other; ``joined`` are those that hear each other."""

    def __init__(self, boxes: Sequence[Box], folder: Path) -> None:
        self.folder, self.now_s = folder, 0.0
        self.root = root(7)
        made = bundle(self.root)
        self.about = about(made)
        (folder / "cloud.raucb").write_bytes(made)
        self.content = whole(folder / "cloud.raucb")
        self.away: list[str] = []
        self.read: dict[str, bytes] = {}
        self.sources: dict[str, Source] = {}  # none where each has the bundle in a file
        self.out: frozenset[str] = frozenset()
        self.names = frozenset(box.name for box in boxes)
        self.terminals = [Updating(box, folder / box.name, self) for box in boxes]
        self.joined: Sequence[Sequence[Updating]] = [self.terminals]
        self.most_at_once = 0

    def give_all(self) -> None:
        """Put the bundle's file where a technician would."""
        for one in self.terminals:
            one.take(self.folder / "cloud.raucb")

    def offer(self, by: int = 0) -> None:
        a = self.about
        command = OfferUpdate("offer-1", a.bundle, a.compatible, a.version, a.size)
        self.terminals[by].box.desk.run(command, BOSS)
        self.exchange()

    def exchange(self) -> None:
        """Let those that are joined and on hold the same events."""
        trust = {one.name: one.box.card for one in self.terminals}
        for part in self.joined:
            for giver in part:
                for taker in part:
                    if giver is not taker and giver.on and taker.on:
                        self._hand_over(giver.box, taker.box, trust)

    @staticmethod
    def _hand_over(giver: Box, taker: Box, trust: Mapping[str, Card]) -> None:
        held = taker.journal.vector()
        for log, head in giver.journal.vector().items():
            first = held[log].seq + 1 if log in held else 1
            if first <= head.seq:
                new = giver.journal.range(log, first, 1000, 1 << 20)
                taker.journal.admit(new, restaurant="r1", trust=trust)

    def pass_s(self, seconds: float, *, safe: bool = True) -> None:
        """Let time pass, a second at a time."""
        for _ in range(int(seconds / STEP_S)):
            self.now_s += STEP_S
            for one in self.terminals:
                clock: StandingClock = one.box.clock
                clock.ms += int(STEP_S * 1000)
            for part in self.joined:
                for one in part:
                    live = frozenset(o.name for o in part if o is not one and o.on)
                    if one.on:
                        one.turn(live, safe=safe)
            self.exchange()
            state = updates(self.terminals[0].box.journal)
            busy = [one for one in state.turns if not one.outcome]
            self.most_at_once = max(self.most_at_once, len(busy))

    def kept(self, at: int = 0) -> list[str]:
        """Return who is updated, as one terminal knows it."""
        state = updates(self.terminals[at].box.journal)
        return sorted(one.terminal for one in state.turns if one.outcome == KEPT)

    def close(self) -> None:
        for one in self.terminals:
            for door in one.doors:
                door.stop()
