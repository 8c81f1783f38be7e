from pathlib import Path

import pytest

from imagebuilder import bytecode
from imagebuilder.errors import BuildError
from imagebuilder.work import Work
from tests.image.workshop import work

COMPILED = b"as the terminal's Python made it"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    modules = tmp_path / "tree/opt/comptoir/till"
    modules.mkdir(parents=True)
    (modules / "page.py").write_text("x = 1\n")
    return tmp_path


def compile_all(site: Path, surroundings: Work) -> None:
    tree = site / "tree"
    bytecode.compile_modules(surroundings, tree, tree / "opt/comptoir", site / "no-python")


def keep(site: Path, surroundings: Work, place: str) -> None:
    memo = surroundings.memo / "bytecode"
    memo.mkdir(parents=True, exist_ok=True)
    tree = site / "tree"
    (memo / bytecode._key(tree / place, tree)).write_bytes(COMPILED)


def test_what_was_compiled_before_is_not_compiled_again(site: Path) -> None:
    surroundings = work(site)
    keep(site, surroundings, "opt/comptoir/till/page.py")
    compile_all(site, surroundings)  # there is no Python that could
    cached = site / "tree/opt/comptoir/till/__pycache__/page.cpython-313.pyc"
    assert cached.read_bytes() == COMPILED


def test_the_same_text_elsewhere_is_compiled_for_its_own_place(site: Path) -> None:
    surroundings = work(site)
    keep(site, surroundings, "opt/comptoir/till/page.py")
    (site / "tree/opt/comptoir/till/other.py").write_text("x = 1\n")
    with pytest.raises(BuildError):
        compile_all(site, surroundings)
