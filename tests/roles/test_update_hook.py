"""May this update be installed here, and do its boot files get where the firmware looks."""

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.roles.terminal import TREES, PowerGone, Terminal

A, B = "slot-a", "slot-b"
ASKED = {"RAUC_SYSTEM_COMPATIBLE": "till", "RAUC_MF_COMPATIBLE": "till", "RAUC_MF_VERSION": "1.2.0"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = ["boot/vmlinuz-6.99", "boot/initrd.img-6.99", "boot/config-6.99"]
    files += [f"usr/lib/linux-image-6.99/broadcom/{name}" for name in (*TREES, "other.dtb")]
    for name in files:
        path = tmp_path / "new" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"new {name}")
    return tmp_path / "new"


@pytest.mark.parametrize("installed", ["1.2.0", "1.1.9", "1.2.0rc2", "0.99", "1.2.0.dev1"])
def test_the_same_or_a_newer_version_may_be_installed(
    update_hook: ModuleType, installed: str
) -> None:
    update_hook.check(ASKED, installed)


@pytest.mark.parametrize("installed", ["1.2.1", "1.10.0", "2.0rc1", "1.2.0.1"])
def test_an_older_version_is_refused_with_a_reason(update_hook: ModuleType, installed: str) -> None:
    with pytest.raises(update_hook.RefusedError, match=f"1.2.0, older than {installed}"):
        update_hook.check(ASKED, installed)


def test_an_update_of_another_kind_of_terminal_or_without_a_version_is_refused(
    update_hook: ModuleType,
) -> None:
    with pytest.raises(update_hook.RefusedError, match="is for kiosk, this terminal is till"):
        update_hook.check({**ASKED, "RAUC_MF_COMPATIBLE": "kiosk"}, "1.0")
    with pytest.raises(update_hook.RefusedError, match="does not say its version"):
        update_hook.check({**ASKED, "RAUC_MF_VERSION": ""}, "1.0")


def test_the_installed_version_is_the_apps(update_hook: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(update_hook.RefusedError, match="does not know its own version"):
        update_hook.installed_version(tmp_path)
    packages = tmp_path / "opt/comptoir/lib/python3.13/site-packages"
    (packages / "comptoir-0.4.1.dist-info").mkdir(parents=True)
    assert update_hook.installed_version(tmp_path) == "0.4.1"


def filled(update_hook: ModuleType, terminal: Terminal, root: Path, slot: str = B) -> None:
    places = update_hook.Places(terminal.root)
    slots = update_hook.Slots(places, terminal.run)
    update_hook.fill(slots, places, slot, root, terminal.run)


def test_kernel_initramfs_and_the_boards_device_trees_go_to_the_slot(
    update_hook: ModuleType, terminal: Terminal, root: Path
) -> None:
    (terminal.boot / B / "old").write_text("left over")
    filled(update_hook, terminal, root)
    there = {path.name: path.read_text() for path in (terminal.boot / B).iterdir()}
    trees = {name: f"new usr/lib/linux-image-6.99/broadcom/{name}" for name in TREES}
    kernel = {"vmlinuz": "new boot/vmlinuz-6.99", "initrd.img": "new boot/initrd.img-6.99"}
    assert there == {"cmdline.txt": B, **kernel, **trees}
    assert (terminal.boot / A / "vmlinuz").read_text() == "vmlinuz of slot-a"


def test_overlays_go_along_where_the_kernel_has_some(
    update_hook: ModuleType, terminal: Terminal, root: Path
) -> None:
    overlays = root / "usr/lib/linux-image-6.99/overlays"
    overlays.mkdir()
    (overlays / "README").write_text("README")
    filled(update_hook, terminal, root)
    assert (terminal.boot / B / "overlays/README").read_text() == "README"


def test_the_running_slots_boot_files_are_never_touched(
    update_hook: ModuleType, terminal: Terminal, root: Path
) -> None:
    with pytest.raises(update_hook.RefusedError, match="slot-a runs"):
        filled(update_hook, terminal, root, A)
    assert (terminal.boot / A / "vmlinuz").read_text() == "vmlinuz of slot-a"


def test_an_update_without_a_boards_device_tree_leaves_the_slot_as_it_was(
    update_hook: ModuleType, terminal: Terminal, root: Path
) -> None:
    (root / "usr/lib/linux-image-6.99/broadcom" / TREES[0]).unlink()
    with pytest.raises(update_hook.RefusedError, match=TREES[0]):
        filled(update_hook, terminal, root)
    assert (terminal.boot / B / "vmlinuz").read_text() == "vmlinuz of slot-b"


@pytest.mark.parametrize("effects", range(3))
def test_power_gone_while_boot_files_are_copied_is_made_good_by_the_next_time(
    update_hook: ModuleType, terminal: Terminal, root: Path, effects: int
) -> None:
    terminal.effects_left = effects
    with pytest.raises(PowerGone):
        filled(update_hook, terminal, root)
    terminal.effects_left = 1000
    filled(update_hook, terminal, root)
    assert (terminal.boot / B / "vmlinuz").read_text() == "new boot/vmlinuz-6.99"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the kernel refuse to write more, as a full disk would."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_boot_partition_without_room_fails_the_update_and_the_slot_cannot_be_tried(
    update_hook: ModuleType, terminal: Terminal, root: Path
) -> None:
    slots = update_hook.Slots(update_hook.Places(terminal.root), terminal.run)
    running = {path: path.read_bytes() for path in sorted((terminal.boot / A).iterdir())}
    config = (terminal.boot / "config.txt").read_bytes()
    (root / "boot/initrd.img-6.99").write_bytes(bytes(5000))
    with files_of_at_most(4096), pytest.raises(OSError, match="File too large"):
        filled(update_hook, terminal, root)
    assert "remount,ro" in terminal.ran[-1]
    with pytest.raises(update_hook.RefusedError, match="slot-b cannot boot"):
        slots.set_primary(B)
    assert not terminal.request.exists()
    assert (terminal.boot / "config.txt").read_bytes() == config
    assert {path: path.read_bytes() for path in running} == running

    filled(update_hook, terminal, root)  # with room again
    slots.set_primary(B)
    assert terminal.request.read_text() == "0 tryboot"


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), (1, "the boot partition is full")),
        (OSError(errno.EIO, "Input/output error"), (1, "Input/output error")),
        (None, (10, "this update does not say its version")),
    ],
)
def test_why_it_failed_is_left_for_who_asked_rauc(
    update_hook: ModuleType,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    failure: OSError | None,
    said: tuple[int, str],
) -> None:
    code, why = said

    def fails(*_: object) -> None:
        raise failure or update_hook.RefusedError(why)

    monkeypatch.setattr(update_hook, "main", fails)
    places = update_hook.Places(terminal.root)
    assert update_hook.answer("slot-post-install", {}, places, terminal.run) == code
    assert (terminal.root / update_hook.REASON).read_text() == f"{why}\n"


def test_the_written_root_is_mounted_to_be_read_and_unmounted_again(
    update_hook: ModuleType, terminal: Terminal, root: Path
) -> None:
    point = terminal.root / update_hook.MOUNT_POINT
    point.parent.mkdir(parents=True)
    point.symlink_to(root)  # the commands are not run here, so what would be mounted is there
    asked = {"RAUC_SLOT_DEVICE": "/dev/comptoir/root-b", "RAUC_SLOT_BOOTNAME": B}
    places = update_hook.Places(terminal.root)
    update_hook.main("slot-post-install", asked, places, terminal.run)
    words = [line.split()[0] for line in terminal.ran]
    assert words == ["mount", "mount", "sync", "mount", "umount"]
    assert "/dev/comptoir/root-b" in terminal.ran[0]
    assert (terminal.boot / B / "vmlinuz").read_text() == "new boot/vmlinuz-6.99"
