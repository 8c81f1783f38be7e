"""Runs a program of the terminal's architecture inside a tree, emulated, leaving nothing behind.

Mounts live in a mount namespace and processes in a pid namespace of their own: when the command ends, or is
killed, the kernel takes both away.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

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

_ENTER = r"""
set -e
tree=$1; shift
registry=/proc/sys/fs/binfmt_misc
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
[ -e $registry/register ] || mount -t binfmt_misc binfmt_misc $registry
[ -e $registry/qemu-aarch64 ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf > $registry/register
exec chroot "$tree" "$@"
"""


def command(tree: Path, argv: Sequence[str], env: Mapping[str, str] | None = None) -> list[str]:
    """Return the host's command line that runs `argv` inside `tree`, with only `env` around it."""
    variables = {**ENVIRONMENT, **(env or {})}
    inside = ["env", "-i", *(f"{k}={v}" for k, v in sorted(variables.items())), *argv]
    namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=SIGKILL"]
    return ["unshare", *namespaces, "--", "sh", "-c", _ENTER, "enter", str(tree), *inside]


def run(
    work: Work, tree: Path, argv: Sequence[str], *, env: Mapping[str, str] | None = None
) -> str:
    """Run `argv` inside `tree` to its end; see Work.run for failures."""
    variables = {**ENVIRONMENT, **(env or {})}
    return work.run(command(tree, argv, env), env={"QEMU_CPU": variables["QEMU_CPU"]})
