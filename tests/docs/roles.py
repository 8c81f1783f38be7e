"""Renders the table of a role's options from its argument_specs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.docs import tables

ROLES = sorted(path.parent.parent for path in Path("roles").glob("*/meta/main.yml"))


def loaded(file: Path) -> Any:
    """Return what a YAML file says."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def spec(role: Path) -> dict[str, dict[str, Any]]:
    """Return a role's options by name, as Ansible checks them."""
    options: dict[str, dict[str, Any]] = loaded(role / "meta/argument_specs.yml")["argument_specs"][
        "main"
    ].get("options", {})
    return options


def renderer(role: Path) -> Callable[[], str]:
    """Return what renders the table of this role."""
    return lambda: options_of(role)


def options_of(role: Path) -> str:
    """Return a row per option, then the packages that the role needs."""
    packages = ", ".join(f"`{name}`" for name in loaded(role / "meta/packages.yml")["packages"])
    rows = [
        (f"`{name}`", option["type"], _default(option["default"]), option["description"])
        for name, option in spec(role).items()
    ]
    table = tables.table(("option", "type", "default", "meaning"), rows) if rows else "No options."
    return f"{table}\n\nDebian packages: {packages or 'none'}."


def _default(value: Any) -> str:
    if value in ("", [], {}):
        return "empty"
    if isinstance(value, list | dict):
        return "see `defaults/main.yml`"
    return tables.literal(value)
