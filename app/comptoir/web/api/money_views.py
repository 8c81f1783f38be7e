"""What callers get about money: open questions, overpayments, drawers, X and Z."""

from comptoir.commands.money_queries import OpenIntent, Overpayment
from comptoir.commands.reports import DrawerReport
from comptoir.domain.accounts import Charge
from comptoir.domain.cash import Count, Denomination, Move, NoSale
from comptoir.domain.figures import Close, TenderSum
from comptoir.web.api.answers import Answer


class OpenIntents(Answer, frozen=True):
    """Money that dead terminals meant to take; and what others said of this one's own."""

    intents: tuple[OpenIntent, ...]
    answered: tuple[OpenIntent, ...]


class Overpayments(Answer, frozen=True):
    """Checks that were paid too much."""

    overpayments: tuple[Overpayment, ...]


class AccountView(Answer, frozen=True):
    """A house account: what is on it, from which checks, and what was paid off (of no check)."""

    name: str
    owed: int
    charges: tuple[Charge, ...]


class Accounts(Answer, frozen=True):
    """The house accounts, by name."""

    accounts: tuple[AccountView, ...]


class TipOffers(Answer, frozen=True):
    """Tips to offer, in minor units, and the shares that they are, in parts per million."""

    tips: tuple[int, ...]
    presets_ppm: tuple[int, ...] = ()


class DrawerView(Answer, frozen=True):
    """A drawer or a wallet; what should be in it is told when it is closed, or to a manager.

    ``number`` is that of its Z, ``declared`` the cash tips that a wallet's owner declared.
    """

    id: str
    name: str
    terminal: str
    owner: str
    opened_by: str
    opened_ms: int
    business_date: str
    is_open: bool
    coins: tuple[Denomination, ...]
    moves: tuple[Move, ...]
    no_sales: tuple[NoSale, ...]
    counts: tuple[Count, ...]
    tenders: tuple[TenderSum, ...] = ()
    tips: int = 0
    expected: int | None = None
    counted: int | None = None
    over: int | None = None
    closed_times: int = 0
    number: int = 0
    declared: int | None = None


class Drawers(Answer, frozen=True):
    """The drawers and wallets that are open."""

    drawers: tuple[DrawerView, ...]


class Days(Answer, frozen=True):
    """The Zs of a terminal, oldest first."""

    closes: tuple[Close, ...]


def drawer(sheet: DrawerReport, *, told: bool) -> DrawerView:
    """Return a drawer's view; while it is open only managers see its sums: counts stay blind."""
    one = sheet.drawer
    first = one.closings[0] if one.closings else None
    told = told or first is not None
    return DrawerView(
        one.id, one.name, one.terminal, one.owner, one.opened_by, one.opened_ms,
        one.business_date, one.is_open, one.float_, one.moves, one.no_sales, one.counts,
        sheet.tenders if told else (), sheet.tips if told else 0,
        sheet.expected if told else None, first.counted if first else None,
        first.over if first else None, len(one.closings), first.number if first else 0,
        sheet.declared,
    )  # fmt: skip
