import json
import threading
from pathlib import Path

import pytest
from cryptography import x509

from comptoir.domain.house import Card
from comptoir.domain.records import dump
from comptoir.enrolment import Cloud, Enrolment, create, read_enrolment
from comptoir.identity import House, IdentityRefused, Place, read, wait_for
from comptoir.journal import Signer


def test_an_identity_is_made_once_and_read_back(tmp_path: Path) -> None:
    made = create(tmp_path / "id", Enrolment(), tmp_path / "peers.json")
    assert read(tmp_path / "id") == made
    assert made.founder
    with pytest.raises(IdentityRefused, match="never replaced"):
        create(tmp_path / "id", Enrolment(), tmp_path / "peers.json")


def test_who_waits_for_an_identity_goes_on_when_it_is_whole(tmp_path: Path) -> None:
    maker = threading.Timer(0.2, create, [tmp_path / "id", Enrolment(), tmp_path / "peers.json"])
    maker.start()
    wait_for(tmp_path / "id", 60)
    assert read(tmp_path / "id").founder
    maker.join()


def test_who_waits_for_an_identity_in_vain_is_told_what_to_do(tmp_path: Path) -> None:
    wait_for(tmp_path / "none", 0.2)
    with pytest.raises(IdentityRefused, match="comptoir identity init"):
        read(tmp_path / "none")


def test_a_key_that_may_not_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    create(tmp_path, Enrolment(), tmp_path / "peers.json")
    (tmp_path / "signing.key").unlink()
    with pytest.raises(IdentityRefused, match="cannot be read here"):
        wait_for(tmp_path, 0)


def test_two_terminals_made_alike_are_two(tmp_path: Path) -> None:
    one, two = (create(tmp_path / n, Enrolment(), tmp_path / "p") for n in "ab")
    assert one.terminal != two.terminal
    assert one.restaurant.id != two.restaurant.id


def test_only_the_till_may_read_the_signing_key(tmp_path: Path) -> None:
    made = create(tmp_path, Enrolment(), tmp_path / "peers.json")
    assert (tmp_path / "signing.key").stat().st_mode & 0o777 == 0o600
    assert Signer.load(tmp_path / "signing.key").public == made.card.signing_key


def test_the_lan_certificate_holds_without_a_clock(tmp_path: Path) -> None:
    made = create(tmp_path, Enrolment(terminal=Place("t7", "G", "Bar")), tmp_path / "peers.json")
    certificate = x509.load_pem_x509_certificate(made.card.lan_cert.encode())
    assert certificate.not_valid_before_utc.year == 1970
    assert certificate.not_valid_after_utc.year == 2099
    assert certificate.subject.rfc4514_string() == "CN=t7"


def test_the_lan_certificate_can_issue_no_other(tmp_path: Path) -> None:
    made = create(tmp_path, Enrolment(), tmp_path / "peers.json")
    certificate = x509.load_pem_x509_certificate(made.card.lan_cert.encode())
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_an_enrolment_names_house_terminal_peers_and_cloud(tmp_path: Path) -> None:
    founder = create(tmp_path / "a", Enrolment(terminal=Place("t1", "A", "Bar")), tmp_path / "p")
    enrolment = Enrolment(
        House("r1", "Chez Lin", "EUR", "Europe/Paris"),
        Place("t2", "B", "Terrace"),
        (founder.card,),
        {"t1": "10.0.0.1:8883"},
        Cloud("cloud.example", 8883, "ca", "cert", "key"),
    )
    file = tmp_path / "comptoir-enrol.json"
    file.write_text(json.dumps(dump(enrolment)), encoding="utf-8")
    made = create(tmp_path / "b", read_enrolment(file), tmp_path / "peers.json")
    assert not made.founder
    assert set(made.trust) == {"t1", "t2"}
    assert json.loads((tmp_path / "peers.json").read_text()) == {"t1": "10.0.0.1:8883"}
    assert json.loads((tmp_path / "b" / "cloud.json").read_text())["host"] == "cloud.example"


def test_an_enrolment_may_bring_the_head_offices_card_which_is_no_terminals(tmp_path: Path) -> None:
    card = Card("head-office", "H", "Head office", "key", "")
    cloud = Cloud("cloud.example", 8883, "ca", "cert", "key", card)
    file = tmp_path / "comptoir-enrol.json"
    file.write_text(json.dumps(dump(Enrolment(cloud=cloud))), encoding="utf-8")
    made = create(tmp_path / "a", read_enrolment(file), tmp_path / "peers.json")
    assert made.cloud == card
    assert set(made.authors) == {made.terminal, "head-office"}
    assert set(made.trust) == {made.terminal}
    assert made.founder


@pytest.mark.parametrize("text", ["", "[]", '{"terminal": "t1"}', '{"trust": [{}]}'])
def test_a_wrong_enrolment_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "comptoir-enrol.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(IdentityRefused, match=r"comptoir-enrol\.json"):
        read_enrolment(file)


def test_a_missing_identity_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IdentityRefused, match="comptoir identity init"):
        read(tmp_path)


def test_a_making_cut_short_starts_again(tmp_path: Path) -> None:
    create(tmp_path, Enrolment(), tmp_path / "peers.json")
    (tmp_path / "terminal.json").unlink()
    assert create(tmp_path, Enrolment(), tmp_path / "peers.json").founder
