import os
import platform
import subprocess
from pathlib import Path

import pytest

from imagebuilder.chroot import BORROWED, Chroot


def test_emulated_programs_get_the_cheap_cpu_and_no_initramfs_is_made(tmp_path: Path) -> None:
    command = Chroot(tmp_path).command(["true"], {})
    assert "QEMU_CPU=cortex-a53" in command
    assert "INITRD=No" in command
    assert command[command.index("env") + 1] == "-i"


def test_the_host_lends_no_tool_whose_answer_depends_on_the_architecture(tmp_path: Path) -> None:
    assert not {"uname", "arch", "dpkg", "dpkg-query", "perl", "ldconfig"} & set(BORROWED)
    lent = " ".join(BORROWED) in Chroot(tmp_path, borrow=True).command(["true"], {})
    assert lent == (platform.machine() == "x86_64")
    assert " ".join(BORROWED) not in Chroot(tmp_path).command(["true"], {})


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts need root, as image/build does")
def test_mounts_end_with_the_command(tmp_path: Path) -> None:
    for name in ("proc", "dev", "run", "tmp", "usr/lib", "usr/bin"):
        (tmp_path / name).mkdir(parents=True)
    command = Chroot(tmp_path, inside=False, borrow=True).command(["cat", "/proc/mounts"], {})
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert f"{tmp_path}/proc" in said
    assert str(tmp_path) not in Path("/proc/mounts").read_text()
    assert list((tmp_path / "dev").iterdir()) == []
