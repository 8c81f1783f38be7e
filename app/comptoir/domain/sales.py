"""What one check adds to the house's figures: per item, hour, person, reason.

A check's facts are a pure function of its state and its events; figures of a day or a year are sums
of facts, so that a late event changes one check's facts and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from comptoir.domain import events as ev
from comptoir.domain.check import TAKEN, UNSENT, Check
from comptoir.domain.dayparts import STEP_MINUTES
from comptoir.domain.hlc import milliseconds
from comptoir.domain.menu import Names

SALES, HOUR, ITEM, SERVER, ORDER_TYPE = "sales", "hour", "item", "server", "order_type"
TAX, SERVICE, TENDER, TIP, ACCOUNT = "tax", "service", "tender", "tip", "account"
VOID, COMP, DISCOUNT, REFUND, CORRECTION = "void", "comp", "discount", "refund", "correction"
MARGIN, COST = "margin", "cost"
OPENED, CUSTOMER = "opened", "customer"
SEGMENTS = (ORDER_TYPE, OPENED, CUSTOMER)
OF_ITEMS = (ITEM, MARGIN, COST)
LOSSES = (VOID, COMP, DISCOUNT, REFUND)
BY, APPROVED, AT = "by", "approved", "at"
NO_REASON = "-"
Minute = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Sum:
    """How often, how much in thousandths, how much money in minor units, taxes in.

    Of sales and of servers ``qty_milli`` counts guests, in thousandths too. A margin is without
    taxes, of the dishes of which it is known what they cost the house.
    """

    count: int = 0
    qty_milli: int = 0
    amount: int = 0

    def plus(self, other: "Sum") -> "Sum":
        """Return both together."""
        return Sum(
            self.count + other.count,
            self.qty_milli + other.qty_milli,
            self.amount + other.amount,
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted: ``cut`` is the way of cutting, ``key`` one slice of it."""

    cut: str
    key: str = ""


def margin_of(cut: str) -> str:
    """Return the cut of what a segment's dishes leave the house, where it is known what they cost.

    Its slices are those of the cut of the segments.
    """
    return f"{cut}-{MARGIN}"


def loss(kind: str, way: str = "") -> str:
    """Return the cut of a loss by its reason, or by who, who approved, or the hour."""
    return f"{kind}-{way}" if way else kind


@dataclass(slots=True)
class Facts:
    """A check's part of every figure that it is in; ``names`` are what its items were called."""

    date: str
    sums: dict[Figure, Sum] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)

    def add(self, cut: str, key: str, count: int, qty_milli: int, amount: int) -> None:
        """Add to one figure."""
        figure = Figure(cut, key)
        more = Sum(count, qty_milli, amount)
        self.sums[figure] = self.sums.get(figure, Sum()).plus(more)


def facts_of(check: Check, events: Sequence[ev.Event], minute: Minute) -> Facts:
    """Return a check's facts; ``minute`` tells the minute since midnight by the house's watch."""
    facts = Facts(check.business_date)
    if not check.number:
        return facts
    _sold(facts, check, events, minute)
    _segments(facts, check, minute)
    _taken(facts, check)
    for one in losses(check, events):
        at = _hour(minute(one.at_ms))
        for way, key in (("", one.reason), (BY, one.by), (APPROVED, one.approver), (AT, at)):
            facts.add(loss(one.kind, way), key or NO_REASON, 1, one.qty_milli, one.amount)
    return facts


def _sold(facts: Facts, check: Check, events: Sequence[ev.Event], minute: Minute) -> None:
    added = {
        event.body.line: milliseconds(event.envelope.hlc)
        for event in reversed(events)
        if isinstance(event.body, ev.LineAdded)
    }
    priced = check.priced
    for line in check.live_lines:
        sums = priced.line(line.id)
        amount = sums.net + sums.added
        item = f"{line.item}/{line.variant}" if line.variant else line.item
        facts.names[item] = line.names
        facts.add(ITEM, item, 1, line.qty_milli, amount)
        if line.cost:
            cost = line.house_cost
            facts.add(MARGIN, item, 1, line.qty_milli, sums.untaxed - cost)
            facts.add(COST, item, 1, line.qty_milli, cost)
        facts.add(HOUR, _hour(minute(added[line.id])), 1, line.qty_milli, amount)
    if check.live_lines:
        guests = check.covers * 1000
        facts.add(SALES, "", 1, guests, priced.total)
        facts.add(SERVER, check.server, 1, guests, priced.total)
        for tax in priced.taxes:
            facts.add(TAX, tax.id, 1, 0, tax.amount)
        if priced.service_charge:
            service = priced.service.net + priced.service.added
            facts.add(SERVICE, "", 1, 0, service)


def _hour(minute: int) -> str:
    return f"{minute // 60:02}"


def _segments(facts: Facts, check: Check, minute: Minute) -> None:
    """Add the check to one slice of every way of putting sales in segments."""
    if not check.live_lines:
        return
    priced = check.priced
    begun = minute(check.opened_ms) // STEP_MINUTES * STEP_MINUTES
    known = [line for line in check.live_lines if line.cost]
    margin = sum(priced.line(line.id).untaxed - line.house_cost for line in known)
    quantity = sum(line.qty_milli for line in known)
    keys = (check.order_type, f"{begun // 60:02}:{begun % 60:02}", payer(check))
    for cut, key in zip(SEGMENTS, keys, strict=True):
        facts.add(cut, key, 1, check.covers * 1000, priced.total)
        if known:
            facts.add(margin_of(cut), key, len(known), quantity, margin)


def payer(check: Check) -> str:
    """Return the house account that paid most of a check, empty when none paid of it."""
    sums: dict[str, int] = {}
    for payment in check.payments:
        if payment.status == TAKEN and payment.account:
            sums[payment.account] = sums.get(payment.account, 0) + payment.kept
    return min(sums, key=lambda name: (-sums[name], name)) if sums else ""


def _taken(facts: Facts, check: Check) -> None:
    for payment in check.payments:
        if payment.status == TAKEN:
            net = payment.with_tip + payment.rounding
            facts.add(TENDER, payment.tender, 1, 0, net)
            if payment.account:
                facts.add(ACCOUNT, payment.account, 1, 0, payment.kept)
            if payment.tip:
                facts.add(TIP, check.server, 1, 0, payment.tip)
        for refund in payment.refunds:
            facts.add(TENDER, refund.tender, 0, 0, -refund.amount)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something not sold after all: who let it go, why, who approved; ``amount`` is its price."""

    kind: str
    reason: str
    by: str
    approver: str
    at_ms: int
    qty_milli: int
    amount: int
    line: str = ""


def losses(check: Check, events: Sequence[ev.Event]) -> Iterator[Loss]:
    """Return the voids, comps, discounts and refunds of a check that count, oldest first.

    A line taken off before it was sent is a correction, no void.
    """
    lines = {line.id: line for line in check.lines}
    last = _last(events)
    voided: set[str] = set()
    for event in events:
        body = event.body
        match body:
            case ev.LineVoided(line=name) if name in lines and name not in voided:
                voided.add(name)
                kind = VOID if lines[name].status != UNSENT else CORRECTION
                line = replace(lines[name], voided=False)
                yield Loss(kind, body.reason, *_who(event), line.qty_milli, line.amount, name)
            case ev.LineComped(line=name) if last.get(name) is event and name in lines:
                line = lines[name]
                if line.comped and not line.voided:
                    yield Loss(COMP, body.reason, *_who(event), line.qty_milli, line.amount, name)
            case ev.DiscountSet(line=name) if last.get(f"discount {name}") is event:
                if amount := _discount(check, name):
                    reason = body.reason or body.name
                    yield Loss(DISCOUNT, reason, *_who(event), 0, amount, name)
            case ev.PaymentRefunded():
                yield Loss(REFUND, body.reason, *_who(event), 0, body.amount)
            case _:
                pass


def _last(events: Sequence[ev.Event]) -> Mapping[str, ev.Event]:
    """Return the last comp of each line and the last discount of each line or of the check."""
    found: dict[str, ev.Event] = {}
    for event in events:
        if isinstance(event.body, ev.LineComped):
            found[event.body.line] = event
        elif isinstance(event.body, ev.DiscountSet):
            found[f"discount {event.body.line}"] = event
    return found


def _discount(check: Check, line: str) -> int:
    """Return what a discount in force takes off: a line's own, or the check's on all lines."""
    own = {one.line for one in check.discounts}
    if line not in own:
        return 0
    priced = check.priced
    comped = {one.id for one in check.live_lines if one.comped}
    if line:
        alone = replace(check, discounts=tuple(d for d in check.discounts if d.line))
        return sum(p.discount for p in alone.priced.lines if p.id == line and p.id not in comped)
    others = replace(check, discounts=tuple(d for d in check.discounts if d.line))
    return priced.discount - others.priced.discount


def _who(event: ev.Event) -> tuple[str, str, int]:
    envelope = event.envelope
    return envelope.actor, envelope.approver or "", milliseconds(envelope.hlc)
