"""Use cases: each command is checked against the projections, then appended as events.

A command carries an id made by whoever asks; sent again, on any terminal, it does nothing twice.
"""

from comptoir.commands.availability import BringBackItem, CountItem, StopItem
from comptoir.commands.desk import Actor, Command, Desk, Outcome
from comptoir.commands.house import (
    FoundRestaurant,
    PublishFloor,
    PublishMenu,
    SetClient,
    SetStaff,
)
from comptoir.commands.menu_edit import (
    OrderMenu,
    RemoveFromMenu,
    SetCategory,
    SetItem,
    SetMenuTax,
    SetModifierGroup,
    SetPriceList,
)
from comptoir.commands.orders import AddLine, Bump, Fire, OpenCheck, SetQuantity, VoidLine
from comptoir.commands.payments import CancelPayment, IntendPayment, TakePayment
from comptoir.commands.printing import (
    ClaimTicket,
    DismissTicket,
    PrintReceipt,
    PublishPrinting,
    RecordPrint,
    RedirectPrinter,
    ReprintTicket,
)
from comptoir.commands.terminals import AdmitTerminal, AttestRetired, RetireTerminal
from comptoir.commands.terms import ApplyTaxPack, ExemptCheck, SetTerms

__all__ = [
    "Actor",
    "AddLine",
    "AdmitTerminal",
    "ApplyTaxPack",
    "AttestRetired",
    "BringBackItem",
    "Bump",
    "CancelPayment",
    "ClaimTicket",
    "Command",
    "CountItem",
    "Desk",
    "DismissTicket",
    "ExemptCheck",
    "Fire",
    "FoundRestaurant",
    "IntendPayment",
    "OpenCheck",
    "OrderMenu",
    "Outcome",
    "PrintReceipt",
    "PublishFloor",
    "PublishMenu",
    "PublishPrinting",
    "RecordPrint",
    "RedirectPrinter",
    "RemoveFromMenu",
    "ReprintTicket",
    "RetireTerminal",
    "SetCategory",
    "SetClient",
    "SetItem",
    "SetMenuTax",
    "SetModifierGroup",
    "SetPriceList",
    "SetQuantity",
    "SetStaff",
    "SetTerms",
    "StopItem",
    "TakePayment",
    "VoidLine",
]
