"""The roles as they stand in their folders: their interface, their packages, what they include."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROLES = Path("roles")

# Included by the others to write their files; does nothing of its own on a terminal.
INTERNAL = {"tree"}


@dataclass(frozen=True)
class Role:
    """One role's folder."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def spec(self) -> dict[str, Any]:
        """The entry point `main` of the argument specification."""
        spec: dict[str, Any] = self.read("meta/argument_specs.yml")["argument_specs"]["main"]
        return spec

    @property
    def options(self) -> dict[str, dict[str, Any]]:
        return self.spec.get("options") or {}

    def read(self, name: str) -> Any:
        """Return a YAML file of the role; an absent one is empty."""
        file = self.path / name
        return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else None


def roles() -> list[Role]:
    """Return all roles by name."""
    return [Role(path.parent) for path in sorted(ROLES.glob("*/meta"))]


def functions() -> list[Role]:
    """Return the roles that have a function of their own on a terminal."""
    return [role for role in roles() if role.name not in INTERNAL]
