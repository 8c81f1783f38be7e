"""Use cases: each command is checked against the projections, then appended as events.

A command carries an id made by whoever asks; sent again, on any terminal, it does nothing twice.
"""

from comptoir.commands.availability import BringBackItem, CountItem, StopItem
from comptoir.commands.changes import ChangeLine, SeeChanges
from comptoir.commands.courses import Bump, Fire, FireNext, Hold, Recall, SetCourse
from comptoir.commands.desk import Actor, Command, Desk, Outcome
from comptoir.commands.discounts import CompLine, SetDiscount, SetServiceCharge
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
from comptoir.commands.orders import AddLine, OpenCheck, SetQuantity, VoidLine
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
from comptoir.commands.seats import SetAllergy, SetCovers, SetSeats
from comptoir.commands.serving import AskBill, NameCourses, SetOrderType
from comptoir.commands.splits import SplitCheck, UndoSplit
from comptoir.commands.terminals import AdmitTerminal, AttestRetired, RetireTerminal
from comptoir.commands.terms import ApplyTaxPack, ExemptCheck, SetTerms
from comptoir.commands.transfers import HandCheck, MergeChecks, MoveCheck, UnmergeCheck

__all__ = [
    "Actor",
    "AddLine",
    "AdmitTerminal",
    "ApplyTaxPack",
    "AskBill",
    "AttestRetired",
    "BringBackItem",
    "Bump",
    "CancelPayment",
    "ChangeLine",
    "ClaimTicket",
    "Command",
    "CompLine",
    "CountItem",
    "Desk",
    "DismissTicket",
    "ExemptCheck",
    "Fire",
    "FireNext",
    "FoundRestaurant",
    "HandCheck",
    "Hold",
    "IntendPayment",
    "MergeChecks",
    "MoveCheck",
    "NameCourses",
    "OpenCheck",
    "OrderMenu",
    "Outcome",
    "PrintReceipt",
    "PublishFloor",
    "PublishMenu",
    "PublishPrinting",
    "Recall",
    "RecordPrint",
    "RedirectPrinter",
    "RemoveFromMenu",
    "ReprintTicket",
    "RetireTerminal",
    "SeeChanges",
    "SetAllergy",
    "SetCategory",
    "SetClient",
    "SetCourse",
    "SetCovers",
    "SetDiscount",
    "SetItem",
    "SetMenuTax",
    "SetModifierGroup",
    "SetOrderType",
    "SetPriceList",
    "SetQuantity",
    "SetSeats",
    "SetServiceCharge",
    "SetStaff",
    "SetTerms",
    "SplitCheck",
    "StopItem",
    "TakePayment",
    "UndoSplit",
    "UnmergeCheck",
    "VoidLine",
]
