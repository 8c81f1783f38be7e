from pathlib import Path

import pytest

from comptoir.settings import FIELDS, SettingRefused, Settings, load


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_files_the_defaults_hold() -> None:
    assert load([Path("/nowhere/comptoir.toml")], {}) == Settings()


def test_later_files_win_and_the_environment_wins_over_all(tmp_path: Path) -> None:
    first = write(tmp_path / "a.toml", 'http_port = 8081\ndata_dir = "/data/a"\nsafe_copies = 3\n')
    second = write(tmp_path / "b.toml", "http_port = 8082\n")
    found = load([first, second], {"COMPTOIR_SAFE_COPIES": "2", "PATH": "x"})
    assert (found.http_port, found.data_dir, found.safe_copies) == (8082, Path("/data/a"), 2)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("htp_port = 1", "htp_port"),
        ("http_port = 'x'", "must be int"),
        ("http_port = true", "must be int"),
        ("http_port = 0", "between 1 and 65535"),
        ("safe_copies = 4", "between 2 and 3"),
        ("sample = 3", "must be str"),
        ("= broken", "Correct the file"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, text: str, named: str) -> None:
    path = write(tmp_path / "comptoir.toml", text)
    with pytest.raises(SettingRefused, match=named) as caught:
        load([path], {})
    assert str(path) in str(caught.value)


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(SettingRefused, match="COMPTOIR_HTTP_PORT"):
        load([], {"COMPTOIR_HTTP_PORT": "many"})


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_setting_has_help_and_every_number_its_bounds(name: str) -> None:
    field = FIELDS[name]
    assert field.metadata["help"]
    if field.type is int:
        assert field.metadata["least"] <= field.default <= field.metadata["most"]
