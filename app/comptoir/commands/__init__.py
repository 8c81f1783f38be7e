"""Use cases: each command is checked against the projections, then appended as events.

A command carries an id made by whoever asks; sent again, on any terminal, it does nothing twice.
"""

from comptoir.commands.desk import Actor, Command, Desk, Outcome
from comptoir.commands.house import (
    FoundRestaurant,
    PublishFloor,
    PublishMenu,
    SetClient,
    SetStaff,
)
from comptoir.commands.orders import AddLine, Bump, Fire, OpenCheck, SetQuantity, VoidLine
from comptoir.commands.payments import CancelPayment, IntendPayment, TakePayment
from comptoir.commands.terminals import AdmitTerminal, AttestRetired, RetireTerminal

__all__ = [
    "Actor",
    "AddLine",
    "AdmitTerminal",
    "AttestRetired",
    "Bump",
    "CancelPayment",
    "Command",
    "Desk",
    "Fire",
    "FoundRestaurant",
    "IntendPayment",
    "OpenCheck",
    "Outcome",
    "PublishFloor",
    "PublishMenu",
    "RetireTerminal",
    "SetClient",
    "SetQuantity",
    "SetStaff",
    "TakePayment",
    "VoidLine",
]
