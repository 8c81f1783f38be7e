from pathlib import Path

from imagebuilder import digest


def test_a_file_is_named_by_its_path_below_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles" / "a.yml").write_text("a")
    assert list(digest.of_paths((tmp_path / "roles",), tmp_path)) == ["roles/a.yml"]


def test_content_and_executable_bit_count(tmp_path: Path) -> None:
    file = tmp_path / "run"
    file.write_text("a")
    first = digest.of_paths((file,), tmp_path)
    file.chmod(0o755)
    second = digest.of_paths((file,), tmp_path)
    file.write_text("b")
    third = digest.of_paths((file,), tmp_path)
    assert len({str(one) for one in (first, second, third)}) == 3


def test_a_file_that_appears_changes_the_hash(tmp_path: Path) -> None:
    before = digest.of_paths((tmp_path / "uv.lock",), tmp_path)
    (tmp_path / "uv.lock").write_text("")
    assert digest.changed(before, digest.of_paths((tmp_path / "uv.lock",), tmp_path)) == ["uv.lock"]


def test_scenarios_and_readme_of_a_role_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "role" / "molecule").mkdir(parents=True)
    (tmp_path / "role" / "molecule" / "verify.yml").write_text("")
    (tmp_path / "role" / "README.md").write_text("")
    assert digest.of_paths((tmp_path / "role",), tmp_path) == {}


def test_a_link_counts_by_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/nowhere/at-all")
    assert digest.of_paths((tmp_path / "link",), tmp_path) == {"link": "link:/nowhere/at-all"}


def test_comments_and_docstrings_of_a_stage_do_not_rebuild_but_its_code_does(
    tmp_path: Path,
) -> None:
    file = tmp_path / "stage.py"
    sums = []
    for text in (
        '"""One."""\ndef run():\n    """Do."""\n    return 1\n',
        '"""Two."""\n\n\ndef run():\n    """Do it."""\n    return 1  # why\n',
        '"""Two."""\ndef run():\n    return 2\n',
    ):
        file.write_text(text)
        sums.append(digest.of_source(file))
    assert sums[0] == sums[1] != sums[2]


def test_the_order_of_keys_does_not_matter() -> None:
    assert digest.of_value({"a": 1, "b": 2}) == digest.of_value({"b": 2, "a": 1})
