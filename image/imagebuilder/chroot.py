"""Runs a program of the terminal's architecture inside a tree, emulated, leaving nothing behind.

Mounts live in a mount namespace and processes in a pid namespace of their own: when the command
ends, or is killed, the kernel takes both away.
"""

import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.process import OnLine
from imagebuilder.work import Work

# The default CPU model emulates pointer authentication: five times slower for Debian 13's programs.
QEMU_CPU = "cortex-a53"

ENVIRONMENT: Mapping[str, str] = {
    "QEMU_CPU": QEMU_CPU,
    "INITRD": "No",  # the initramfs is made once, by its own stage
    "DEBIAN_FRONTEND": "noninteractive",
    "DEBCONF_NONINTERACTIVE_SEEN": "true",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "TMPDIR": "/tmp",  # noqa: S108  the tree's own
}

_NAMESPACES = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork",
               "--kill-child=SIGKILL", "--")  # fmt: skip

# The shell tools that maintainer scripts call by the thousand. Each start of an emulated program
# costs a tenth of a second, so while packages are configured the tree borrows the host's own. Not
# `uname`, `arch` and dpkg's, whose answers depend on the architecture; nor perl, whose modules
# would be of another version.
BORROWED = (
    *("basename", "cat", "chgrp", "chmod", "chown", "cmp", "cp", "cut", "dash", "dirname", "du"),
    *("env", "expr", "find", "grep", "head", "id", "install", "kmod", "ln", "ls", "md5sum"),
    *("mkdir", "mktemp", "mv", "openssl", "readlink", "realpath", "rm", "rmdir", "sed"),
    *("seq", "sha256sum", "sort", "stat", "sync", "tail", "tee", "test", "touch", "tr", "true"),
    *("uniq", "wc", "xargs"),
)

_ENTER = r"""
set -e
tree=$1; enter=$2; borrowed=$3; shift 3
registry=/proc/sys/fs/binfmt_misc
if [ "$(uname -m)" != aarch64 ]; then
    [ -e $registry/register ] || mount -t binfmt_misc binfmt_misc $registry
    [ -e $registry/qemu-aarch64 ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf > $registry/register
fi
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount -t tmpfs -o mode=755,size=16m dev "$tree/dev"
for node in null zero full random urandom tty; do
    : > "$tree/dev/$node"; mount --bind "/dev/$node" "$tree/dev/$node"
done
ln -s /proc/self/fd "$tree/dev/fd"
ln -s /proc/self/fd/0 "$tree/dev/stdin"
ln -s /proc/self/fd/1 "$tree/dev/stdout"
ln -s /proc/self/fd/2 "$tree/dev/stderr"
mkdir "$tree/dev/shm" "$tree/dev/pts"
mount -t tmpfs -o mode=755 run "$tree/run"
mount -t tmpfs -o mode=1777 tmp "$tree/tmp"
if [ "$borrowed" ]; then
    for library in usr/lib64 usr/lib/x86_64-linux-gnu; do
        mkdir -p "$tree/$library"; mount --bind "/$library" "$tree/$library"
    done
    ln -sfn usr/lib64 "$tree/lib64"
    for tool in $borrowed; do
        if [ -f "/usr/bin/$tool" ] && [ -f "$tree/usr/bin/$tool" ]; then
            mount --bind "/usr/bin/$tool" "$tree/usr/bin/$tool"
        fi
    done
fi
if [ "$enter" = inside ]; then exec chroot "$tree" "$@"; fi
exec "$@"
"""


@dataclass(frozen=True)
class Chroot:
    """One way into `tree`; not `inside`: same mounts, the host's program (`dpkg --root`)."""

    tree: Path
    inside: bool = True
    borrow: bool = False  # the host's shell tools; dpkg must not replace them meanwhile

    def command(self, argv: Sequence[str | Path], env: Mapping[str, str]) -> list[str]:
        """Return the host's command line that runs `argv`, with only `env` and ours around it."""
        variables = sorted({**ENVIRONMENT, **env}.items())
        clean = ["env", "-i", *(f"{k}={v}" for k, v in variables), *map(str, argv)]
        where = "inside" if self.inside else "outside"
        borrowed = " ".join(BORROWED) if self.borrow and platform.machine() == "x86_64" else ""
        return [*_NAMESPACES, "sh", "-c", _ENTER, "enter", str(self.tree), where, borrowed, *clean]

    def run(self, work: Work, argv: Sequence[str | Path], *, on_line: OnLine | None = None) -> str:
        """Run `argv` to its end; see Work.run for failures."""
        try:
            return work.run(self.command(argv, {}), on_line=on_line)
        finally:
            if self.borrow:
                _return(self.tree)


def _return(tree: Path) -> None:
    """Take away the empty places where the host's libraries were mounted."""
    with suppress(FileNotFoundError):
        (tree / "lib64").unlink()
        for library in ("usr/lib64", "usr/lib/x86_64-linux-gnu"):
            (tree / library).rmdir()
