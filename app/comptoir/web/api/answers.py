"""What callers get: checks, menu, floor and the rest as JSON, built from the domain's values."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from comptoir.commands import Outcome
from comptoir.domain import check as ch
from comptoir.domain import house, menu
from comptoir.domain.tax import TaxTotal
from comptoir.web.api.bill_views import BillView, bill

Safety = Literal["local", "solo", "safe", "cloud"]


class Answer(Struct, frozen=True):
    """An answer; newer versions may add fields."""


class LineView(Answer, frozen=True):
    """A line of a check; amounts in minor units."""

    id: str
    item: str
    names: Mapping[str, str]
    qty_milli: int
    unit_price: int
    amount: int
    modifiers: tuple[menu.Modifier, ...]
    station: str
    course: int
    note: str
    status: str
    voided: bool
    void_reason: str
    fired_ms: int
    variant: str
    kitchen: Mapping[str, str]
    receipt: Mapping[str, str]
    allergens: tuple[str, ...]
    sold_by: str
    price_list: str
    part_of: str
    meal: Mapping[str, str]
    seats: tuple[int, ...]
    held: bool
    comped: bool
    comp_reason: str
    changes: tuple[ch.Change, ...]
    allergies: tuple[str, ...]


class CheckView(Answer, frozen=True):
    """A check as folded from its events; amounts in minor units, times in ms since 1970."""

    id: str
    number: str
    state: str
    order_type: str
    table: str
    covers: int
    server: str
    terminal: str
    business_date: str
    opened_ms: int
    changed_ms: int
    lines: tuple[LineView, ...]
    payments: tuple[ch.Payment, ...]
    taxes: tuple[TaxTotal, ...]
    subtotal: int
    total: int
    paid: int
    due: int
    newer_version: bool
    bill: BillView


class EventRef(Answer, frozen=True):
    """The name of a fact: which log, which number."""

    terminal: str
    epoch: int
    seq: int
    kind: str


class Done(Answer, frozen=True):
    """What became of a command; ``replayed`` when its key had been carried out before.

    ``safety`` says where its events are by now: here, alone, on enough terminals, in the cloud.
    """

    events: tuple[EventRef, ...]
    replayed: bool
    safety: Safety
    check: CheckView | None = None


class TableView(Answer, frozen=True):
    """A table with its open checks."""

    id: str
    label: str
    seats: int
    state: str
    checks: tuple[CheckView, ...]


class AreaView(Answer, frozen=True):
    """An area with its tables."""

    id: str
    name: str
    tables: tuple[TableView, ...]


class FloorView(Answer, frozen=True):
    """The floor, and the open checks that stand at none of its tables."""

    areas: tuple[AreaView, ...]
    elsewhere: tuple[CheckView, ...]


class Checks(Answer, frozen=True):
    """Open checks, oldest first."""

    checks: tuple[CheckView, ...]


class TicketView(Answer, frozen=True):
    """What one Send asked of the kitchen."""

    check: str
    number: str
    table: str
    order_type: str
    fired_ms: int
    lines: tuple[LineView, ...]


class Kitchen(Answer, frozen=True):
    """The kitchen's tickets, oldest first."""

    tickets: tuple[TicketView, ...]


class StaffView(Answer, frozen=True):
    """Somebody who may sign in; never their PIN."""

    id: str
    name: str
    role: str
    language: str


class StaffList(Answer, frozen=True):
    """The people of the house, by name."""

    staff: tuple[StaffView, ...]


class SessionView(Answer, frozen=True):
    """A session; any terminal of the restaurant takes its token until it expires."""

    token: str
    expires_ms: int
    staff: StaffView


class ApprovalView(Answer, frozen=True):
    """An approval of one command: send its token with it as ``Comptoir-Approval``."""

    token: str
    expires_ms: int
    approver: StaffView


class ClientView(Answer, frozen=True):
    """A program that may use the API; never its token."""

    id: str
    name: str
    role: str
    active: bool


class ClientList(Answer, frozen=True):
    """Programs that may, or might once, use the API."""

    clients: tuple[ClientView, ...]


class NewToken(Answer, frozen=True):
    """A program's token; only its hash is kept, only the terminal that made it can repeat it."""

    token: str
    client: ClientView
    safety: Safety


class NewPassphrase(Answer, frozen=True):
    """The house's new passphrase, told this once."""

    passphrase: str
    safety: Safety


class TerminalView(Answer, frozen=True):
    """A terminal of the restaurant."""

    id: str
    letter: str
    name: str
    retired: bool
    reason: str


class TerminalList(Answer, frozen=True):
    """The terminals ever admitted."""

    terminals: tuple[TerminalView, ...]


class HeadView(Answer, frozen=True):
    """How far a log is held here, and how far it is known to be safe and in the cloud."""

    terminal: str
    epoch: int
    seq: int
    hash: str
    safe: int
    cloud: int


class Status(Answer, frozen=True):
    """This terminal: who it is, what it holds, whom it hears."""

    version: str
    restaurant: house.Restaurant
    terminal: str
    epoch: int
    position: int
    business_date: str
    now_ms: int
    vector: tuple[HeadView, ...]
    peers: tuple[str, ...]
    known: bool
    unsafe: int
    cloud: bool
    cloud_behind: int
    digest: str


def line(one: ch.Line, of: ch.Check) -> LineView:
    """Return a line's view, with what its seats must not eat."""
    return LineView(
        one.id, one.item, one.names, one.qty_milli, one.unit_price, one.amount, one.modifiers,
        one.station, one.course, one.note, one.status, one.voided, one.void_reason, one.fired_ms,
        one.variant, one.kitchen, one.receipt, one.allergens, one.sold_by, one.price_list,
        one.part_of, one.meal, one.seats, one.held, one.comped, one.comp_reason, one.changes,
        of.allergies_of(one),
    )  # fmt: skip


def check(one: ch.Check) -> CheckView:
    """Return a check's view."""
    return CheckView(
        one.id, one.number, one.state, one.order_type, one.table, one.covers, one.server,
        one.terminal, one.business_date, one.opened_ms, one.changed_ms,
        tuple(line(each, one) for each in one.lines), one.payments, one.taxes,
        one.subtotal, one.total, one.paid, one.due, one.newer_version, bill(one),
    )  # fmt: skip


def done(outcome: Outcome, safety: str, touched: ch.Check | None = None) -> Done:
    """Return the answer to a command."""
    refs = tuple(
        EventRef(e.envelope.terminal, e.envelope.epoch, e.envelope.seq, e.envelope.kind)
        for e in outcome.events
    )
    level: Safety = safety  # type: ignore[assignment]  # one of Level's values
    return Done(refs, outcome.replayed, level, check(touched) if touched else None)


def staff(one: house.Staff) -> StaffView:
    """Return a person's view."""
    return StaffView(one.id, one.name, one.role, one.language)


def client(one: house.Client) -> ClientView:
    """Return a program's view."""
    return ClientView(one.id, one.name, one.role, one.active)


def terminal(one: house.Terminal) -> TerminalView:
    """Return a terminal's view."""
    card = one.card
    letter, name = (card.letter, card.name) if card else ("", "")
    return TerminalView(one.id, letter, name, one.retired, one.reason)
