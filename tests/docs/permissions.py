"""Renders the permission matrix: every command, what it is for, and what each role may."""

import importlib
import pkgutil

from comptoir import commands
from comptoir.commands.permissions import Verdict, matrix
from comptoir.domain.house import ROLES as PEOPLE
from comptoir.domain.house import SYSTEM

ROLES = (*PEOPLE, SYSTEM)
CELLS = {Verdict.YES: "yes", Verdict.APPROVAL: "with approval", Verdict.NO: "no"}


def load_all() -> None:
    """Import every module of commands, so that the matrix is whole."""
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"comptoir.commands.{module.name}")


def permissions() -> str:
    """Return the table, commands by name."""
    load_all()
    head = f"| command | {' | '.join(ROLES)} | what it does |"
    rule = "| --- |" + " --- |" * (len(ROLES) + 1)
    rows = [
        f"| `{command.__name__}` | {' | '.join(CELLS[row.verdict(role)] for role in ROLES)}"
        f" | {(command.__doc__ or '').partition(chr(10))[0]} |"
        for command, row in sorted(matrix().items(), key=lambda one: one[0].__name__)
        if command.__module__.startswith("comptoir.")
    ]
    return "\n".join([head, rule, *rows])
