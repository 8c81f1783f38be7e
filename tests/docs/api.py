"""Renders the table of the API's operations from their declarations."""

from itertools import groupby

from comptoir.web.api.blueprint import OPERATIONS, VERSION_PREFIX
from comptoir.web.api.openapi import PLACEHOLDER
from comptoir.web.api.operation import Access, Operation


def operations() -> str:
    """Return a table per tag: method and path, what it does, body, answer, who may call."""
    head = "| operation | what it does | body | answer | token |\n|---|---|---|---|---|"
    tables = []
    for tag, members in groupby(OPERATIONS, key=lambda operation: operation.tag):
        rows = "\n".join(_row(operation) for operation in members)
        tables.append(f"### {tag.capitalize()}\n\n{head}\n{rows}")
    return "\n\n".join(tables)


def _row(operation: Operation) -> str:
    path = VERSION_PREFIX + PLACEHOLDER.sub(r"{\1}", operation.path)
    body = f"`{operation.body.__name__}`" if operation.body is not None else ""
    token = "no" if operation.access is Access.OPEN else "yes"
    return (
        f"| `{operation.method} {path}` | {operation.summary} | {body} "
        f"| `{operation.answer.__name__}` | {token} |"
    )
