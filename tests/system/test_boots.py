"""What a board must be like once it has booted, seen from its serial console."""

import pytest

from imagebuilder import disk
from tests.system.conftest import Street

pytestmark = pytest.mark.system

GROWN_AT_LEAST = 900 << 20  # of 4 GiB, what boot, roots and keys leave


def test_no_unit_failed_and_nothing_is_still_starting(street: Street) -> None:
    console = street.box.console
    console.attempt("systemctl is-system-running --wait", 900)
    failed = console.run("systemctl list-units --failed --no-legend --plain")
    assert failed == "", console.attempt("journalctl -b -p warning --no-pager | tail -60")[1]


def test_no_ordering_cycle_was_broken(street: Street) -> None:
    found = street.box.console.run("journalctl -b --no-pager | grep -ci 'ordering cycle' || true")
    assert found == "0"


def test_the_root_is_a_read_only_erofs(street: Street) -> None:
    console = street.box.console
    mount = console.run("findmnt -n -o FSTYPE,OPTIONS /").split()
    assert mount[0] == "erofs"
    assert "ro" in mount[1].split(",")
    assert console.attempt("touch /usr/x")[0] != 0


def test_the_root_is_the_one_that_the_command_line_names(street: Street) -> None:
    console = street.box.console
    named = console.run("tr ' ' '\\n' </proc/cmdline | sed -n 's/^root=PARTUUID=//p'")
    device = console.run("findmnt -n -o SOURCE /")
    assert console.run(f"blkid -o value -s PARTUUID {device}") == named
    assert named.endswith("-02")


def test_the_data_partition_took_the_rest_of_the_disk(street: Street) -> None:
    told = street.box.console.run("df --block-size=1 --output=size /data | tail -1")
    assert int(told) > GROWN_AT_LEAST > disk.partition("data").size


def test_the_boot_partition_is_checked_before_it_is_mounted(street: Street) -> None:
    checked = street.box.unit("systemd-fsck@dev-comptoir-boot.service", "Result", "ActiveState")
    assert checked == {"Result": "success", "ActiveState": "active"}
    assert street.box.console.run("findmnt -n -o FSTYPE /boot/firmware") == "vfat"


def test_the_enrolment_left_the_boot_partition(street: Street) -> None:
    listing = street.box.console.run("ls /boot/firmware")
    assert "config.txt" in listing
    assert "comptoir-enrol.json" not in listing


def test_the_clock_is_not_before_the_image(street: Street) -> None:
    console = street.box.console
    now = int(console.run("date +%s"))
    assert now >= int(console.run("stat -c %Y /usr/lib/os-release"))


def test_the_firewall_lets_nothing_out_that_is_not_on_the_list(street: Street) -> None:
    code, said = street.box.console.attempt(
        "python3 -c 'import socket; socket.create_connection((\"10.0.2.100\", 25), 20)'"
    )
    assert code != 0
    assert "No route to host" in said  # the firewall's answer; the network's own is a refusal


def test_nothing_listens_that_a_restaurant_does_not_need(street: Street) -> None:
    console = street.box.console
    listening = console.run("ss -Htln | awk '{print $4}' | sed 's/.*://' | sort -un").split()
    assert set(listening) <= {"53", "1883", "5353", "5355", "8080", "8883", "8884"}


def test_a_board_without_a_screen_skips_the_kiosk_and_does_not_fail_it(street: Street) -> None:
    assert street.box.unit("comptoir-kiosk.service", "ConditionResult", "ActiveState") == {
        "ConditionResult": "no",
        "ActiveState": "inactive",
    }
