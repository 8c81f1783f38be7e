"""Questions about money: was it received, what was paid twice, what was said while we were away."""

from dataclasses import dataclass

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import queries
from comptoir.commands.money_queries import (
    OpenIntent,
    Overpayment,
    answered_meanwhile,
    open_intents,
    overpayments,
)
from comptoir.commands.payments import AnswerPayment
from comptoir.commands.refunds import RefundPayment
from comptoir.domain.payment import ASK
from comptoir.web.access import carry_out, command_id, field, number
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("questions", __name__)
MEANWHILE_MS = 24 * 3600 * 1000
OWN_AFTER_MS = 2 * 60 * 1000
SEEN = "comptoir_seen"
MS_DIGITS_MAX = 15
PAID_TWICE = "paid twice"


@dataclass(frozen=True, slots=True)
class Questions:
    """What somebody at this terminal should answer, or know."""

    intents: tuple[OpenIntent, ...]
    own: tuple[OpenIntent, ...]
    overpaid: tuple[Overpayment, ...]
    settled: tuple[OpenIntent, ...]

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.intents) + len(self.own) + len(self.overpaid) + len(self.settled)


def questions() -> Questions:
    """Return what is open now."""
    seen = request.cookies.get(SEEN, "")
    return _questions(
        int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= MS_DIGITS_MAX else 0
    )


def _questions(seen_ms: int) -> Questions:
    s = services()
    here, now_ms = s.identity.terminal, s.clock.now_ms()
    peers = set(s.safety.standing(s.journal.vector()).peers)
    own = [
        one
        for one in open_intents(s.journal, peers)
        if one.payment.terminal == here and one.payment.intended_ms + OWN_AFTER_MS <= now_ms
    ]
    settled = [
        one
        for one in answered_meanwhile(s.journal, here, now_ms - MEANWHILE_MS)
        if any(said.at_ms > seen_ms and said.received != ASK for said in one.payment.answers)
    ]
    return Questions(
        tuple(open_intents(s.journal, {here, *peers})),
        tuple(own),
        tuple(overpayments(s.journal)),
        tuple(settled),
    )


def who_is_who() -> dict[str, object]:
    """Return the names of people, terminals and tables."""
    journal = services().journal
    cards = [one.card for one in queries.terminals(journal) if one.card is not None]
    place = services().identity.place
    return {
        "people": {one.id: one.name for one in journal.states("staff")},
        "tills": {place.id: place.name} | {card.terminal: card.name for card in cards},
        "tables": {one.table.id: one.table.label for one in queries.floor(journal)},
    }


@blueprint.get("/questions")
def show() -> str:
    """Show every question."""
    return render_template("money/questions.html", asked=questions(), **who_is_who())


@blueprint.get("/questions/banner")
def banner() -> AnyResponse:
    """Return the first question, for the pages that show it; nothing when there is none."""
    asked = questions()
    if not asked.count:
        return make_response("")
    page = render_template("money/banner.html", asked=asked, **who_is_who())
    return make_response(page)


@blueprint.post("/checks/<name>/payments/<payment>/answer")
def answer(name: str, payment: str) -> AnyResponse:
    """Write what somebody says: received, not received, or that they are asking."""
    carry_out(AnswerPayment(command_id(), name, payment, field("received")))
    return _again()


@blueprint.post("/checks/<name>/payments/<payment>/give-back")
def give_back(name: str, payment: str) -> AnyResponse:
    """Give back what was paid twice."""
    carry_out(
        RefundPayment(command_id(), name, field("refund"), payment, number("amount"), PAID_TWICE)
    )
    return _again()


@blueprint.post("/questions/seen")
def seen() -> AnyResponse:
    """Note that what was settled meanwhile was read."""
    said = (answer.at_ms for one in questions().settled for answer in one.payment.answers)
    newest_ms = max(said, default=services().clock.now_ms())
    response = _again(_questions(newest_ms))
    response.set_cookie(SEEN, str(newest_ms), max_age=MEANWHILE_MS // 1000, samesite="Strict")
    return response


def _again(asked: Questions | None = None) -> AnyResponse:
    """Return the list as it is now."""
    page = render_template("money/questions_list.html", asked=asked or questions(), **who_is_who())
    return make_response(page)
