"""Operations of the stock: what came in, what was wasted, corrections, and what counts found."""

from typing import Annotated

from flask import request
from msgspec import Meta

from comptoir.commands.stock import (
    ReceiveStock,
    RecountStock,
    SetStockLimits,
    UndoStock,
    WasteStock,
)
from comptoir.commands.variances import variances
from comptoir.web import figures
from comptoir.web.api import answers
from comptoir.web.api.bodies import Amount, Body, Id, Text
from comptoir.web.api.caller import actor, carry_out, command_id
from comptoir.web.api.operation import Registry
from comptoir.web.api.reports import DAYS, asked_days
from comptoir.web.services import services

stock = Registry("stock")
Quantity = Annotated[int, Meta(gt=0, le=1_000_000_000, description="thousandths")]


class Received(Body, frozen=True):
    """How much came in, in thousandths; of one variant, when it is named."""

    qty_milli: Quantity
    note: Text = ""
    variant: Text = ""


class Wasted(Body, frozen=True):
    """How much was thrown away, in thousandths, and why."""

    qty_milli: Quantity
    reason: Text
    variant: Text = ""


class Undone(Body, frozen=True):
    """What was received or wasted, by the key of the request that wrote it."""

    entry: Id
    variant: Text = ""


class Recounted(Body, frozen=True):
    """What the count in force should have said, in thousandths."""

    left_milli: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    variant: Text = ""


class NewStockLimits(Body, frozen=True):
    """What is marked: minor units of one count, parts per million of what was expected."""

    amount: Amount
    share_ppm: Annotated[int, Meta(ge=0, le=1_000_000)]


class VarianceView(answers.Answer, frozen=True):
    """What a count found; quantities in thousandths, money in minor units."""

    item: str
    names: dict[str, str]
    count: str
    by: str
    at_ms: int
    business_date: str
    counted_milli: int
    expected_milli: int
    variance_milli: int
    amount: int
    at_cost: bool
    beyond: bool


class VariancesView(answers.Answer, frozen=True):
    """The variances of a period; an item's first count ever has none."""

    missing: int
    found: int
    wasted: int
    counts: tuple[VarianceView, ...]


def _form(item: str, variant: str) -> str:
    return f"{item}/{variant}" if variant else item


@stock.commands("/stock/<item>/received", answers.Done, body=Received)
def receive_stock(item: str, body: Received) -> answers.Done:
    """Say that so much came in."""
    command = ReceiveStock(command_id(), _form(item, body.variant), body.qty_milli, body.note)
    return answers.done(*carry_out(command))


@stock.commands("/stock/<item>/wasted", answers.Done, body=Wasted)
def waste_stock(item: str, body: Wasted) -> answers.Done:
    """Say that so much was thrown away, and why."""
    command = WasteStock(command_id(), _form(item, body.variant), body.qty_milli, body.reason)
    return answers.done(*carry_out(command))


@stock.commands("/stock/<item>/undone", answers.Done, body=Undone)
def undo_stock(item: str, body: Undone) -> answers.Done:
    """Take back what was written as received or wasted since the count."""
    command = UndoStock(command_id(), _form(item, body.variant), body.entry)
    return answers.done(*carry_out(command))


@stock.commands("/stock/<item>/recounted", answers.Done, body=Recounted)
def recount_stock(item: str, body: Recounted) -> answers.Done:
    """Correct the count in force."""
    command = RecountStock(command_id(), _form(item, body.variant), body.left_milli)
    return answers.done(*carry_out(command))


@stock.reads("/reports/stock", VariancesView, query=DAYS)
def read_variances() -> VariancesView:
    """Read what the counts of these days found more or less than should have been there."""
    figures.managers_only(actor().role)
    found = variances(services().journal, asked_days(request.args))
    return VariancesView(
        found.missing,
        found.found,
        found.wasted,
        tuple(
            VarianceView(
                one.item,
                dict(one.names),
                one.count,
                one.by,
                one.at_ms,
                one.business_date,
                one.counted_milli,
                one.expected_milli,
                one.variance_milli,
                one.amount,
                one.at_cost,
                one.beyond,
            )
            for item in found.items
            for one in item.counts
        ),
    )


@stock.commands("/reports/stock/limits", answers.Done, method="PUT", body=NewStockLimits)
def set_stock_limits(body: NewStockLimits) -> answers.Done:
    """Mark from now on what is beyond these."""
    return answers.done(*carry_out(SetStockLimits(command_id(), body.amount, body.share_ppm)))
