from pathlib import Path

from imagebuilder.stages import app, bundle, configure
from tests.image.workshop import plan


def test_a_change_of_the_app_configures_nothing_anew(tmp_path: Path) -> None:
    for role in ("app", "clock", "tree"):
        (tmp_path / "roles" / role).mkdir(parents=True)
    made = plan(tmp_path, update_key=tmp_path / "key.pem")
    read = [str(path.relative_to(tmp_path)) for path in configure.inputs(made)]
    assert read == ["playbooks/image.yml", "roles/clock", "roles/tree", "key.crt"]
    assert "configure" not in app.AFTER


def test_a_change_of_the_app_or_its_role_lays_the_app_anew(tmp_path: Path) -> None:
    read = {str(path.relative_to(tmp_path)) for path in app.inputs(plan(tmp_path))}
    assert read >= {"app/comptoir", "pyproject.toml", "roles/app"}


def test_terminals_are_told_the_name_and_the_signer_of_their_bundles(tmp_path: Path) -> None:
    made = plan(tmp_path, update_key=tmp_path / "key.pem")
    told = configure.options(made)
    assert told.compatible == bundle.options(made).name == "comptoir-debian-terminal"
    assert told.certificate == str(bundle.inputs(made)[0])
