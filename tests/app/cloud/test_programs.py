"""The cloud's commands and the bridge's, as a person or a unit file runs them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comptoir.bootstrap.cloud import open_store
from comptoir.cli import main
from comptoir.domain.records import dump
from comptoir.enrolment import Cloud, Enrolment, create
from comptoir.identity import House, Place, read_card
from comptoir.settings import Settings
from tests.fakes.postgres import Postgres


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "comptoir.toml"
    file.write_text(
        f'data_dir = "{tmp_path}/data"\nidentity_dir = "{tmp_path}/identity"\n', encoding="utf-8"
    )
    return file


def run(settings: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--settings", str(settings), *arguments])


def enrol(folder: Path, cloud: Cloud | None) -> None:
    enrolment = Enrolment(House("r1"), Place("t1"), cloud=cloud)
    create(folder / "identity", enrolment, folder / "peers.json")


def test_a_terminal_with_cloud_data_prints_its_bridge(settings: Path, tmp_path: Path) -> None:
    create(tmp_path / "other", Enrolment(House("r1"), Place("t1")), tmp_path / "peers.json")
    certificate = (tmp_path / "other/lan.crt").read_text(encoding="ascii")
    enrol(tmp_path, Cloud("cloud.example", 8883, "ca", certificate, "key"))
    done = run(settings, "bridge-config")
    assert done.exit_code == 0
    assert "address cloud.example:8883\n" in done.output
    assert f"bridge_cafile {tmp_path}/identity/cloud-ca.crt\n" in done.output
    run(settings, "bridge-config", "--out", str(tmp_path / "bridge.conf"))
    assert (tmp_path / "bridge.conf").read_text(encoding="ascii") == done.output


def test_what_is_no_certificate_is_named_with_what_to_do(settings: Path, tmp_path: Path) -> None:
    enrol(tmp_path, Cloud("cloud.example", 8883, "ca", "cert", "key"))
    done = run(settings, "bridge-config")
    assert done.exit_code == 1
    assert "cloud.crt is no certificate. Enrol this terminal" in done.output


def test_a_terminal_without_cloud_prints_nothing(settings: Path, tmp_path: Path) -> None:
    enrol(tmp_path, None)
    done = run(settings, "bridge-config")
    assert (done.exit_code, done.output) == (0, "")


@pytest.mark.parametrize("kind", ["embedded", "postgres"])
def test_a_restaurant_is_registered_with_its_first_cards(
    kind: str, settings: Path, tmp_path: Path, postgres: Postgres
) -> None:
    dsn = postgres.database() if kind == "postgres" else ""
    with settings.open("a", encoding="utf-8") as file:
        file.write(f'cloud_store = "{dsn}"\n')
    enrol(tmp_path, None)
    card = json.loads(run(settings, "identity", "card").output)
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    assert run(settings, "cloud", "migrate").exit_code == 0
    done = run(settings, "cloud", "register", "r1", str(tmp_path / "card.json"))
    assert (done.exit_code, done.output) == (0, "")
    store = open_store(Settings(data_dir=tmp_path / "data", cloud_store=dsn))
    assert store.marks(["r1", "r2"]) == {"r1": {}}
    store.close()


def test_refusals_are_one_line(settings: Path, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("{}", encoding="utf-8")
    wrong_card = run(settings, "cloud", "register", "r1", str(tmp_path / "card.json"))
    assert wrong_card.exit_code == 1
    assert "card.json" in wrong_card.output
    wrong_name = run(settings, "cloud", "register", "../r1")
    assert "no restaurant id" in wrong_name.output
    with settings.open("a", encoding="utf-8") as file:
        file.write('cloud_store = "host=127.0.0.1 port=1 connect_timeout=1"\n')
    no_database = run(settings, "cloud", "migrate")
    assert no_database.exit_code == 1
    assert no_database.output.startswith("Error: PostgreSQL:")


def test_a_worker_of_an_unknown_broker_is_refused_in_one_line(settings: Path) -> None:
    with settings.open("a", encoding="utf-8") as file:
        file.write('cloud_broker = "kafka"\n')
    refused = run(settings, "cloud", "ingest")
    assert refused.output == "Error: cloud_broker: 'kafka' is neither mosquitto nor rabbitmq.\n"


def test_a_card_survives_the_way_through_a_file(tmp_path: Path) -> None:
    made = create(tmp_path / "i", Enrolment(), tmp_path / "p.json")
    (tmp_path / "card.json").write_text(json.dumps(dump(made.card)), encoding="utf-8")
    assert read_card(tmp_path / "card.json") == made.card
