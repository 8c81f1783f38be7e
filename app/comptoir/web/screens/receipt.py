"""The guest's receipt, on a page of its own behind the code on paper: no sign-in, no other data."""

import hmac

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from comptoir.commands import queries, receipts
from comptoir.domain.check import Check
from comptoir.domain.errors import DomainError
from comptoir.domain.paper.rows import Code, Pair, Rule, Text
from comptoir.web import receipt_code, receipt_pdf
from comptoir.web.access import house
from comptoir.web.services import services

blueprint = Blueprint("receipt", __name__)
PDF = "application/pdf"
PART_CHARACTERS_MAX = 64


class ReceiptNotFound(DomainError):
    """No receipt is behind this address."""

    code = "receipt-not-found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no receipt behind this address. Scan the code on paper again.")


def _part() -> str:
    return request.args.get("part", "")[:PART_CHARACTERS_MAX]


def _check(name: str, key: str) -> Check:
    """Return the check of an address; wrong keys and unknown checks look the same."""
    journal = services().journal
    right = receipts.key(journal, name, _part())
    if not right or not hmac.compare_digest(right.encode(), key.encode()):
        raise ReceiptNotFound
    return queries.check(journal, name)


def _language() -> str:
    asked = request.args.get("language") or request.accept_languages.best or ""
    return asked[:16]


@blueprint.get("/receipts/<name>/<key>")
def page(name: str, key: str) -> str:
    """Show the receipt."""
    check, part = _check(name, key), _part()
    paper = receipts.paper(services().journal, check, receipts.Wish(part, _language()))
    return render_template(
        "receipt.html",
        number=check.number,
        rows=[(type(row).__name__, row, _code(row)) for row in paper.rows],
        pdf=url_for("receipt.file", name=name, key=key, part=part or None, language=_language()),
    )


def _code(row: Text | Pair | Rule | Code) -> Markup:
    drawn = receipt_code.svg(row.content) if isinstance(row, Code) else ""
    return Markup(drawn)  # noqa: S704 - our own SVG


@blueprint.get("/receipts/<name>/<key>/receipt.pdf")
def file(name: str, key: str) -> Response:
    """Return the receipt as PDF."""
    s = services()
    paper = receipts.paper(s.journal, _check(name, key), receipts.Wish(_part(), _language()))
    return Response(receipt_pdf.render(paper, s.settings.print_font), mimetype=PDF)


def code_of(check: Check, part: str = "") -> Markup:
    """Return the code that names the last payment of a check or of its part, drawn.

    It is empty when there is none.
    """
    event = receipts.last_payment(services().journal, check, part)
    if event is None:
        return Markup("")
    content = receipts.code(check, house().currency, event, part)
    return Markup(receipt_code.svg(content))  # noqa: S704 - our own SVG
