import shutil
import socket
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comptoir import samples
from comptoir.cli import main
from comptoir.commands import queries
from comptoir.commands.menu_export import export
from comptoir.domain.menu import Menu
from tests.fakes.till import HostTill

MANAGER, CASHIER = "1234", "2345"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[HostTill]:
    till = HostTill(tmp_path / "till", sample="shop", safe_wait_ms=0)
    yield till
    till.stop()


@pytest.fixture
def port(till: HostTill) -> int:
    return int(till.serve().rpartition(":")[2])


def import_file(port: int, file: Path, pin: str = MANAGER) -> Result:
    settings = file.parent / "comptoir.toml"
    settings.write_text(f"http_port = {port}\n", encoding="utf-8")
    arguments = ["--settings", str(settings), "menu", "import", str(file), "--pin", pin]
    return CliRunner().invoke(main, arguments)


def bread(till: HostTill) -> Menu:
    menu = queries.menu(till.journal)
    return Menu("", menu.taxes, menu.categories, menu.groups, menu.items[:3])


def test_a_menu_file_becomes_the_menu_of_the_running_till(
    till: HostTill, port: int, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text(export(bread(till), "EUR"), encoding="utf-8")
    done = import_file(port, file)
    assert (done.exit_code, done.output.split(" in ")[0]) == (0, "3 items")
    assert queries.menu(till.journal).items == bread(till).items


@pytest.mark.parametrize("name", samples.NAMES)
def test_the_file_of_each_sample_is_taken_as_it_ships(
    till: HostTill, port: int, tmp_path: Path, name: str
) -> None:
    with as_file(files(samples) / name / "menu.csv") as shipped:
        file = Path(shutil.copy(shipped, tmp_path))
    menu = samples.load(name).menu
    done = import_file(port, file)
    assert (done.exit_code, done.output.split(" in ")[0]) == (0, f"{len(menu.items)} items")
    assert [one.id for one in queries.menu(till.journal).items] == [one.id for one in menu.items]


def test_nothing_of_a_wrong_file_is_imported(till: HostTill, port: int, tmp_path: Path) -> None:
    before = queries.menu(till.journal)
    file = tmp_path / "wrong.csv"
    file.write_text(export(bread(till), "EUR").replace("grocery,1.", "grocer,1.", 1), "utf-8")
    done = import_file(port, file)
    assert done.exit_code == 1
    assert "wrong.csv, line " in done.output
    assert "unknown category 'grocer'" in done.output
    assert queries.menu(till.journal) == before


@pytest.mark.parametrize(("pin", "said"), [("9999", "PIN"), (CASHIER, "manager")])
def test_only_a_manager_imports(
    till: HostTill, port: int, tmp_path: Path, pin: str, said: str
) -> None:
    before = queries.menu(till.journal)
    file = tmp_path / "new.csv"
    file.write_text(export(bread(till), "EUR"), encoding="utf-8")
    done = import_file(port, file, pin)
    assert done.exit_code == 1
    assert said in done.output
    assert queries.menu(till.journal) == before


def test_a_till_that_is_not_running_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = import_file(port, tmp_path / "new.csv")
    assert done.output.startswith(f"Error: the till on port {port} does not answer. Start it")
