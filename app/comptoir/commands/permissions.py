"""Who may do what: the permission matrix, roles by commands, enforced by the desk.

A command's row is written where the command is handled (``@handles(VoidLine, SERVICE)``); together
the rows are this one table, and ``app/docs/permissions.md`` shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from comptoir.domain.house import CASHIER, KITCHEN, MANAGER, STOCK, SYSTEM, WAITER

SERVICE = frozenset({WAITER, CASHIER, MANAGER, SYSTEM})
COOKS = SERVICE | {KITCHEN}
EVERYBODY = COOKS | {STOCK}
TILLS = frozenset({CASHIER, MANAGER, SYSTEM})
MANAGERS = frozenset({MANAGER, SYSTEM})
PROGRAM = frozenset({SYSTEM})
NOBODY: frozenset[str] = frozenset()


class Verdict(StrEnum):
    """What the matrix says of a role and a command."""

    YES = "yes"
    APPROVAL = "with approval"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Rule:
    """A command's row: who may, and who may once a manager approves."""

    roles: frozenset[str]
    approved: frozenset[str] = NOBODY

    def verdict(self, role: str) -> Verdict:
        """Return what a role may."""
        if role in self.roles:
            return Verdict.YES
        return Verdict.APPROVAL if role in self.approved else Verdict.NO


_MATRIX: dict[type, Rule] = {}


def enter(command: type, rule: Rule) -> None:
    """Enter a command's row; a command has one."""
    if command in _MATRIX:
        raise ValueError(f"{command.__name__} has a row already")
    _MATRIX[command] = rule


def matrix() -> Mapping[type, Rule]:
    """Return the whole table, by command."""
    return _MATRIX


def verdict(role: str, command: type) -> Verdict:
    """Return what the matrix says of a role and a command."""
    return _MATRIX[command].verdict(role)
