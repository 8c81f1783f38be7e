"""Every kind of event: its body, its version, the aggregates it belongs to.

Each class's docstring is its published reference. A body never changes meaning: a new meaning is a
new version, and unknown versions are stored and relayed but not folded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.domain.envelope import Envelope
from comptoir.domain.events import (
    bill,
    cash,
    checks,
    clock,
    days,
    denials,
    fiscal,
    house,
    lines,
    menu,
    money,
    offline,
    orders,
    payments,
    pricing,
    printing,
    serving,
    shifts,
    stock,
    terminals,
    updates,
    visits,
)
from comptoir.domain.events.base import Body, CheckBody
from comptoir.domain.events.bill import (
    ChecksMerged,
    CheckSplit,
    ChecksUnmerged,
    DiscountSet,
    ServiceChargeSet,
    SplitsUndone,
    Squared,
)
from comptoir.domain.events.cash import (
    CashLimitsSet,
    CashMoved,
    DrawerClosed,
    DrawerCounted,
    DrawerKicked,
    DrawerOpened,
)
from comptoir.domain.events.checks import (
    AllergySet,
    CheckHanded,
    CheckMoved,
    CoversSet,
)
from comptoir.domain.events.clock import ClockSeenAhead, ClockSet
from comptoir.domain.events.days import DayClosed
from comptoir.domain.events.denials import AccessDenied
from comptoir.domain.events.fiscal import ReceiptStated
from comptoir.domain.events.house import (
    ClientSet,
    DaypartsSet,
    FloorPublished,
    PassphraseSet,
    RestaurantChanged,
    RestaurantFounded,
    StaffSet,
)
from comptoir.domain.events.lines import (
    ChangesSeen,
    LineChanged,
    LineComped,
    LinesCourseSet,
    LineSeatsSet,
    LinesHeld,
    LinesRecalled,
)
from comptoir.domain.events.menu import (
    CategorySet,
    ItemBack,
    ItemCounted,
    ItemSet,
    ItemStopped,
    MenuDraftDiscarded,
    MenuDraftPlanned,
    MenuDraftPublished,
    MenuEditDrafted,
    MenuOrdered,
    MenuPublished,
    MenuRecordRemoved,
    MenuTaxSet,
    ModifierGroupSet,
    PriceListSet,
)
from comptoir.domain.events.money import (
    AccountPaid,
    AccountPaymentCancelled,
    AccountPaymentIntended,
    PaymentAnswered,
    PaymentRefunded,
    TipSet,
)
from comptoir.domain.events.offline import AwayEnded, OfflineLimitsSet
from comptoir.domain.events.orders import (
    CheckOpened,
    LineAdded,
    LineQtySet,
    LinesBumped,
    LinesFired,
    LineVoided,
)
from comptoir.domain.events.payments import (
    PaymentCancelled,
    PaymentIntended,
    PaymentTaken,
)
from comptoir.domain.events.pricing import ScaleCodesSet, TaxExempted, TermsSet, TipPresetsSet
from comptoir.domain.events.printing import (
    PrinterRedirected,
    PrintingPublished,
    TicketClaimed,
    TicketDismissed,
    TicketPrinted,
    TicketRequested,
)
from comptoir.domain.events.serving import BillAsked, CoursesNamed, OrderTypeSet
from comptoir.domain.events.shifts import (
    BreakEnded,
    BreakStarted,
    ClockedIn,
    ClockedOut,
    TipsDeclared,
)
from comptoir.domain.events.stock import (
    StockLimitsSet,
    StockReceived,
    StockRecounted,
    StockUndone,
    StockWasted,
)
from comptoir.domain.events.terminals import (
    EventAdopted,
    TerminalAdmitted,
    TerminalDecided,
    TerminalLastSeen,
    TerminalRetired,
)
from comptoir.domain.events.visits import VisitEnded, VisitGranted
from comptoir.domain.records import load

__all__ = (
    "FIRST_LANGUAGE",
    "KINDS",
    "SPEAKS",
    "AccessDenied",
    "AccountPaid",
    "AccountPaymentCancelled",
    "AccountPaymentIntended",
    "AllergySet",
    "AwayEnded",
    "BillAsked",
    "Body",
    "BreakEnded",
    "BreakStarted",
    "CashLimitsSet",
    "CashMoved",
    "CategorySet",
    "ChangesSeen",
    "CheckBody",
    "CheckHanded",
    "CheckMoved",
    "CheckOpened",
    "CheckSplit",
    "ChecksMerged",
    "ChecksUnmerged",
    "ClientSet",
    "ClockSeenAhead",
    "ClockSet",
    "ClockedIn",
    "ClockedOut",
    "CoursesNamed",
    "CoversSet",
    "DayClosed",
    "DaypartsSet",
    "DiscountSet",
    "DrawerClosed",
    "DrawerCounted",
    "DrawerKicked",
    "DrawerOpened",
    "Event",
    "EventAdopted",
    "FloorPublished",
    "ItemBack",
    "ItemCounted",
    "ItemSet",
    "ItemStopped",
    "LineAdded",
    "LineChanged",
    "LineComped",
    "LineQtySet",
    "LineSeatsSet",
    "LineVoided",
    "LinesBumped",
    "LinesCourseSet",
    "LinesFired",
    "LinesHeld",
    "LinesRecalled",
    "MenuDraftDiscarded",
    "MenuDraftPlanned",
    "MenuDraftPublished",
    "MenuEditDrafted",
    "MenuOrdered",
    "MenuPublished",
    "MenuRecordRemoved",
    "MenuTaxSet",
    "ModifierGroupSet",
    "OfflineLimitsSet",
    "OrderTypeSet",
    "PassphraseSet",
    "PaymentAnswered",
    "PaymentCancelled",
    "PaymentIntended",
    "PaymentRefunded",
    "PaymentTaken",
    "PriceListSet",
    "PrinterRedirected",
    "PrintingPublished",
    "ReceiptStated",
    "RestaurantChanged",
    "RestaurantFounded",
    "ScaleCodesSet",
    "ServiceChargeSet",
    "SplitsUndone",
    "Squared",
    "StaffSet",
    "StockLimitsSet",
    "StockReceived",
    "StockRecounted",
    "StockUndone",
    "StockWasted",
    "TaxExempted",
    "TerminalAdmitted",
    "TerminalDecided",
    "TerminalLastSeen",
    "TerminalRetired",
    "TermsSet",
    "TicketClaimed",
    "TicketDismissed",
    "TicketPrinted",
    "TicketRequested",
    "TipPresetsSet",
    "TipSet",
    "TipsDeclared",
    "VisitEnded",
    "VisitGranted",
    "aggregates_of",
    "understand",
)

KINDS: Mapping[str, type[Body]] = {
    body.KIND: body
    for module in (
        house,
        menu,
        terminals,
        offline,
        orders,
        payments,
        money,
        cash,
        fiscal,
        days,
        shifts,
        denials,
        checks,
        lines,
        printing,
        pricing,
        bill,
        serving,
        stock,
        clock,
        updates,
        visits,
    )
    for body in module.BODIES
}
SPEAKS = max(body.SINCE for body in KINDS.values())
"""The newest language of events that this program understands."""
FIRST_LANGUAGE = Body.SINCE
"""What everybody understands, also who never said so."""


@dataclass(frozen=True, slots=True)
class Event:
    """An envelope with its body understood; ``body`` is None for a newer kind or version."""

    envelope: Envelope
    body: Body | None
    unknown: Mapping[str, Any] = field(default_factory=dict)


def understand(envelope: Envelope) -> Event:
    """Type the body of an envelope; raises EventMalformed when a known body does not fit."""
    cls = KINDS.get(envelope.kind)
    if cls is None or envelope.v > cls.V:
        return Event(envelope, None, envelope.body)
    return Event(envelope, load(cls, envelope.body, "$.body"))


def aggregates_of(event: Event) -> tuple[str, ...]:
    """Return the aggregates of an event; of a newer one, the check it names, if any."""
    if event.body is not None:
        return (*event.body.aggregates(), *event.body.authored(event.envelope.terminal))
    check = event.unknown.get("check")
    return (f"check:{check}",) if isinstance(check, str) else ()
