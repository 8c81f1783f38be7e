#!/usr/bin/python
"""Writes all files of a role in one call: one each costs a second of Python's start."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: tree_files
short_description: Writes files, links and folders below a root
description: Answers with the paths that it changed, or would change in check mode.
options:
  root:
    description: Where the terminal's root lies; empty on the terminal itself.
    type: str
    required: true
  files:
    description: Path to content.
    type: dict
    default: {}
  executable:
    description: Paths of files that may be run.
    type: list
    elements: str
    default: []
  links:
    description: Path to target.
    type: dict
    default: {}
  folders:
    description: Paths of folders; those of files and links are made without being named.
    type: list
    elements: str
    default: []
author: Comptoir
"""


def write_file(at: Path, content: str, mode: int, dry: bool) -> bool:
    """Make a regular file with this content and mode; answer whether it was otherwise."""
    data = content.encode()
    whole = at.is_file() and not at.is_symlink()
    if whole and at.read_bytes() == data and stat.S_IMODE(at.stat().st_mode) == mode:
        return False
    if not dry:
        new = at.with_name(at.name + ".new")
        new.write_bytes(data)
        new.chmod(mode)
        new.replace(at)
    return True


def make_link(at: Path, target: str, dry: bool) -> bool:
    """Link, in place of a file or an empty folder; answer whether it was otherwise."""
    if at.is_symlink() and str(at.readlink()) == target:
        return False
    if not dry:
        if at.is_dir() and not at.is_symlink():
            at.rmdir()
        at.unlink(missing_ok=True)
        at.symlink_to(target)
    return True


def make_folder(at: Path, dry: bool) -> bool:
    """Make a folder and those above it; answer whether it was missing."""
    if at.is_dir():
        return False
    if not dry:
        at.mkdir(parents=True)
    return True


def write_tree(params: dict[str, Any], dry: bool) -> list[str]:
    """Write everything; answer which paths were otherwise, sorted."""

    def place(path: str) -> Path:
        return Path(f"{params['root']}{path}")

    changed = [path for path in params["folders"] if make_folder(place(path), dry)]
    for path in [*params["files"], *params["links"]]:
        make_folder(place(path).parent, dry)
    for path, content in params["files"].items():
        mode = 0o755 if path in params["executable"] else 0o644
        if write_file(place(path), content, mode, dry):
            changed.append(path)
    changed += [path for path, to in params["links"].items() if make_link(place(path), to, dry)]
    return sorted(changed)


def main() -> None:
    """Run as Ansible runs a module."""
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "str", "required": True},
            "files": {"type": "dict", "default": {}},
            "executable": {"type": "list", "elements": "str", "default": []},
            "links": {"type": "dict", "default": {}},
            "folders": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    try:
        changed = write_tree(module.params, module.check_mode)
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}")
    module.exit_json(changed=bool(changed), paths=changed)


if __name__ == "__main__":
    main()
