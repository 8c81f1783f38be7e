import json
from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing import plan

HEAD = "restaurant,terminal,letter"
CARD = {"terminal": "t1", "letter": "A", "name": "Bar", "signing_key": "x", "lan_cert": "y"}


def written(folder: Path, text: str) -> Path:
    path = folder / "restaurants.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(BuildError) as error:
        plan.read(written(folder, text))
    return error.value.what


def test_three_columns_are_enough(tmp_path: Path) -> None:
    (place,) = plan.read(written(tmp_path, f"{HEAD}\nChez Zoë,Bar,A\n"))
    assert json.loads(place.enrolment) == {
        "restaurant": {"id": "chez-zoe", "name": "Chez Zoë"},
        "terminal": {"id": "chez-zoe-a", "letter": "A", "name": "Bar"},
    }
    assert place.host == "comptoir-chez-zoe-a.local"


@pytest.mark.parametrize("comma", [";", "\t"])
def test_a_spreadsheet_of_another_country_is_read(tmp_path: Path, comma: str) -> None:
    text = f"\ufeff{HEAD}\nChez Zoë,Bar,A\n".replace(",", comma)
    assert plan.read(written(tmp_path, text))[0].terminal == "Bar"


def test_every_column_comes_into_the_enrolment(tmp_path: Path) -> None:
    (tmp_path / "t1.json").write_text(json.dumps(CARD))
    (tmp_path / "cloud.json").write_text(json.dumps({"host": "cloud.example"}))
    head = "restaurant_id,terminal_id,currency,timezone,peers,trust,cloud"
    row = "zoe,t2,EUR,Europe/Paris,t1=till-1.local:8883 t3=10.0.0.3:8883,t1.json,cloud.json"
    (place,) = plan.read(written(tmp_path, f"{HEAD},{head}\nChez Zoë,Bar,B,{row}\n"))
    assert json.loads(place.enrolment) == {
        "restaurant": {
            "id": "zoe", "name": "Chez Zoë", "currency": "EUR", "timezone": "Europe/Paris",
        },
        "terminal": {"id": "t2", "letter": "B", "name": "Bar"},
        "peers": {"t1": "till-1.local:8883", "t3": "10.0.0.3:8883"},
        "trust": [CARD],
        "cloud": {"host": "cloud.example"},
    }  # fmt: skip


def test_all_faults_are_told_each_with_its_row(tmp_path: Path) -> None:
    rows = "Chez Zoë,Bar,A\nChez Zoë,Till,A\n,Till,abc\nLe Coin,Till,A,more\n"
    said = refused(tmp_path, f"{HEAD}\n{rows}")
    assert "row 3: terminal_id chez-zoe-a is row 2's" in said
    assert "row 4: restaurant '': 1 to 60 letters" in said
    assert "letter 'abc': one or two of A-Z" in said
    assert "row 5: more cells than columns" in said
    assert "row 2" not in said.replace("is row 2", "").replace("(row 2)", "")


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("currency", "euro", "currency 'euro': three letters"),
        ("timezone", "Paris", "timezone 'Paris': a name as Europe/Paris"),
        ("peers", "till-1", "peers 'till-1': terminal=host:port"),
        ("terminal_id", "T 1", "terminal_id 'T 1'"),
        ("trust", "none.json", "trust: "),
        ("cloud", "restaurants.csv", "cloud: "),
    ],
)
def test_a_wrong_cell_is_told(tmp_path: Path, column: str, cell: str, said: str) -> None:
    assert said in refused(tmp_path, f"{HEAD},{column}\nChez Zoë,Bar,A,{cell}\n")


def test_a_letter_is_one_terminals_only(tmp_path: Path) -> None:
    said = refused(tmp_path, f"{HEAD},terminal_id\nChez Zoë,Bar,A,t1\nChez Zoë,Till,A,t2\n")
    assert "row 3: letter A is row 2's" in said


def test_a_second_terminal_must_trust_the_first_or_it_would_found_the_house_again(
    tmp_path: Path,
) -> None:
    said = refused(tmp_path, f"{HEAD}\nChez Zoë,Bar,A\nChez Zoë,Till,B\n")
    assert "row 3: it would found chez-zoe a second time (row 2)" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("restaurant,terminal\nx,y\n", "no column letter"),
        (f"{HEAD},curency\n", "no such column as 'curency'"),
        (f"{HEAD}\n", "0 rows"),
        (f'{HEAD}\n"x,y,z\n', "no CSV"),
    ],
)
def test_what_is_no_plan_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


def test_a_misspelt_column_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="is it currency"):
        plan.read(written(tmp_path, f"{HEAD},curency\n"))
