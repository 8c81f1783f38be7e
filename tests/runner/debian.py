"""Brings the Debian packages that a suite needs, and only those that are missing."""

import os
import shutil
import subprocess
from collections.abc import Iterable


class PackagesMissing(Exception):
    """Packages are missing and this process may not install them."""

    def __init__(self, names: list[str], reason: str) -> None:
        super().__init__(f"{reason}; run as root: apt-get install {' '.join(names)}")


def missing(names: Iterable[str]) -> list[str]:
    """Return the packages that dpkg does not have installed."""
    return [name for name in names if not _installed(name)]


def _installed(name: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout == "installed"


def install(names: Iterable[str]) -> None:
    """Install what is missing; does nothing, and asks no mirror, when all is there."""
    wanted = missing(names)
    if not wanted:
        return
    print(f"installing: {' '.join(wanted)}", flush=True)
    command = ["apt-get", "install", "-qy", "--no-install-recommends", *wanted]
    try:
        subprocess.run([*_rights(wanted), "apt-get", "update", "-q"], check=True)
        subprocess.run([*_rights(wanted), *command], check=True)
    except subprocess.CalledProcessError as failed:
        raise PackagesMissing(wanted, f"apt-get ended with {failed.returncode}") from failed


def _rights(wanted: list[str]) -> list[str]:
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return quiet
    if shutil.which("sudo"):
        return ["sudo", *quiet]
    raise PackagesMissing(wanted, "no right to install packages")
