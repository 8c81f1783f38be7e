from pathlib import Path

import pytest

from imagebuilder.prune import LeftOut, prune


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("doc/dash/copyright", "doc/dash/changelog.gz", "doc/NEWS", "net/intel/e.ko"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "doc/link").symlink_to("dash")
    return tmp_path


def left(tree: Path) -> set[str]:
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir()}


def test_what_matches_goes_but_what_is_kept_stays(tree: Path) -> None:
    idle = prune(tree, LeftOut(patterns=("doc/*", "net"), kept=("doc/*/copyright",)))
    assert idle == []
    assert left(tree) >= {"doc/dash/copyright"}
    assert not left(tree) & {"doc/dash/changelog.gz", "doc/NEWS", "net/intel/e.ko"}


def test_a_pattern_that_matches_nothing_is_told(tree: Path) -> None:
    assert prune(tree, LeftOut(patterns=("doc/NEWS", "man/*"))) == ["man/*"]
    assert "doc/NEWS" not in left(tree)
