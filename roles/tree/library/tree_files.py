#!/usr/bin/python
"""Writes all files of a role in one call: one each costs a second of Python's start."""

from __future__ import annotations

import grp
import os
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
  secrets:
    description: Path to content of files that only root and a group may read.
    type: dict
    default: {}
  secrets_group:
    description: That group.
    type: str
    default: root
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
ROOT = 0


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


def write_secret(at: Path, content: str, group: str, dry: bool) -> bool:
    """Make a file that root and a group may read, at no moment others; answer likewise."""
    data = content.encode()
    owner = 0 if dry else grp.getgrnam(group).gr_gid  # the group may be made only later
    whole = at.is_file() and not at.is_symlink() and at.read_bytes() == data
    if whole and (dry or _rights(at) == (0o640, ROOT, owner)):
        return False
    if not dry:
        new = at.with_name(at.name + ".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
        os.chown(new, ROOT, owner)
        new.chmod(0o640)
        new.replace(at)
    return True


def _rights(at: Path) -> tuple[int, int, int]:
    found = at.stat()
    return stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid


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
    for path in [*params["files"], *params["secrets"], *params["links"]]:
        make_folder(place(path).parent, dry)
    for path, content in params["files"].items():
        mode = 0o755 if path in params["executable"] else 0o644
        if write_file(place(path), content, mode, dry):
            changed.append(path)
    for path, content in params["secrets"].items():
        if write_secret(place(path), content, params["secrets_group"], dry):
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
            "secrets": {"type": "dict", "default": {}, "no_log": True},
            "secrets_group": {"type": "str", "default": "root"},
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
