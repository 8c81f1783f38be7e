"""The cloud gives updates to its restaurants, by their bridges' papers, and to nobody else."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from comptoir.bootstrap.cloud_bundles import Giving, OfferRefused, offer, open_giving
from comptoir.bootstrap.head_office import office_card, on_shelf
from comptoir.bus import Address, CloudTls
from comptoir.cli import main
from comptoir.cloud import EmbeddedStore
from comptoir.cloud.mirror import HEAD_OFFICE
from comptoir.cloud.papers import APP, RENEWER, Papers
from comptoir.commands.updates import updates
from comptoir.domain.updates import Offer
from comptoir.settings import Settings
from comptoir.updates import bundles
from comptoir.updates.door import Lost
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Remote, Source
from tests.fakes.box import Box
from tests.fakes.bundles import KIND, bundle, root
from tests.fakes.evening import dine

HERE = "127.0.0.1"
FAST = 1 << 30


@dataclass
class Cloud:
    """A cloud with one restaurant, and what it has to give."""

    folder: Path
    settings: Settings
    store: EmbeddedStore
    papers: Papers
    renewing: Papers
    giving: Giving | None = None

    def shows(self, name: str, papers: Papers, client: str = "") -> Source:
        """Return the cloud as who shows a certificate made out to this name sees it."""
        paper, here = papers.issue(name, client=client), self.folder / f"{name}.{id(papers)}"
        here.mkdir(exist_ok=True)
        (here / "ca.crt").write_bytes(self.papers.authority())
        (here / "crt").write_bytes(paper.certificate)
        (here / "key").write_bytes(paper.key)
        tls = CloudTls(here / "ca.crt", here / "crt", here / "key")
        assert self.giving is not None
        at = Address(HERE, self.giving.port)
        return Source("cloud", at, tls.context, tls.accepts, HERE)

    def asked(self, file: Path, source: Source) -> bytes:
        """Return a bundle, or raise Lost, as a terminal would ask for it."""
        about = bundles.whole(file).about
        remote = Remote(about.bundle, about.size, [source], Rate(FAST), lambda _: None)
        try:
            return remote.read(0, about.size)
        finally:
            remote.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "new.raucb"
    place.write_bytes(bundle(root()))
    return place


@pytest.fixture
def cloud(tmp_path: Path, box: Box) -> Iterator[Cloud]:
    papers, renewing = Papers(tmp_path / "tls"), Papers(tmp_path / "tls/renewing", RENEWER)
    papers.keep("server", [HERE])
    renewing.authority()
    settings = Settings(
        data_dir=tmp_path / "data", cloud_tls_dir=str(tmp_path / "tls"), update_port=1
    )
    store = EmbeddedStore(settings.data_dir / "cloud")
    store.migrate()
    dine(box, paid=1, unpaid=0)
    store.register("r1", [box.card])
    store.admit({"r1": box.sealed()})
    yield Cloud(tmp_path, settings, store, papers, renewing)
    store.close()


@pytest.fixture
def giving(cloud: Cloud, file: Path) -> Iterator[Cloud]:
    offer(cloud.store, without_tls(cloud.settings), file, ["r1"], at_once=False)
    made = open_giving(cloud.store, replace(cloud.settings, update_port=0), HERE)
    thread = threading.Thread(target=made.run)
    thread.start()
    cloud.giving = made
    yield cloud
    made.stop()
    thread.join()


def without_tls(settings: Settings) -> Settings:
    """Return the same for a cloud whose broker nobody answers as."""
    return replace(settings, cloud_tls_dir="")


def offered(cloud: Cloud, box: Box) -> list[tuple[str, str, bool]]:
    """Return what a terminal that knows the head office is offered, once it has heard."""
    trust = {box.name: box.card, HEAD_OFFICE: office_card(cloud.settings)}
    for log in cloud.store.marks(["r1"])["r1"]:
        if log[0] == HEAD_OFFICE:
            said = cloud.store.range("r1", log, 1, 1000, 1 << 20)
            box.journal.admit(said, restaurant="r1", trust=trust)
    return [(one.compatible, one.version, one.at_once) for one in updates(box.journal).offers]


def test_a_restaurants_bridge_gets_it_byte_for_byte_also_by_what_was_renewed(
    giving: Cloud, file: Path
) -> None:
    for papers in (giving.papers, giving.renewing):
        source = giving.shows("r1", papers, "r1.0badcafe")
        assert giving.asked(file, source) == file.read_bytes()


def test_nobody_else_gets_it(giving: Cloud, file: Path, tmp_path: Path) -> None:
    strangers = Papers(tmp_path / "strangers")
    for source in (
        giving.shows("r1", strangers),  # of another authority
        giving.shows("r2", giving.papers),  # a restaurant that is not this cloud's
        giving.shows(APP, giving.papers),  # the cloud's own programs
    ):
        with pytest.raises(Lost):
            giving.asked(file, source)


@pytest.mark.parametrize("at_once", [False, True])
def test_it_is_offered_to_the_restaurants_chosen_for_the_night_or_at_once(
    cloud: Cloud, file: Path, box: Box, at_once: bool
) -> None:
    cloud.store.register("r2", [box.card])
    offer(cloud.store, without_tls(cloud.settings), file, ["r1"], at_once=at_once)
    assert offered(cloud, box) == [(KIND, "1.2", at_once)]
    assert [log[0] for log in cloud.store.marks(["r2"]).get("r2", {})] == []
    again = offer(cloud.store, without_tls(cloud.settings), file, ["r1"], at_once=at_once)
    assert again.about.bundle == bundles.whole(file).about.bundle
    assert len(offered(cloud, box)) == 1


def test_without_a_restaurant_it_lies_ready_for_the_head_office_under_its_own_sum(
    cloud: Cloud, file: Path, box: Box
) -> None:
    assert on_shelf(cloud.settings) == []
    held = offer(cloud.store, without_tls(cloud.settings), file, [], at_once=False)
    (cloud.settings.data_dir / "bundles/by-hand.raucb").write_bytes(b"not put there by us")
    about = held.about
    assert on_shelf(cloud.settings) == [Offer(about.bundle, KIND, "1.2", about.size)]
    assert offered(cloud, box) == []


def test_of_a_restaurant_nobody_knows_nothing_is_offered_to_any(
    cloud: Cloud, file: Path, box: Box
) -> None:
    with pytest.raises(OfferRefused, match="no restaurant nowhere"):
        offer(cloud.store, without_tls(cloud.settings), file, ["r1", "nowhere"], at_once=False)
    assert offered(cloud, box) == []


def test_the_command_says_what_it_did_or_that_a_file_is_no_bundle(
    cloud: Cloud, file: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "cloud.toml"
    settings.write_text(f'data_dir = "{tmp_path}/data"\n', "utf-8")
    words = ["--settings", str(settings), "cloud", "offer"]
    done = CliRunner().invoke(main, [*words, str(file), "r1", "--now"])
    assert done.output == f"r1: version 1.2 of {KIND}, now\n"
    refused = CliRunner().invoke(main, [*words, str(settings), "r1"])
    assert refused.exit_code == 1
    assert "is no bundle" in refused.output
    assert cloud.store.restaurants() == ["r1"]
