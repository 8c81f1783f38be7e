"""Renders the table of settings from their one declaration."""

from typing import Any

from comptoir.settings import ENVIRONMENT_PREFIX, FIELDS
from tests.docs import tables


def settings() -> str:
    """Return a row per setting: key, default, bounds, meaning."""
    rows = [
        (f"`{name}`", _default(field.default), _bounds(field.metadata), field.metadata["help"])
        for name, field in FIELDS.items()
    ]
    example = next(iter(FIELDS))
    variable = f"{ENVIRONMENT_PREFIX}{example.upper()}"
    note = f"As a variable of the environment: `{example}` is `{variable}`."
    return f"{note}\n\n{tables.table(('key', 'default', 'bounds', 'meaning'), rows)}"


def _default(value: Any) -> str:
    if isinstance(value, int):
        return f"`{value}`"
    return f'`"{value}"`'


def _bounds(metadata: Any) -> str:
    if "least" not in metadata:
        return ""
    return f"{metadata['least']} to {metadata['most']}"
