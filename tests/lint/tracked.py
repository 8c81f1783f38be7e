"""The files under version control, or about to be: what the rules about text apply to."""

import subprocess
from pathlib import Path


def tracked(*patterns: str) -> list[Path]:
    """Return the files that match, exist and are not ignored, sorted."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    command = [*listing, "--", *patterns]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(file for name in listed.split("\0") if name and (file := Path(name)).is_file())
