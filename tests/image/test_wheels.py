from pathlib import Path

from imagebuilder import wheels

PYPROJECT = """
[project]
dependencies = [
  "flask>=3.1",
  "click>=8.3.1",
  "psycopg[binary]>=3.2; platform_machine == 'x86_64'",
  "msgspec>=0.20; python_version >= '3.13'",
]
"""


def test_only_what_holds_on_a_terminal_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    found = wheels.requirements(tmp_path / "pyproject.toml")
    assert found == ["click>=8.3.1", "flask>=3.1", "msgspec>=0.20"]


def test_versions_come_from_the_developers_lock(tmp_path: Path) -> None:
    file = tmp_path / "uv.lock"
    assert wheels.versions_of_uv_lock(file) == {}
    file.write_text('[[package]]\nname = "flask"\nversion = "3.1.3"\n[[package]]\nname = "own"\n')
    assert wheels.versions_of_uv_lock(file) == {"flask": "3.1.3"}


def test_no_wheel_asks_for_a_newer_c_library_than_debian_13_has() -> None:
    assert all(int(platform.split("_")[2]) <= 41 for platform in wheels.PLATFORMS)
