"""The import contracts hold, and each of them really breaks when it is violated."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

VERDICT = re.compile(r"^(.+) (KEPT|BROKEN)", re.MULTILINE)

# contract -> (module that is changed, the import planted there)
PLANTED = {
    "layers of the app": ("app/comptoir/journal/store.py", "import comptoir.commands"),
    "the domain is standard library only": ("app/comptoir/domain/money.py", "import flask"),
    "only the journal imports sqlite": ("app/comptoir/settings.py", "import sqlite3"),
    "only the bus imports paho": ("app/comptoir/replica/__init__.py", "import paho.mqtt.client"),
    "only the web imports flask": ("app/comptoir/commands/__init__.py", "import flask"),
    "only the cloud imports psycopg": ("app/comptoir/web/__init__.py", "import psycopg"),
    "only the cloud imports pika": ("app/comptoir/bus/__init__.py", "import pika"),
    "only the devices import escpos": ("app/comptoir/web/__init__.py", "import escpos.printer"),
    "the builder and the app never import each other": (
        "image/imagebuilder/__init__.py",
        "import comptoir.domain.money",
    ),
}


def verdicts(tree: Path) -> dict[str, str]:
    """Check a tree's contracts; the environment makes its packages come first."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    paths = os.pathsep.join([str(tree / "app"), str(tree / "image")])
    done = subprocess.run(
        command,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return dict(VERDICT.findall(done.stdout)) or {"nothing was checked": done.stdout[-300:]}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy the sources, so that a violation can be planted."""
    ignore = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree("app/comptoir", tmp_path / "app/comptoir", ignore=ignore)
    shutil.copytree("image/imagebuilder", tmp_path / "image/imagebuilder", ignore=ignore)
    shutil.copy("pyproject.toml", tmp_path)
    return tmp_path


# what stands beside or before a layer, also by way of a module that stands in none
SIDEWAYS = {
    "a sibling": ("app/comptoir/web/__init__.py", "import comptoir.replica"),
    "a sibling below": ("app/comptoir/bus/__init__.py", "import comptoir.journal"),
    "what starts it": ("app/comptoir/commands/__init__.py", "import comptoir.bootstrap"),
    "a way round": ("app/comptoir/fonts.py", "import comptoir.web"),
}


@pytest.mark.parametrize("way", SIDEWAYS)
def test_no_layer_imports_what_stands_beside_or_before_it(tree: Path, way: str) -> None:
    name, line = SIDEWAYS[way]
    with (tree / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert verdicts(tree).get("layers of the app") == "BROKEN"


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_import_breaks_its_contract(tree: Path, contract: str) -> None:
    name, line = PLANTED[contract]
    with (tree / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert verdicts(tree).get(contract) == "BROKEN"


def test_every_contract_has_its_violation() -> None:
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    contracts = [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]
    assert sorted(contracts) == sorted(PLANTED)
