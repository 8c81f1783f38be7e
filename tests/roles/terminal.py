"""A folder that stands for a terminal, and whose plug a test may pull."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

BOOT_FILES = ("bootcode.bin", "start.elf", "start4.elf", "fixup.dat", "fixup4.dat")
TREES = ("bcm2837-rpi-cm3-io3.dtb", "bcm2711-rpi-cm4-io.dtb")
DISK = "0badcafe"


class PowerGone(Exception):
    """The fake terminal's plug was pulled."""


@dataclass
class Terminal:
    """A folder that stands for a terminal: two slots of which A boots, and the power's plug."""

    root: Path
    ran: list[str] = field(default_factory=list)
    effects_left: int = 1000

    @property
    def boot(self) -> Path:
        """Return its boot partition."""
        return self.root / "boot/firmware"

    @property
    def request(self) -> Path:
        """Return what systemd tells the firmware at a restart."""
        return self.root / "run/systemd/reboot-param"

    def run(self, command: Sequence[str]) -> None:
        """Stand for every command; the power may go before any of them."""
        self.effect()
        self.ran.append(" ".join(command))

    def effect(self) -> None:
        """Let something happen, unless the power is gone."""
        if not self.effects_left:
            raise PowerGone
        self.effects_left -= 1

    def starts(self, slot: str, *, on_trial: bool) -> None:
        """Restart, in this slot."""
        self.request.unlink(missing_ok=True)
        number = {"slot-a": "02", "slot-b": "03"}[slot]
        (self.root / "proc/cmdline").write_text(f"quiet root=PARTUUID={DISK}-{number} ro\n")
        tried = self.root / "proc/device-tree/chosen/bootloader/tryboot"
        tried.write_bytes(int(on_trial).to_bytes(4, "big"))
