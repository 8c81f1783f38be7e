"""Operations of paper: printers and stations, what waits, receipts and reprints."""

from http import HTTPStatus

from flask import Response, request

from comptoir.bus.wire import PrinterNow
from comptoir.commands import (
    DismissTicket,
    PrintReceipt,
    PublishPrinting,
    RedirectPrinter,
    ReprintTicket,
    papers,
    queries,
    receipts,
)
from comptoir.domain.printing import Printer, Printing
from comptoir.web import receipt_pdf
from comptoir.web.api import answers, bodies
from comptoir.web.api import printing_views as views
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import Query, Registry
from comptoir.web.services import services

printing = Registry("printing")
PDF = "application/pdf"
LANGUAGE = Query("language", "language of the receipt; the house's first when left out")
PART = Query("part", "part of a split check; the whole check when left out")


class PdfFile:
    """A receipt as PDF, with its letters embedded."""


@printing.reads("/printing", views.PrintingView)
def read_printing() -> views.PrintingView:
    """Read printers and stations, and how each printer is."""
    s = services()
    plan = queries.printing(s.journal)
    report = s.printers.report(s.clock.now_ms())
    told = {one.printer: one for one in report.printers} if report else {}
    return views.PrintingView(
        plan.printers,
        plan.stations,
        plan.redirections,
        tuple(_printer(plan, one, told) for one in plan.printers),
        report is not None,
        _unrouted(plan),
    )


def _printer(plan: Printing, one: Printer, told: dict[str, PrinterNow]) -> views.PrinterView:
    stand_in = plan.stand_in(one.id)
    elsewhere = stand_in.id if stand_in and stand_in.id != one.id else ""
    now = told.get(one.id)
    if now is None:
        why = "The devices program of this terminal has not asked it."
        return views.PrinterView(one.id, one.name, "unknown", why, False, 0, elsewhere)
    return views.PrinterView(
        one.id, one.name, now.state, now.message, now.paper_low, now.waiting, elsewhere
    )


def _unrouted(plan: Printing) -> tuple[str, ...]:
    used = {item.station for item in queries.menu(services().journal).items}
    routed = {station.id for station in plan.stations if station.printer}
    return tuple(sorted(used - routed))


@printing.commands("/printing", answers.Done, method="PUT", body=views.NewPlan)
def publish_printing(body: views.NewPlan) -> answers.Done:
    """Make these the printers and stations."""
    return answers.done(*carry_out(PublishPrinting(command_id(), body.printers, body.stations)))


@printing.commands("/printers/<printer>/redirect", answers.Done, body=views.StandIn)
def redirect_printer(printer: str, body: views.StandIn) -> answers.Done:
    """Let another printer take over, or end that."""
    return answers.done(*carry_out(RedirectPrinter(command_id(), printer, body.to, body.reason)))


@printing.reads("/printing/waiting", views.Papers)
def read_waiting() -> views.Papers:
    """Read what waits to be printed, on any terminal: tickets, receipts, sheets of money."""
    s = services()
    return _papers(papers.waiting(s.journal, s.clock.now_ms()))


@printing.reads("/checks/<check>/papers", views.Papers)
def read_papers(check: str) -> views.Papers:
    """Read the tickets and receipts of a check, printed or not."""
    return _papers(papers.of_check(services().journal, check))


def _papers(found: list[papers.PaperNow]) -> views.Papers:
    return views.Papers(
        tuple(
            views.PaperView(
                one.ticket.id, one.ticket.check, one.number, one.ticket.kind, one.ticket.station,
                one.printer, one.ticket.terminal, one.ticket.at_ms, one.state, one.ticket.reprint,
                one.duplicate, one.ticket.part,
            )
            for one in found
        )
    )  # fmt: skip


@printing.commands(
    "/checks/<check>/receipt", answers.Done, body=views.WantedReceipt, status=HTTPStatus.ACCEPTED
)
def print_receipt(check: str, body: views.WantedReceipt) -> answers.Done:
    """Print the receipt of a check, or of a part of it."""
    return answers.done(*carry_out(PrintReceipt(command_id(), check, body.printer, body.part)))


@printing.commands(
    "/checks/<check>/papers/<ticket>/reprint",
    answers.Done,
    body=views.Wanted,
    status=HTTPStatus.ACCEPTED,
)
def reprint_ticket(check: str, ticket: str, body: views.Wanted) -> answers.Done:
    """Print a ticket once more, marked as a reprint."""
    return answers.done(*carry_out(ReprintTicket(command_id(), check, ticket, body.printer)))


@printing.commands("/checks/<check>/papers/<ticket>/dismiss", answers.Done, body=bodies.Reason)
def dismiss_ticket(check: str, ticket: str, body: bodies.Reason) -> answers.Done:
    """Take a waiting ticket out of the queue."""
    return answers.done(*carry_out(DismissTicket(command_id(), check, ticket, body.reason)))


@printing.commands("/printing/waiting/dismiss", answers.Done, body=views.Dismissed)
def dismiss_waiting(body: views.Dismissed) -> answers.Done:
    """Take any paper out of the queue, also a sheet of money."""
    return answers.done(
        *carry_out(DismissTicket(command_id(), body.check, body.ticket, body.reason))
    )


@printing.reads("/checks/<check>/receipt.pdf", PdfFile, answers=PDF, query=(LANGUAGE, PART))
def read_receipt(check: str) -> Response:
    """Read the receipt of a check, or of a part of it, as PDF."""
    s = services()
    wanted, part = request.args.get("language", "")[:16], request.args.get("part", "")[:64]
    bill = queries.check(s.journal, check)
    paper = receipts.paper(s.journal, bill, receipts.Wish(part, wanted))
    return Response(receipt_pdf.render(paper, s.settings.print_font), mimetype=PDF)
