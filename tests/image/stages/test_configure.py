from pathlib import Path

from imagebuilder.stages import app, configure
from tests.image.workshop import plan


def test_a_change_of_the_app_configures_nothing_anew(tmp_path: Path) -> None:
    for role in ("app", "clock", "tree"):
        (tmp_path / "roles" / role).mkdir(parents=True)
    read = [str(path.relative_to(tmp_path)) for path in configure.inputs(plan(tmp_path))]
    assert read == ["playbooks/image.yml", "roles/clock", "roles/tree"]
    assert "configure" not in app.AFTER


def test_a_change_of_the_app_or_its_role_lays_the_app_anew(tmp_path: Path) -> None:
    read = {str(path.relative_to(tmp_path)) for path in app.inputs(plan(tmp_path))}
    assert read >= {"app/comptoir", "pyproject.toml", "roles/app"}
