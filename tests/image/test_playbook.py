from pathlib import Path

import pytest

from imagebuilder import playbook
from imagebuilder.errors import BuildError
from tests.image.workshop import work

ROLE = """
- name: Write the zone
  ansible.builtin.copy:
    content: "{{ clock_zone }}"
    dest: "{{ rootfs }}/zone"
    mode: "0644"
"""
PLAYBOOK = "- hosts: tree\n  gather_facts: false\n  roles:\n    - role: clock\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {"playbooks/image.yml": PLAYBOOK, "roles/clock/tasks/main.yml": ROLE}
    for name, text in files.items():
        (tmp_path / "repo" / name).parent.mkdir(parents=True)
        (tmp_path / "repo" / name).write_text(text)
    (tmp_path / "tree").mkdir()
    return tmp_path


def test_roles_write_below_the_tree_with_the_profiles_variables(site: Path) -> None:
    playbook.play(work(site), "tree", site / "tree", {"clock_zone": "Europe/Paris"})
    assert (site / "tree" / "zone").read_text() == "Europe/Paris"


def test_a_failed_task_is_one_line_with_its_name(site: Path) -> None:
    with pytest.raises(BuildError) as caught:
        playbook.play(work(site), "tree", site / "tree", {})
    assert "clock_zone" in str(caught.value)
    assert "task clock : Write the zone" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_broken_role_is_one_line(site: Path) -> None:
    (site / "repo/roles/clock/tasks/main.yml").write_text("- name: x\n  no_such_module: {}\n")
    with pytest.raises(BuildError, match="no_such_module") as caught:
        playbook.play(work(site), "tree", site / "tree", {})
    assert "\n" not in str(caught.value)
