"""A role's files land on the tree as they are meant, once, and a dry run only tells."""

import grp
import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

MODULE = Path("roles/tree/library/tree_files.py")


@pytest.fixture(scope="module")
def tree_files() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tree_files", MODULE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def wanted(tmp_path: Path) -> dict[str, Any]:
    return {
        "root": str(tmp_path),
        "files": {"/etc/till.conf": "a\n", "/usr/lib/run-me": "#!/bin/sh\n"},
        "executable": ["/usr/lib/run-me"],
        "links": {"/etc/network": "/keys/etc/network"},
        "folders": ["/data"],
        "secrets": {},
        "secrets_group": "root",
    }


ALL = ["/data", "/etc/network", "/etc/till.conf", "/usr/lib/run-me"]


def test_files_links_and_folders_are_made_and_named(
    tree_files: ModuleType, tmp_path: Path, wanted: dict[str, Any]
) -> None:
    assert tree_files.write_tree(wanted, dry=False) == ALL
    assert (tmp_path / "etc/till.conf").read_text() == "a\n"
    assert (tmp_path / "etc/till.conf").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "usr/lib/run-me").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "etc/network").readlink() == Path("/keys/etc/network")


def test_a_second_time_nothing_changes(tree_files: ModuleType, wanted: dict[str, Any]) -> None:
    tree_files.write_tree(wanted, dry=False)
    assert tree_files.write_tree(wanted, dry=False) == []


def test_a_dry_run_tells_the_same_and_writes_nothing(
    tree_files: ModuleType, tmp_path: Path, wanted: dict[str, Any]
) -> None:
    assert tree_files.write_tree(wanted, dry=True) == ALL
    assert list(tmp_path.iterdir()) == []


def test_only_what_differs_is_named(
    tree_files: ModuleType, tmp_path: Path, wanted: dict[str, Any]
) -> None:
    tree_files.write_tree(wanted, dry=False)
    (tmp_path / "usr/lib/run-me").chmod(0o644)
    assert tree_files.write_tree(wanted, dry=True) == ["/usr/lib/run-me"]


def test_a_link_takes_the_place_of_an_empty_folder_but_of_no_full_one(
    tree_files: ModuleType, tmp_path: Path, wanted: dict[str, Any]
) -> None:
    (tmp_path / "etc/network").mkdir(parents=True)
    tree_files.write_tree(wanted, dry=False)
    assert (tmp_path / "etc/network").is_symlink()
    (tmp_path / "etc/network").unlink()
    (tmp_path / "etc/network").mkdir()
    (tmp_path / "etc/network/mine").touch()
    with pytest.raises(OSError, match="not empty"):
        tree_files.write_tree(wanted, dry=False)


def test_a_key_is_its_groups_alone_and_a_dry_run_needs_no_group(
    tree_files: ModuleType,
    tmp_path: Path,
    wanted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tree_files, "ROOT", os.getuid())
    own = grp.getgrgid(os.getgid()).gr_name
    wanted |= {"secrets": {"/etc/server.key": "key"}, "secrets_group": own}
    assert "/etc/server.key" in tree_files.write_tree(wanted | {"secrets_group": "?"}, dry=True)
    assert "/etc/server.key" in tree_files.write_tree(wanted, dry=False)
    key = tmp_path / "etc/server.key"
    assert (key.stat().st_mode & 0o777, key.group()) == (0o640, own)
    assert tree_files.write_tree(wanted, dry=False) == []
    key.chmod(0o644)
    assert tree_files.write_tree(wanted, dry=False) == ["/etc/server.key"]
