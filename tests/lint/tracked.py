"""The files under version control: what the rules about text apply to."""

import subprocess
from pathlib import Path


def tracked(*patterns: str) -> list[Path]:
    """Return the tracked files that match and still exist, sorted."""
    command = ["git", "ls-files", "-z", "--", *patterns]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(file for name in listed.split("\0") if name and (file := Path(name)).is_file())
