"""Runs the roles of playbooks/image.yml onto a tree, with the host's Python and no connection."""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imagebuilder.errors import BuildError
from imagebuilder.work import Work

PLAYBOOK = Path("playbooks/image.yml")
_TASK = re.compile(r"^TASK \[(.+?)\]", re.MULTILINE)
_FATAL = re.compile(r"^(?:fatal|failed): .*?=> (\{.*)$|^(?:ERROR!|\[ERROR\]:) (.*)$", re.MULTILINE)
_MESSAGE = re.compile(r'"msg": "((?:[^"\\]|\\.)*)"')


def play(work: Work, host: str, tree: Path, variables: Mapping[str, Any]) -> None:
    """Run the play whose hosts are `host`; a failed task becomes one line."""
    given = work.scratch / "variables.json"
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    given.write_text(json.dumps({**variables, **local, "rootfs": str(tree)}), encoding="utf-8")
    program = Path(sys.executable).with_name("ansible-playbook")
    argv: list[str | Path] = [program, "--inventory", f"{host},", "--extra-vars", f"@{given}"]
    (work.scratch / "ansible.cfg").write_text("[defaults]\n")
    seen = _Progress(work)
    try:
        work.run([*argv, work.repo / PLAYBOOK], env=_environment(work), on_line=seen)
    except BuildError as error:
        raise explain(work.log.read_text(encoding="utf-8"), error) from error


def explain(output: str, error: BuildError) -> BuildError:
    """Return the error that Ansible's output tells of; `error` itself if it tells of none."""
    found = list(_FATAL.finditer(output))
    if not found:
        return error
    task = next(reversed(_TASK.findall(output[: found[-1].start()])), "playbook")
    said = found[-1][1] or found[-1][2]
    message = _MESSAGE.search(said)
    text = json.loads(f'"{message[1]}"') if message else said
    return BuildError(
        " ".join(text.split())[:300], where=f"task {task}", hint=f"mend the role; {error.where}"
    )


def _environment(work: Work) -> dict[str, str]:
    return {
        # The person's own settings do not shape an image.
        "ANSIBLE_CONFIG": str(work.scratch / "ansible.cfg"),
        "ANSIBLE_ROLES_PATH": str(work.repo / "roles"),
        "ANSIBLE_HOME": str(work.scratch / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(work.scratch / "ansible"),
        "ANSIBLE_REMOTE_TEMP": str(work.scratch / "ansible"),
        "ANSIBLE_GATHERING": "explicit",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",  # modules go in by standard input, not as files
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
    }


class _Progress:
    """Counts tasks; how many there will be is not known, so it nears the end ever slower."""

    def __init__(self, work: Work) -> None:
        self._work, self._tasks = work, 0

    def __call__(self, line: str) -> None:
        if line.startswith("TASK ["):
            self._tasks += 1
            self._work.progress(100 * self._tasks / (self._tasks + 20), line[6:].rstrip(" *]"))
