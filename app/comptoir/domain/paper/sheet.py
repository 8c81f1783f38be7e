"""Sheets of money on the receipt printer: X, Z, a drawer's or a waiter's, an account paid off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comptoir.domain.accounts import Account, Charge
from comptoir.domain.cash import Drawer
from comptoir.domain.figures import Figures, OpenNote, TenderSum
from comptoir.domain.paper.receipt import Head, figure, letterhead
from comptoir.domain.paper.rows import LARGE, Pair, Paper, Row, Rule, Text
from comptoir.domain.paper.words import word

SIGNATURE = "_" * 16


@dataclass(frozen=True, slots=True)
class Extent:
    """What a sheet of a day counts: the ranges of logs, what came late, what was left open."""

    ranges: tuple[str, ...] = ()
    late: int = 0
    late_amount: int = 0
    open_checks: tuple[OpenNote, ...] = ()
    open_drawers: tuple[str, ...] = ()


def day(title: str, head: Head, figures: Figures, extent: Extent) -> Paper:
    """Return an X or a Z."""
    return Paper(
        (
            *_top(title, head),
            *_figures(figures, head),
            *_extent(extent, head),
            Rule(),
            *(Text(one) for one in extent.ranges),
        )
    )


def _top(title: str, head: Head) -> Iterator[Row]:
    yield from letterhead(head)
    yield Text(title, LARGE, bold=True)
    yield Text(head.time)
    yield Rule()


def _figures(figures: Figures, head: Head) -> Iterator[Row]:
    total = f"{word('sales', head.language)} {head.currency}"
    yield Pair(total, figure(figures.sales, head), LARGE, bold=True)
    yield Pair(word("receipts", head.language), str(figures.receipts))
    for tax in figures.taxes:
        yield Pair(f"{tax.name} ({figure(tax.base, head)})", figure(tax.amount, head), indent=1)
    yield Rule()
    yield from _tenders(figures.tenders, head)
    moves = {
        "paid_off": figures.paid_off,
        "pay_in": figures.pay_in,
        "pay_out": -figures.pay_out,
        "drop": -figures.drops,
    }
    for key, amount in moves.items():
        if amount:
            yield Pair(word(key, head.language), figure(amount, head))
    if figures.no_sales:
        yield Pair(word("no_sale", head.language), f"{figures.no_sales} ×")


def _tenders(tenders: Iterable[TenderSum], head: Head) -> Iterator[Row]:
    for one in tenders:
        name = f"{word(one.tender, head.language)} {one.count} ×"
        yield Pair(name, figure(one.amount, head))
        more = {"tip": one.tips, "rounding": one.rounding, "given_back": -one.refunded}
        told = {key: amount for key, amount in more.items() if amount}
        for key, amount in told.items():
            yield Pair(word(key, head.language), figure(amount, head), indent=1)
        if told:
            yield Pair(word("is_there", head.language), figure(one.net, head), bold=True, indent=1)
    if tenders:
        yield Rule()


def _extent(extent: Extent, head: Head) -> Iterator[Row]:
    if extent.late:
        name = f"{word('late', head.language)} {extent.late} ×"
        yield Pair(name, figure(extent.late_amount, head))
    if extent.open_checks or extent.open_drawers:
        yield Text(word("open_checks", head.language), bold=True)
    for note in extent.open_checks:
        yield Pair(f"{note.number} {note.table}".strip(), figure(note.due, head), indent=1)
    for name in extent.open_drawers:
        yield Text(name, indent=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What a drawer's sheet adds up: its tenders, what should be in it, cash tips beside it."""

    tenders: tuple[TenderSum, ...] = ()
    expected: int = 0
    declared: int | None = None


def drawer(title: str, head: Head, one: Drawer, held: Held) -> Paper:
    """Return a drawer's or a wallet's sheet; what should be in it only once it is closed."""
    closing = one.closings[0] if one.closings else None
    rows: list[Row] = [*_top(title, head)]
    if closing:
        rows += _tenders(held.tenders, head)
    rows.append(Pair(word("float", head.language), figure(_float(one), head)))
    rows += [
        Pair(f"{word(move.what, head.language)} {move.reason}".strip(), figure(move.signed, head))
        for move in one.moves
    ]
    rows += [
        Text(f"{word('no_sale', head.language)} · {told.reason}", indent=1) for told in one.no_sales
    ]
    if closing:
        rows.append(Pair(word("expected", head.language), figure(held.expected, head)))
    rows += _counted(one, head)
    if closing:
        name = "over" if closing.over > 0 else "short" if closing.over < 0 else "exact"
        rows.append(Pair(word(name, head.language), figure(closing.over, head), LARGE, bold=True))
    if held.declared is not None:
        rows += [Rule(), Pair(word("cash_tips", head.language), figure(held.declared, head))]
    rows += [Rule(), Text(""), Pair(word("signature", head.language), SIGNATURE)]
    return Paper(tuple(rows))


def _float(one: Drawer) -> int:
    return sum(piece.value * piece.count for piece in one.float_)


def _counted(one: Drawer, head: Head) -> Iterator[Row]:
    """Yield the last count, coin by coin: the one that counts."""
    if not one.counts:
        return
    last = one.counts[-1]
    for piece in last.count:
        if piece.count:
            name = f"{piece.count} × {figure(piece.value, head)}"
            yield Pair(name, figure(piece.value * piece.count, head), indent=1)
    yield Pair(word("counted", head.language), figure(last.amount, head), bold=True)


def paid_off(head: Head, account: Account, charge: Charge) -> Paper:
    """Return the receipt of money that paid off a house account, and what is owed after it."""
    until = account.charges[: account.charges.index(charge) + 1]
    owed = sum(one.amount for one in until)
    rows: list[Row] = [
        *_top(f"{word('account', head.language)} {account.name}", head),
        Pair(word("owed", head.language), figure(owed - charge.amount, head)),
        Pair(word(charge.tender, head.language), figure(charge.tendered, head)),
    ]
    if charge.reference:
        rows.append(Text(charge.reference, indent=1))
    for key, amount in {"rounding": charge.rounding, "change_due": charge.change}.items():
        if amount:
            rows.append(Pair(word(key, head.language), figure(amount, head), indent=1))
    total = f"{word('paid_off', head.language)} {head.currency}"
    return Paper(
        (
            *rows,
            Pair(total, figure(-charge.amount, head), LARGE, bold=True),
            Pair(word("owed", head.language), figure(owed, head), bold=True),
            Rule(),
            Text(word("thanks", head.language), centred=True),
        )
    )
