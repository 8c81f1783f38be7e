"""Operations on money: open questions, tips, refunds, drawers and wallets, X and Z."""

from http import HTTPStatus

from flask import request

from comptoir.commands import queries
from comptoir.commands.accounts import CancelAccountPayment, IntendAccountPayment, PayAccount
from comptoir.commands.cash import CloseDrawer, CountDrawer, KickDrawer, MoveCash, OpenDrawer
from comptoir.commands.day import CloseDay
from comptoir.commands.money_queries import (
    accounts,
    answered_meanwhile,
    open_intents,
    overpayments,
)
from comptoir.commands.payments import AnswerPayment, SetTip
from comptoir.commands.refunds import RefundPayment, ReturnGoods
from comptoir.commands.reports import (
    Report,
    drawer_report,
    restaurant_z,
    terminal_x,
    terminal_zs,
)
from comptoir.commands.scales import SetScaleCodes, scale_codes
from comptoir.commands.sheets import PrintSheet
from comptoir.commands.tips import SetTipPresets, tip_presets
from comptoir.domain.cash import OpenDrawers
from comptoir.domain.errors import NotAllowed
from comptoir.domain.events.cash import OPEN_DRAWERS
from comptoir.domain.house import CASHIER, MANAGER, SYSTEM
from comptoir.domain.payment import ReturnedLine
from comptoir.domain.scales import ScaleCodes
from comptoir.domain.tender import tip_offers
from comptoir.web.api import answers
from comptoir.web.api import money_bodies as bodies
from comptoir.web.api import money_views as views
from comptoir.web.api.bodies import Nothing, Reason
from comptoir.web.api.caller import actor, ask_money, carry_out, command_id
from comptoir.web.api.operation import Query, Registry
from comptoir.web.api.service import on_check
from comptoir.web.services import services

money = Registry("money")
MEANWHILE_MS = 24 * 3600 * 1000


@money.reads("/payments/open", views.OpenIntents)
def list_open_intents() -> views.OpenIntents:
    """List the money that dead terminals meant to take, and what others said of ours."""
    s = services()
    here = s.identity.terminal
    alive = {here, *s.safety.standing(s.journal.vector()).peers}
    since_ms = s.clock.now_ms() - MEANWHILE_MS
    return views.OpenIntents(
        tuple(open_intents(s.journal, alive)),
        tuple(answered_meanwhile(s.journal, here, since_ms)),
    )


@money.reads("/payments/overpaid", views.Overpayments)
def list_overpayments() -> views.Overpayments:
    """List the checks that were paid too much, who took what where, and what to give back."""
    return views.Overpayments(tuple(overpayments(services().journal)))


@money.reads("/accounts", views.Accounts)
def list_accounts() -> views.Accounts:
    """List the house accounts, what is on them, and from which checks."""
    _tills_only()
    found = accounts(services().journal)
    return views.Accounts(
        tuple(views.AccountView(one.name, one.owed, one.charges) for one in found)
    )


@money.commands(
    "/accounts/payments",
    answers.Done,
    body=bodies.NewAccountPayment,
    status=HTTPStatus.CREATED,
)
def intend_account_payment(body: bodies.NewAccountPayment) -> answers.Done:
    """Write down that money is about to be taken for a house account, before asking for it."""
    command = IntendAccountPayment(
        command_id(), body.account, body.payment, body.tender, body.amount, body.drawer
    )
    return answers.done(*ask_money(command))


@money.commands("/accounts/payments/<payment>/take", answers.Done, body=bodies.TakenAccountPayment)
def pay_account(payment: str, body: bodies.TakenAccountPayment) -> answers.Done:
    """Write down that it was taken, by any tender but an account; cash may give change."""
    command = PayAccount(command_id(), body.account, payment, body.tendered, body.reference)
    return answers.done(*carry_out(command))


@money.commands("/accounts/payments/<payment>/cancel", answers.Done, body=bodies.AccountPaymentOff)
def cancel_account_payment(payment: str, body: bodies.AccountPaymentOff) -> answers.Done:
    """Write down that an intended payment of a house account did not happen."""
    command = CancelAccountPayment(command_id(), body.account, payment, body.reason)
    return answers.done(*carry_out(command))


@money.reads("/checks/<check>/tips", views.TipOffers)
def offer_tips(check: str) -> views.TipOffers:
    """Read which tips to offer for what a check still owes."""
    due = queries.check(services().journal, check).due
    presets = tip_presets(services().journal)
    return views.TipOffers(tip_offers(max(due, 0), presets), presets)


@money.commands("/tips", answers.Done, method="PUT", body=bodies.NewTips)
def set_tip_presets(body: bodies.NewTips) -> answers.Done:
    """Offer these tips from now on, each in parts per million."""
    return answers.done(*carry_out(SetTipPresets(command_id(), body.presets_ppm)))


@money.reads("/scales", ScaleCodes)
def read_scales() -> ScaleCodes:
    """Read how the house's scales write their labels."""
    return scale_codes(services().journal)


@money.commands("/scales", answers.Done, method="PUT", body=bodies.NewScaleCodes)
def set_scales(body: bodies.NewScaleCodes) -> answers.Done:
    """Read labels of scales by these patterns from now on."""
    return answers.done(*carry_out(SetScaleCodes(command_id(), body.patterns)))


@money.commands("/checks/<check>/payments/<payment>/answer", answers.Done, body=bodies.Answered)
def answer_payment(check: str, payment: str, body: bodies.Answered) -> answers.Done:
    """Say whether money that a dead terminal meant to take was received."""
    return on_check(AnswerPayment(command_id(), check, payment, body.received), check)


@money.commands("/checks/<check>/payments/<payment>/tip", answers.Done, body=bodies.NewTip)
def set_tip(check: str, payment: str, body: bodies.NewTip) -> answers.Done:
    """Change the tip of a payment that was taken."""
    return on_check(SetTip(command_id(), check, payment, body.tip), check)


@money.commands("/checks/<check>/payments/<payment>/refund", answers.Done, body=bodies.NewRefund)
def refund_payment(check: str, payment: str, body: bodies.NewRefund) -> answers.Done:
    """Give money of a payment back; what is owed, only with a manager."""
    command = RefundPayment(
        command_id(),
        check,
        body.refund,
        payment,
        body.amount,
        body.reason,
        body.tender,
        body.reference,
    )
    return on_check(command, check)


@money.commands("/checks/<check>/payments/<payment>/return", answers.Done, body=bodies.NewReturn)
def return_goods(check: str, payment: str, body: bodies.NewReturn) -> answers.Done:
    """Take goods back and give back what they cost, taxes and all."""
    lines = tuple(ReturnedLine(one.line, one.qty_milli) for one in body.lines)
    command = ReturnGoods(
        command_id(), check, body.refund, payment, lines, body.reason, body.tender, body.reference
    )
    return on_check(command, check)


@money.reads("/drawers", views.Drawers)
def list_drawers() -> views.Drawers:
    """List the drawers and wallets that are open."""
    journal = services().journal
    found: OpenDrawers = journal.state(OPEN_DRAWERS)
    return views.Drawers(tuple(_drawer(one.id) for one in found.drawers))


@money.reads("/drawers/<drawer>", views.DrawerView)
def read_drawer(drawer: str) -> views.DrawerView:
    """Read a drawer's or a wallet's sheet."""
    return _drawer(drawer)


def _drawer(name: str) -> views.DrawerView:
    return views.drawer(drawer_report(services().journal, name), told=actor().role == MANAGER)


@money.commands("/drawers", answers.Done, body=bodies.NewDrawer, status=HTTPStatus.CREATED)
def open_drawer(body: bodies.NewDrawer) -> answers.Done:
    """Open a drawer with its float, or a waiter's wallet."""
    command = OpenDrawer(command_id(), body.drawer, body.name, body.coins, body.owner)
    return answers.done(*carry_out(command))


@money.commands("/drawers/<drawer>/moves", answers.Done, body=bodies.Moved)
def move_cash(drawer: str, body: bodies.Moved) -> answers.Done:
    """Pay in, pay out, or drop to the safe."""
    command = MoveCash(command_id(), drawer, body.what, body.amount, body.reason)
    return answers.done(*carry_out(command))


@money.commands("/drawers/<drawer>/no-sale", answers.Done, body=Reason)
def kick_drawer(drawer: str, body: Reason) -> answers.Done:
    """Open a drawer without a sale, and say why."""
    return answers.done(*carry_out(KickDrawer(command_id(), drawer, body.reason)))


@money.commands("/drawers/<drawer>/counts", answers.Done, body=bodies.Counted)
def count_drawer(drawer: str, body: bodies.Counted) -> answers.Done:
    """Count a drawer, blind."""
    return answers.done(*carry_out(CountDrawer(command_id(), drawer, body.coins)))


@money.commands("/drawers/<drawer>/close", answers.Done, body=Nothing)
def close_drawer(drawer: str, body: Nothing) -> answers.Done:
    """Close a drawer after its last count; its sheet then says over or short."""
    del body
    return answers.done(*carry_out(CloseDrawer(command_id(), drawer)))


@money.reads("/reports/x", Report, query=(Query("terminal", "another terminal than this one"),))
def read_x() -> Report:
    """Read what a terminal came to since its last close."""
    _tills_only()
    s = services()
    terminal = request.args.get("terminal", "")[:64] or s.identity.terminal
    return terminal_x(s.journal, terminal, s.desk.business_date())


@money.reads("/reports/z", views.Days, query=(Query("terminal", "another terminal than this one"),))
def list_zs() -> views.Days:
    """List the Zs of a terminal."""
    _tills_only()
    s = services()
    terminal = request.args.get("terminal", "")[:64] or s.identity.terminal
    return views.Days(terminal_zs(s.journal, terminal))


@money.reads(
    "/reports/day",
    Report,
    query=(Query("date", "a business day as 2026-11-22; today's if left out"),),
)
def read_day() -> Report:
    """Read what the restaurant came to on a business day; it names what it counted."""
    _tills_only()
    s = services()
    date = request.args.get("date", "")[:10] or s.desk.business_date()
    return restaurant_z(s.journal, date)


@money.commands("/reports/print", answers.Done, body=bodies.WantedSheet, status=HTTPStatus.ACCEPTED)
def print_sheet(body: bodies.WantedSheet) -> answers.Done:
    """Print an X, a Z, a drawer's sheet or the receipt of an account paid off."""
    return answers.done(*carry_out(PrintSheet(command_id(), body.what, body.of)))


@money.commands("/days/close", answers.Done, body=bodies.DayToClose)
def close_day(body: bodies.DayToClose) -> answers.Done:
    """Close the oldest open day of this terminal, or of one that is dead."""
    return answers.done(*carry_out(CloseDay(command_id(), body.terminal)))


def _tills_only() -> None:
    if actor().role not in {CASHIER, MANAGER, SYSTEM}:
        raise NotAllowed(f"A {actor().role} may not see this. Ask a manager.")
