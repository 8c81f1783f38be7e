"""All roles have one shape: who has read one knows where things are in all."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.roles.shelf import Role, functions, roles

PYTHON_TYPES = {
    "str": str,
    "int": int,
    "bool": bool,
    "list": list,
    "dict": dict,
    "path": str,
    "float": float,
}
INVENTORIES = ("playbooks", "tests/molecule", "image/profiles")


def name(role: Role) -> str:
    return role.name


@pytest.mark.parametrize("role", roles(), ids=name)
def test_the_defaults_are_those_of_the_specification(role: Role) -> None:
    specified = {
        option: spec["default"] for option, spec in role.options.items() if "default" in spec
    }
    assert (role.read("defaults/main.yml") or {}) == specified


@pytest.mark.parametrize("role", roles(), ids=name)
def test_an_option_has_a_default_or_is_required(role: Role) -> None:
    loose = [option for option, spec in role.options.items() if not has_default(spec)]
    assert loose == []


def has_default(spec: dict[str, Any]) -> bool:
    return "default" in spec or bool(spec.get("required"))


@pytest.mark.parametrize("role", roles(), ids=name)
def test_a_default_has_the_type_that_is_specified(role: Role) -> None:
    wrong = [
        option
        for option, spec in role.options.items()
        if "default" in spec and type(spec["default"]) is not PYTHON_TYPES[spec["type"]]
    ]
    assert wrong == []


@pytest.mark.parametrize("role", roles(), ids=name)
def test_every_option_is_described_and_starts_with_the_roles_name(role: Role) -> None:
    assert role.spec["short_description"]
    for option, spec in role.options.items():
        assert option.startswith(f"{role.name}_")
        assert spec["description"]


@pytest.mark.parametrize("role", roles(), ids=name)
def test_internal_variables_are_marked_as_such(role: Role) -> None:
    inner = role.read("vars/main.yml") or {}
    assert [variable for variable in inner if not variable.startswith(f"__{role.name}_")] == []


@pytest.mark.parametrize("role", roles(), ids=name)
def test_a_role_names_its_packages(role: Role) -> None:
    packages = role.read("meta/packages.yml")["packages"]
    assert packages == sorted(set(packages))


@pytest.mark.parametrize("role", functions(), ids=name)
def test_a_role_has_a_build_half_a_live_half_and_a_scenario(role: Role) -> None:
    files = ("tasks/build.yml", "tasks/live.yml", f"molecule/{role.name}/molecule.yml")
    assert [file for file in (*files, "README.md") if not (role.path / file).exists()] == []


@pytest.mark.parametrize("role", functions(), ids=name)
def test_main_only_chooses_the_half(role: Role) -> None:
    included = [task.get("ansible.builtin.include_tasks") for task in role.read("tasks/main.yml")]
    assert included == ["build.yml", "live.yml"]


@pytest.mark.parametrize("role", functions(), ids=name)
def test_a_role_is_part_of_the_image(role: Role) -> None:
    (play,) = yaml.safe_load(Path("playbooks/image.yml").read_text(encoding="utf-8"))
    listed = [entry if isinstance(entry, str) else entry["role"] for entry in play["roles"]]
    assert role.name in listed


SETTING = re.compile(r"^\s*(\w+):", re.MULTILINE)


def variables_set() -> Iterator[tuple[Path, str]]:
    """Yield each variable that an inventory, a profile or a scenario sets."""
    for folder in INVENTORIES:
        for file in sorted(Path(folder).rglob("*.y*ml")):
            for variable in re.findall(
                r"^\s*(\w+):", file.read_text(encoding="utf-8"), re.MULTILINE
            ):
                yield file, variable


def unknown(variable: str) -> bool:
    """Tell a variable that carries a role's name but is none of its options."""
    return any(
        variable.startswith(f"{role.name}_") and variable not in role.options for role in roles()
    )


def test_no_inventory_sets_an_option_that_no_role_has() -> None:
    assert [(str(file), variable) for file, variable in variables_set() if unknown(variable)] == []


def test_a_planted_typo_in_an_option_is_found() -> None:
    assert unknown("base_hostnam")
    assert not unknown("base_hostname")
