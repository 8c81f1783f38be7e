"""The evening's work: guests order and pay at any terminal; what they are told is noted."""

from collections.abc import Callable, Sequence

from comptoir.commands import (
    Actor,
    AddLine,
    Bump,
    CancelPayment,
    Command,
    Fire,
    FoundRestaurant,
    IntendPayment,
    MergeChecks,
    MoveCheck,
    OpenCheck,
    PublishMenu,
    SetDiscount,
    SetQuantity,
    SplitCheck,
    TakePayment,
    VoidLine,
)
from comptoir.commands.day import CloseDay
from comptoir.domain.check import FIRED, INTENDED, READY, UNSENT, Check
from comptoir.domain.menu import Item, Menu
from comptoir.domain.parts import EVEN, Plan
from tests.faults.oracle import Oracle
from tests.faults.terminal import BOSS, PROGRAM, Terminal
from tests.faults.world import World

ITEMS = tuple(Item(f"i{n}", "x", {"en": f"Dish {n}"}, 350 + 101 * n) for n in range(4))
TABLES = ("1", "2", "3")
CHECKS_OPEN_MAX = 6
PAY_S_MAX = 3.0


class Service:
    """Throws dice for who does what where; every command id is new."""

    def __init__(self, world: World, terminals: Sequence[Terminal], oracle: Oracle) -> None:
        self.world, self.terminals, self.oracle = world, terminals, oracle
        self.dice = world.dice("service")
        self.closing = False
        self._ids = 0
        self._steps: list[tuple[Callable[[Terminal, Check], Command | None], int]] = [
            (self._add, 8),
            (self._quantity, 2),
            (self._void, 2),
            (self._fire, 3),
            (self._bump, 2),
            (self._move, 1),
            (self._discount, 1),
            (self._merge, 1),
            (self._split, 1),
            (self._pay, 5),
            (self._cancel, 1),
        ]

    def found(self, terminal: Terminal) -> None:
        """Found the restaurant; until that worked, again."""
        if self._do(terminal, PublishMenu("found-menu", Menu("", items=ITEMS))) is False:
            self.world.after(0.5, "found", lambda: self.found(terminal))
            return
        house = ("Chez Sim", "EUR", "UTC", ("en",), terminal.card)
        self._do(terminal, FoundRestaurant("found-house", *house), PROGRAM)

    def begin(self, rate_s: float, until_s: float) -> None:
        """Let something happen every so often."""

        def again() -> None:
            if self.world.now_s < until_s:
                self.step()
                self.world.after(self.dice.expovariate(1 / rate_s), "service", again)

        self.world.after(rate_s, "service", again)

    def step(self) -> None:
        """Do one thing at one terminal; sometimes the same at another one at once."""
        selling = [one for one in self.terminals if one.sells and not one.stolen]
        if not selling:
            return
        terminal = self.dice.choice(selling)
        assert terminal.journal is not None
        checks = terminal.journal.states("check", active=True)
        if self.dice.random() < 0.01:
            self._do(terminal, CloseDay(self._id("z")))
        elif not checks or (len(checks) < CHECKS_OPEN_MAX and self.dice.random() < 0.2):
            name = self._id("c")
            self._do(terminal, OpenCheck(f"k{name}", name, table=self.dice.choice(TABLES)))
        else:
            steps, weights = zip(*self._steps, strict=True)
            check = self.dice.choice(checks)
            step = self.dice.choices(steps, weights)[0]
            self._try(step, terminal, check)
            if self.dice.random() < 0.3:
                self._try(step, self.dice.choice(selling), check)

    def _try(
        self,
        step: Callable[[Terminal, Check], Command | None],
        terminal: Terminal,
        check: Check,
    ) -> None:
        command = step(terminal, check)
        if command is not None:
            self._do(terminal, command)

    def _do(self, terminal: Terminal, command: Command, actor: Actor = BOSS) -> bool:
        outcome = terminal.run(command, actor)
        if outcome is None:
            return False
        self.oracle.answered(terminal, outcome)
        return True

    def _id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}{self._ids}"

    def _add(self, _: Terminal, check: Check) -> Command:
        item = self.dice.choice(ITEMS).id
        return AddLine(self._id("k"), check.id, self._id("l"), item, 1000 * self.dice.randint(1, 3))

    def _quantity(self, _: Terminal, check: Check) -> Command | None:
        lines = [line for line in check.live_lines if line.status == UNSENT]
        if not lines:
            return None
        line = self.dice.choice(lines).id
        return SetQuantity(self._id("k"), check.id, line, 1000 * self.dice.randint(1, 4))

    def _void(self, _: Terminal, check: Check) -> Command | None:
        if not check.live_lines:
            return None
        return VoidLine(self._id("k"), check.id, self.dice.choice(check.live_lines).id, "dropped")

    def _fire(self, _: Terminal, check: Check) -> Command:
        return Fire(self._id("k"), check.id)

    def _bump(self, _: Terminal, check: Check) -> Command | None:
        lines = tuple(line.id for line in check.live_lines if line.status == FIRED)
        return Bump(self._id("k"), check.id, lines, READY) if lines else None

    def _move(self, _: Terminal, check: Check) -> Command:
        return MoveCheck(self._id("k"), check.id, self.dice.choice(TABLES))

    def _discount(self, _: Terminal, check: Check) -> Command:
        return SetDiscount(self._id("k"), check.id, ppm=100_000, reason="late")

    def _merge(self, terminal: Terminal, check: Check) -> Command | None:
        assert terminal.journal is not None
        others = [c for c in terminal.journal.states("check", active=True) if c.id != check.id]
        return MergeChecks(self._id("k"), check.id, self.dice.choice(others).id) if others else None

    def _split(self, _: Terminal, check: Check) -> Command:
        name = self._id("s")
        return SplitCheck(self._id("k"), check.id, name, EVEN, (Plan(f"{name}a"), Plan(f"{name}b")))

    def _pay(self, terminal: Terminal, check: Check) -> Command | None:
        if check.due <= 0:
            return None
        name = self._id("p")
        part = self.dice.choice([one.id for one in check.parts if one.due > 0] or [""])
        amount = check.part(part).due if part else check.due
        if self.dice.random() < 0.2:
            amount = max(1, amount // 2)
        take = TakePayment(self._id("k"), check.id, name, amount, reference="slip")
        self.world.after(
            self.dice.uniform(0.1, PAY_S_MAX), "pay", lambda: self._take(terminal, take)
        )
        return IntendPayment(self._id("k"), check.id, name, "card", amount, part=part)

    def _take(self, terminal: Terminal, command: TakePayment) -> None:
        if not terminal.stolen:
            self._do(terminal, command)

    def _cancel(self, _: Terminal, check: Check) -> Command | None:
        intended = [p.id for p in check.payments if p.status == INTENDED]
        if not intended:
            return None
        return CancelPayment(self._id("k"), check.id, self.dice.choice(intended), "changed mind")
