"""Every role has the same shape: open one, know all."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.roles import ROLES, loaded, spec

FILES = (
    "README.md",
    "defaults/main.yml",
    "meta/argument_specs.yml",
    "meta/main.yml",
    "meta/packages.yml",
    "tasks/build.yml",
    "tasks/live.yml",
    "tasks/main.yml",
)
# `tree` is what the others write their files with: no function, so no halves and no scenario.
# A role of the cloud changes an ordinary server: one half, and one scenario for all of them.
CLOUD = [role for role in ROLES if role.name.startswith("cloud_")]
FUNCTIONS = [role for role in ROLES if role.name != "tree" and role not in CLOUD]

roles = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
cloud = pytest.mark.parametrize("role", CLOUD, ids=lambda role: role.name)
functions = pytest.mark.parametrize("role", FUNCTIONS, ids=lambda role: role.name)


@functions
def test_a_role_has_its_files_and_a_scenario_of_its_name(role: Path) -> None:
    scenario = tuple(f"molecule/{role.name}/{name}.yml" for name in ("molecule", "verify"))
    assert [name for name in FILES + scenario if not (role / name).is_file()] == []


@cloud
def test_a_role_of_the_cloud_has_its_files_and_no_half_for_images(role: Path) -> None:
    halves = {"tasks/build.yml", "tasks/live.yml"}
    assert [name for name in FILES if name not in halves and not (role / name).is_file()] == []
    assert [name for name in halves if (role / name).exists()] == []


def test_the_playbook_of_the_cloud_has_all_its_roles_and_a_scenario_runs_it() -> None:
    plays = loaded(Path("playbooks/cloud.yml"))
    named = sorted(entry["role"] for play in plays for entry in play.get("roles", []))
    assert named == [role.name for role in CLOUD]
    scenario = loaded(Path("tests/molecule/cloud/molecule.yml"))
    assert scenario["ansible"]["playbooks"]["converge"].endswith("/playbooks/cloud.yml")


@functions
def test_both_halves_are_chosen_alike(role: Path) -> None:
    assert (role / "tasks/main.yml").read_text() == Path("roles/base/tasks/main.yml").read_text()


@roles
def test_defaults_are_what_the_specification_says(role: Path) -> None:
    specified = {name: option["default"] for name, option in spec(role).items()}
    assert (loaded(role / "defaults/main.yml") or {}) == specified


@roles
def test_an_option_is_named_after_its_role_and_explained(role: Path) -> None:
    for name, option in spec(role).items():
        assert name.startswith(f"{role.name}_")
        assert option["description"].endswith("."), f"{name}: end the sentence"


@roles
def test_packages_are_a_sorted_list(role: Path) -> None:
    packages = loaded(role / "meta/packages.yml")["packages"]
    assert packages == sorted(set(packages))


def named_in(value: Any) -> set[str]:
    """Return every key in nested YAML, where variables are set."""
    if isinstance(value, dict):
        return {str(key) for key in value}.union(*map(named_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(named_in, value))
    return set()


def strangers(value: Any) -> list[str]:
    """Return the variables that look like a role's but that no role knows."""
    known = {name for role in ROLES for name in spec(role)}
    prefixes = tuple(f"{role.name}_" for role in ROLES)
    return sorted(name for name in named_in(value) - known if name.startswith(prefixes))


@pytest.mark.parametrize(
    "file",
    sorted([*Path("playbooks").rglob("*.yml"), *Path("image/profiles").glob("*.yaml")]),
    ids=str,
)
def test_a_variable_of_a_role_is_one_that_it_knows(file: Path) -> None:
    assert strangers(list(yaml.safe_load_all(file.read_text(encoding="utf-8")))) == []


def test_a_planted_stranger_is_found() -> None:
    assert strangers([{"vars": {"base_hostnam": "x", "base_hostname": "y"}}]) == ["base_hostnam"]
