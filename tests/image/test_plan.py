from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.plan import SOURCE_DATE_DEFAULT, load_plan

REPO = Path(__file__).parents[2]
FILES = {
    "pyproject.toml": '[project]\nversion = "1.2"\n',
    "playbooks/image.yml": "- hosts: tree\n  roles:\n    - role: clock\n    - role: app\n",
    "roles/clock/meta/packages.yml": "packages: [systemd-timesyncd]\n",
    "roles/clock/meta/argument_specs.yml": (
        "argument_specs:\n  main:\n    options:\n      clock_zone: {type: str}\n"
    ),
    "image/boards/cm3.yaml": "packages: [busybox]\n",
    "image/bases/debian.yaml": (
        "suite: trixie\narchitecture: arm64\nkeyring: /k.gpg\nrank: 2\n"
        "packages: [dash, linux-image-arm64]\n"
        "boot: {kernel: linux-image-arm64, device_trees: upstream, modules: [erofs]}\n"
        "sources:\n  - {uri: 'http://m.example/debian', suites: [trixie], components: [main]}\n"
    ),
    "image/profiles/terminal.yaml": "variables: {clock_zone: UTC}\n",
    "image/profiles/bench.yaml": "packages: [strace]\n",
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_packages_are_the_union_of_base_profile_boards_and_roles(repo: Path) -> None:
    shared = ("busybox", "dash", "linux-image-arm64", "systemd-timesyncd")
    found = load_plan(repo, base="debian", profile="terminal").packages_by_profile
    assert found["terminal"] == shared
    assert found["bench"] == ("busybox", "dash", "linux-image-arm64", "strace", *shared[3:])


def test_an_unknown_role_variable_is_one_line_with_the_nearest_name(repo: Path) -> None:
    (repo / "image/profiles/terminal.yaml").write_text("variables: {clock_zome: UTC}\n")
    with pytest.raises(BuildError) as caught:
        load_plan(repo, base="debian", profile="terminal")
    assert str(caught.value) == (
        "no role knows the variable clock_zome (image/profiles/terminal.yaml): "
        "did you mean clock_zone?"
    )


def test_an_unknown_profile_lists_those_there_are(repo: Path) -> None:
    with pytest.raises(BuildError, match="choose one of: bench, terminal"):
        load_plan(repo, base="debian", profile="tablet")


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", ""])
def test_a_broken_file_is_named(repo: Path, text: str) -> None:
    (repo / "image/profiles/terminal.yaml").write_text(text)
    with pytest.raises(BuildError, match=r"terminal\.yaml"):
        load_plan(repo, base="debian", profile="terminal")


def test_the_source_date_is_given_or_locked_or_fixed(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def date() -> int:
        return load_plan(repo, base="debian", profile="terminal").source_date

    assert date() == SOURCE_DATE_DEFAULT
    (repo / "image/lock").mkdir()
    (repo / "image/lock/trixie-debian.json").write_text('{"source_date": 5}')
    assert date() == 5
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    assert date() == 7


@pytest.mark.parametrize("profile", ["terminal", "bench"])
def test_the_projects_own_files_hold_together(profile: str) -> None:
    plan = load_plan(REPO, base="debian", profile=profile)
    assert "app" in plan.roles
    assert all((REPO / "roles" / role).is_dir() for role in plan.roles)
