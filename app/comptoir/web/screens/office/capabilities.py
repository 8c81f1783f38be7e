"""The permission matrix in words: commands put together under what people call it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from comptoir.commands.permissions import Rule, Verdict, matrix
from comptoir.domain.house import ROLES

WORDS: Mapping[str, tuple[object, tuple[str, ...]]] = {
    "serve": (
        _("Open checks, order, send, move, split"),
        (
            "OpenCheck", "AddLine", "SetQuantity", "ChangeLine", "Fire", "FireNext", "Hold",
            "SetCourse", "SetSeats", "SetCovers", "SetAllergy", "MoveCheck", "HandCheck",
            "MergeChecks", "SplitCheck", "UndoSplit", "AskBill", "SetOrderType",
            "SetServiceCharge",
        ),
    ),
    "void": (_("Void a dish (a sent one with a manager)"), ("VoidLine",)),
    "take": (
        _("Take money and tips, give money back"),
        ("IntendPayment", "TakePayment", "CancelPayment", "AnswerPayment", "SetTip",
         "RefundPayment", "ReturnGoods"),
    ),
    "drawer": (_("Open, count and close a drawer"),
               ("OpenDrawer", "CountDrawer", "CloseDrawer")),
    "print": (_("Print again, use another printer"),
              ("PrintReceipt", "ReprintTicket", "DismissTicket", "RedirectPrinter")),
    "give": (_("Give away, discount"), ("CompLine", "SetDiscount")),
    "cash": (_("Cash in and out, open the drawer, close the day, exempt from tax"),
             ("MoveCash", "KickDrawer", "CloseDay", "ExemptCheck")),
    "cook": (_("Kitchen: done, back"), ("Bump", "Recall", "SeeChanges")),
    "stock": (_("Sold out, how many are left"), ("StopItem", "BringBackItem", "CountItem")),
    "deliveries": (_("Stock: came in, correct a count"), ("ReceiveStock", "RecountStock")),
    "waste": (_("Stock: thrown away"), ("WasteStock",)),
    "undo-stock": (_("Stock: undo what was written"), ("UndoStock",)),
    "clock": (_("Clock in and out"), ("StampClock", "DeclareTips")),
    "menu": (
        _("Menu, prices, taxes"),
        ("PublishMenu", "SetItem", "SetCategory", "SetModifierGroup", "SetPriceList",
         "SetMenuTax", "RemoveFromMenu", "OrderMenu", "SetTerms", "ApplyTaxPack"),
    ),
    "house": (
        _("Tables, staff, printers, terminals"),
        ("PublishFloor", "SetStaff", "SetClient", "PublishPrinting", "NameCourses",
         "AdmitTerminal", "RetireTerminal", "DecideTerminals", "AdoptEvent",
         "SetPassphrase",
         "SetHouse", "SetOffline", "SetOfflineLimits", "SetTipPresets", "SetCashLimits",
         "SetStockLimits", "SetDayparts", "GrantVisit", "EndVisit"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capability:
    """A row of the matrix: what it is, and what each role may."""

    words: str
    verdicts: Mapping[str, str]


def capabilities() -> list[Capability]:
    """Return the rows; commands of one row that are ruled differently get rows of their own."""
    rules = {command.__name__: rule for command, rule in matrix().items()}
    found = []
    named = {name for _words, names in WORDS.values() for name in names}
    for words, names in WORDS.values():
        found += _rows(str(words), {name: rules[name] for name in names if name in rules})
    others = {name: rule for name, rule in rules.items() if name not in named}
    for name, rule in sorted(others.items()):
        verdicts = {role: str(rule.verdict(role)) for role in ROLES}
        if set(verdicts.values()) != {str(Verdict.NO)}:
            found.append(Capability(_apart(name), verdicts))
    return found


def _rows(words: str, rules: Mapping[str, Rule]) -> list[Capability]:
    by_verdict: dict[tuple[str, ...], list[str]] = {}
    for name, rule in rules.items():
        verdicts = tuple(str(rule.verdict(role)) for role in ROLES)
        by_verdict.setdefault(verdicts, []).append(name)
    if len(by_verdict) == 1:
        (verdicts,) = by_verdict
        return [Capability(words, dict(zip(ROLES, verdicts, strict=True)))]
    return [
        Capability(f"{words}: {', '.join(map(_apart, names))}",
                   dict(zip(ROLES, verdicts, strict=True)))
        for verdicts, names in by_verdict.items()
    ]  # fmt: skip


def _apart(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
