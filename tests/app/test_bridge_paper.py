"""What the bridge shows the cloud: the enrolled certificate until it is renewed, never nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509

from comptoir import durable
from comptoir.bridge_paper import BEGUN, BridgePaper
from comptoir.cli import main
from comptoir.cloud_link import CloudLink, bridge_block, client_id
from comptoir.enrolment import Enrolment, enrol_again, take_cloud, write_enrolment
from comptoir.identity import House, IdentityRefused
from comptoir.replica.renewal import Renewal
from tests.fakes.bridge import Enrolled, way


@pytest.fixture
def enrolled(tmp_path: Path) -> Enrolled:
    return Enrolled(tmp_path)


def link(enrolled: Enrolled) -> CloudLink:
    found = CloudLink.read(enrolled.identity.directory, enrolled.renewed)
    assert found is not None
    return found


def renew(enrolled: Enrolled, paper: BridgePaper) -> bytes:
    made = enrolled.renewer.renewed("r1", "t1", paper.ask())
    assert paper.take(made)
    return made


def test_the_key_never_leaves_and_the_client_id_stays(enrolled: Enrolled) -> None:
    paper = enrolled.paper()
    before = client_id(link(enrolled))
    asked = paper.ask()
    assert b"PRIVATE" not in asked.request
    enrolled.pass_days(3)
    renew(enrolled, paper)
    now = link(enrolled)
    assert now.certificate == now.key == enrolled.renewed
    assert client_id(now) == before != ""
    assert enrolled.left_days(paper) == 7
    assert enrolled.renewed.stat().st_mode & 0o777 == 0o640


def test_each_renewal_has_a_key_of_its_own(enrolled: Enrolled) -> None:
    paper = enrolled.paper()
    one, other = (
        x509.load_pem_x509_certificate(renew(enrolled, paper)).public_key() for _ in range(2)
    )
    assert one != other


def test_only_the_first_renewal_tells_the_broker_of_another_file(enrolled: Enrolled) -> None:
    paper, said = enrolled.paper(), enrolled.renewed.parent / BEGUN
    assert not said.exists()
    renew(enrolled, paper)
    told = said.stat().st_ino
    renew(enrolled, paper)
    assert enrolled.paper().ends_ms() > 0
    assert said.stat().st_ino == told
    assert f"bridge_certfile {enrolled.renewed}" in bridge_block("r1", "t1", link(enrolled))


def test_the_broker_is_told_again_of_a_new_enrolment(enrolled: Enrolled) -> None:
    renew(enrolled, enrolled.paper())
    said = enrolled.renewed.parent / BEGUN
    before = said.read_bytes()
    again = enrolled.papers.for_restaurant("r1")
    cloud = way(enrolled.papers.authority(), again, "other.example")
    enrol_again(enrolled.identity, Enrolment(House("r1"), cloud=cloud))
    assert enrolled.paper().ends_ms() > 0
    assert said.read_bytes() == before, "as long as the enrolled one is shown"
    renew(enrolled, enrolled.paper())
    assert said.read_bytes() != before


class Cut(BaseException):
    """The power goes, or the program is killed."""


@pytest.mark.parametrize("whole_writes", [0, 1, 2])
def test_a_cut_between_its_writes_is_made_good_at_the_next_start(
    enrolled: Enrolled, whole_writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper, left = enrolled.paper(), whole_writes
    write = durable.replace

    def replace(*about: Any) -> None:
        nonlocal left
        if not left:
            raise Cut
        left -= 1
        write(*about)

    made = enrolled.renewer.renewed("r1", "t1", paper.ask())
    with monkeypatch.context() as patched:
        patched.setattr(durable, "replace", replace)
        if whole_writes < 2:
            with pytest.raises(Cut):
                paper.take(made)
        else:
            assert paper.take(made)
    said = enrolled.renewed.parent / BEGUN
    assert (enrolled.renewed.exists(), said.exists()) == (whole_writes > 0, whole_writes > 1)
    Renewal(enrolled.paper())
    assert said.exists() == enrolled.renewed.exists()


def test_an_answer_to_another_key_changes_nothing(enrolled: Enrolled) -> None:
    made = enrolled.renewer.renewed("r1", "t1", enrolled.paper().ask())
    paper = enrolled.paper()
    assert not paper.take(made)
    paper.ask()
    assert not paper.take(made)
    assert not paper.take(b"no certificate")
    assert not enrolled.renewed.exists()


def test_a_disk_that_takes_nothing_leaves_what_there_is(enrolled: Enrolled) -> None:
    paper, shown = enrolled.paper(), link(enrolled).certificate
    made = enrolled.renewer.renewed("r1", "t1", paper.ask())
    folder, away = enrolled.renewed.parent, enrolled.renewed.parent.with_name("away")
    folder.rename(away)
    assert not paper.take(made)
    away.rename(folder)
    assert link(enrolled).certificate == shown
    assert paper.take(made), "and asked again it takes the answer"


def test_enrolled_before_client_ids_it_is_given_the_one_its_bridge_says(tmp_path: Path) -> None:
    enrolled = Enrolled(tmp_path)
    old = enrolled.papers.issue("r1", days=730)
    take_cloud(enrolled.identity.directory, way(b"ca", old, "cloud.example"))
    paper = enrolled.paper()
    assert not paper.names_client()
    block = bridge_block("r1", "t1", link(enrolled))
    renew(enrolled, paper)
    assert paper.names_client()
    assert client_id(link(enrolled)) == "r1.t1"
    assert "remote_clientid r1.t1\n" in block


def test_enrolled_again_the_new_enrolment_counts(enrolled: Enrolled) -> None:
    paper = enrolled.paper()
    renew(enrolled, paper)
    enrolled.pass_days(30)
    assert enrolled.left_days(paper) < 0
    again = enrolled.papers.for_restaurant("r1")
    cloud = way(enrolled.papers.authority(), again, "other.example", 8884)
    enrol_again(enrolled.identity, Enrolment(House("r1"), cloud=cloud))
    assert link(enrolled).address == "other.example:8884"
    assert link(enrolled).certificate == enrolled.identity.directory / "cloud.crt"
    assert enrolled.left_days(paper) == 7
    renew(enrolled, paper)
    assert link(enrolled).certificate == enrolled.renewed


@pytest.mark.parametrize("content", [b"", b"enrolled 00\n", b"-----BEGIN CERTIFICATE-----\nx"])
def test_a_damaged_renewal_leaves_the_enrolled_one(enrolled: Enrolled, content: bytes) -> None:
    enrolled.renewed.write_bytes(content)
    assert link(enrolled).certificate == enrolled.identity.directory / "cloud.crt"


def test_it_is_never_thrown_away_for_its_date(enrolled: Enrolled) -> None:
    paper = enrolled.paper()
    renew(enrolled, paper)
    enrolled.now += timedelta(days=20_000)
    assert enrolled.paper().ends_ms() == paper.ends_ms() > 0
    assert link(enrolled).certificate == enrolled.renewed


@pytest.mark.parametrize("house", ["r2", ""])
def test_an_enrolment_of_another_house_or_without_a_cloud_is_refused(
    enrolled: Enrolled, house: str
) -> None:
    cloud = way(b"ca", enrolled.papers.for_restaurant("r2"), "cloud.example") if house else None
    with pytest.raises(IdentityRefused, match="r2" if house else "names no cloud"):
        enrol_again(enrolled.identity, Enrolment(House(house), cloud=cloud))
    assert link(enrolled).address == "127.0.0.1:8883"


def test_the_command_takes_a_new_enrolment_and_leaves_the_rest(
    enrolled: Enrolled, tmp_path: Path
) -> None:
    before = enrolled.identity.directory.joinpath("terminal.json").read_bytes()
    again = enrolled.papers.for_restaurant("r1")
    cloud = way(enrolled.papers.authority(), again, "other.example")
    write_enrolment(tmp_path / "again.json", Enrolment(House("r1"), cloud=cloud))
    settings = {"COMPTOIR_IDENTITY_DIR": str(enrolled.identity.directory)}
    words = ["identity", "cloud", str(tmp_path / "again.json")]
    done = CliRunner().invoke(main, words, env=settings)
    assert (done.exit_code, done.output) == (0, "terminal t1 of r1 has a new way to its cloud\n")
    assert link(enrolled).address == "other.example:8883"
    assert enrolled.identity.directory.joinpath("terminal.json").read_bytes() == before
