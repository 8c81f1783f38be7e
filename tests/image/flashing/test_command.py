"""image/flash as it is called, with files and with a tray of made-up disks."""

import json
from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing import command, unit
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.modules import CM4
from tests.image.flashing import tiny, usbboot
from tests.image.flashing.memory_bars import MemoryBars
from tests.image.flashing.tray import Tray

ENROLMENT = {"terminal": {"id": "t2", "letter": "B", "name": "Bar"}}


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return tiny.read_image(tmp_path / "dist")


@pytest.fixture
def tray(tmp_path: Path) -> Tray:
    return Tray(tmp_path / "tray")


def flash(image: Image, tray: Tray, bars: MemoryBars, *words: object) -> int:
    given = command.parse([str(image.path), *map(str, words), "--yes"])
    return command.flash(given, image, tray.kernel, bars)


def test_a_file_is_written_and_the_exit_code_is_0(tmp_path: Path) -> None:
    image = tiny.make_image(tmp_path)
    tiny.sign(image, key := tiny.make_key(tmp_path))
    card = tmp_path / "card.img"
    assert command.main([str(image), str(card), "--key", str(key)]) == 0
    assert tiny.has_root(card.read_bytes())


def test_a_wrong_signature_writes_nothing(tmp_path: Path) -> None:
    image = tiny.make_image(tmp_path)
    tiny.sign(image, tiny.make_key(tmp_path))
    other = tiny.make_key(tmp_path)
    with pytest.raises(BuildError, match="not this key's"):
        command.main([str(image), str(tmp_path / "card.img"), "--key", str(other)])
    assert not (tmp_path / "card.img").exists()


def test_no_image_lists_the_disks_and_why_not(
    tray: Tray, capsys: pytest.CaptureFixture[str]
) -> None:
    tray.plug("1-1.1", "10000000b29d2da0")
    tray.plug("1-1.2", "10000000a9dbb16a")
    tray.mounted("30 1 8:32 / /media/x rw - vfat /dev/y rw")
    command.list_disks(tray.kernel, 0)
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["DISK", "SIZE", "MODEL", "SERIAL", "USB"]
    assert "0.0 GB  mmcblk0  10000000b29d2da0  1-1.1  can be written" in first
    assert second.endswith("1-1.2  no: sdb is mounted on /media/x")


def test_no_disk_at_all_says_what_to_do(tray: Tray, capsys: pytest.CaptureFixture[str]) -> None:
    command.list_disks(tray.kernel, 0)
    assert "no disk found" in capsys.readouterr().out


def test_several_files_at_once(image: Image, tray: Tray, tmp_path: Path) -> None:
    cards = [tmp_path / f"{number}.img" for number in range(3)]
    assert flash(image, tray, bars := MemoryBars(), *cards) == 0
    assert all(tiny.has_root(card.read_bytes()) for card in cards)
    assert bars.notes == ["3 of 3 good"]
    assert all(steps == ["write", "verify"] for steps in bars.steps.values())


def test_an_enrolment_is_for_one_terminal(image: Image, tray: Tray, tmp_path: Path) -> None:
    enrol = tmp_path / "enrol.json"
    enrol.write_text(json.dumps(ENROLMENT))
    card = tmp_path / "card.img"
    assert flash(image, tray, MemoryBars(), card, "--enrol", enrol) == 0
    assert json.loads(tiny.enrolled(card)) == ENROLMENT
    with pytest.raises(BuildError, match="for one terminal"):
        flash(image, tray, MemoryBars(), card, tmp_path / "other.img", "--enrol", enrol)


def test_a_target_that_may_not_be_written_fails_and_the_others_go_on(
    image: Image, tray: Tray, tmp_path: Path
) -> None:
    card, bars = tmp_path / "card.img", MemoryBars()
    assert flash(image, tray, bars, "/dev/null", card, "/nosuch/card.img") == 1
    assert tiny.has_root(card.read_bytes())
    assert "no disk and no file" in bars.ends["/dev/null"][1]
    assert "no such folder" in bars.ends["/nosuch/card.img"][1]
    assert bars.notes == ["1 of 3 good, see above"]


def test_disks_are_erased_only_after_a_yes(image: Image, tray: Tray) -> None:
    disk = tray.plug("1-1.1", "s1")
    target = unit.disk_target(disk, tray.kernel, image.size)
    with pytest.raises(BuildError, match=r"mmcblk0, 0.0 GB, serial s1\)\): add --yes"):
        command.confirm([target], agreed=False)
    command.confirm([target], agreed=True)


def test_a_plan_makes_each_unit_its_own_terminal_with_log_and_labels(
    image: Image, tray: Tray, tmp_path: Path
) -> None:
    table = tmp_path / "restaurants.csv"
    table.write_text("restaurant,terminal,letter\nChez Zoë,Bar,A\nLe Coin,Till,A\n")
    cards = [tmp_path / "1.img", tmp_path / "2.img"]
    assert flash(image, tray, MemoryBars(), *cards, "--plan", table, "--at-once", 1) == 0
    terminals = [json.loads(tiny.enrolled(card))["terminal"]["id"] for card in cards]
    assert terminals == ["chez-zoe-a", "le-coin-a"]
    assert (tmp_path / "restaurants.log.csv").read_text().count(",good,") == 2
    assert "Chez Zoë" in (tmp_path / "restaurants.labels.html").read_text(encoding="utf-8")


def test_more_units_than_rows_fail_and_say_so(image: Image, tray: Tray, tmp_path: Path) -> None:
    table, bars = tmp_path / "restaurants.csv", MemoryBars()
    table.write_text("restaurant,terminal,letter\nChez Zoë,Bar,A\n")
    cards = [tmp_path / "1.img", tmp_path / "2.img"]
    assert flash(image, tray, bars, *cards, "--plan", table, "--at-once", 1) == 1
    assert bars.ends[str(cards[1])] == (False, "no row of the plan is left for it")
    assert not cards[1].exists()


def test_a_station_makes_as_many_as_it_was_told(image: Image, tray: Tray, tmp_path: Path) -> None:
    tray.plug("1-1.1", "s1")
    words = ["--station", "--ports", "1-1", "--count", "1", "--log", str(tmp_path / "log.csv")]
    given = command.parse([str(image.path), *words, "--yes"])
    assert command.work_station(given, image, tray.kernel, MemoryBars()) == 0
    assert tray.writes == ["s1"]
    assert "s1" in (tmp_path / "log.labels.html").read_text(encoding="utf-8")


def test_a_station_takes_no_named_disk(image: Image, tray: Tray) -> None:
    given = command.parse([str(image.path), "/dev/sdx", "--station", "--yes"])
    with pytest.raises(BuildError, match="name no disk"):
        command.work_station(given, image, tray.kernel, MemoryBars())


def test_without_rpiboot_a_station_says_how_to_get_it(
    image: Image, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    given = command.parse([str(image.path), "--rpiboot", "--yes"])
    with pytest.raises(BuildError, match=r"rpiboot is not here[\s\S]*git clone"):
        command.work_station(given, image, tray.kernel, MemoryBars())


def test_rpiboot_without_a_waiting_module_says_what_to_do(
    image: Image, tray: Tray, tmp_path: Path
) -> None:
    program = usbboot.make(tmp_path / "usbboot")
    words = ["--rpiboot", "--rpiboot-path", str(program), "--yes"]
    given = command.parse([str(image.path), *words])
    with pytest.raises(BuildError, match="no module waits in its loader"):
        command.work_station(given, image, tray.kernel, MemoryBars())


def test_modules_that_wait_are_loaded_and_one_that_stays_old_ends_with_1(
    image: Image, tray: Tray, tmp_path: Path
) -> None:
    program, bars = usbboot.make(tmp_path / "usbboot"), MemoryBars()
    usbboot.insert(program, "1-1.1", takes="no")
    tray.load("1-1.1", CM4)
    log = ["--log", str(tmp_path / "log.csv")]
    words = ["--rpiboot", "--rpiboot-path", str(program), "--yes", *log]
    given = command.parse([str(image.path), *words])
    assert command.work_station(given, image, tray.kernel, bars) == 1
    assert "could not be renewed" in bars.ends["USB 1-1.1"][1]
    assert tray.writes == []
