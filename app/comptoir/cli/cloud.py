"""Keeps the events of many restaurants."""

import json
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

import click
import segno

from comptoir import identity
from comptoir.bootstrap.cloud import open_ingest, open_store
from comptoir.bus import Address, AddressRefused
from comptoir.cli import pass_settings
from comptoir.cli.running import run
from comptoir.cloud.papers import BRIDGE_DAYS, DAYS, RENEWER, Papers
from comptoir.domain.head_office import EVERY, User
from comptoir.domain.records import dump
from comptoir.enrolment import Cloud, Enrolment, write_enrolment
from comptoir.settings import Settings


@click.group()
def cloud() -> None:
    """Keep the events of many restaurants."""


@cloud.command("migrate")
@pass_settings
def migrate(config: Settings) -> None:
    """Bring the cloud's store up to this version."""
    store = open_store(config)
    try:
        for name in store.migrate():
            click.echo(f"applied {name}")
    finally:
        store.close()


@cloud.command("register")
@click.argument("restaurant")
@click.argument("cards", nargs=-1, type=click.Path(exists=True, path_type=Path))
@pass_settings
def register(config: Settings, restaurant: str, cards: tuple[Path, ...]) -> None:
    """Take a restaurant in, with the cards of its first terminals (identity card > FILE)."""
    store = open_store(config)
    try:
        store.register(restaurant, [identity.read_card(file) for file in cards])
    finally:
        store.close()


@cloud.command("ingest")
@pass_settings
def ingest(config: Settings) -> None:
    """Take in what terminals upload, and tell them how far it is kept."""
    store = open_store(config)
    try:
        run(open_ingest(store, config))
    finally:
        store.close()


@cloud.command("bundles")
@pass_settings
def bundles(config: Settings) -> None:
    """Give restaurants the updates that were offered to them, where no terminal of theirs has it.

    It listens on update_port of the broker's hosts, with the certificates in cloud_tls_dir.
    """
    from comptoir.bootstrap.cloud_bundles import open_giving  # noqa: PLC0415 - a worker needs none

    store = open_store(config)
    try:
        run(open_giving(store, config))
    finally:
        store.close()


@cloud.command("offer")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("restaurants", nargs=-1)
@click.option("--now", is_flag=True, help="They install it at once, not in their quiet hour.")
@pass_settings
def offer_bundle(config: Settings, file: Path, restaurants: tuple[str, ...], now: bool) -> None:
    """Offer an update (a .raucb of image/build) to restaurants, and give it to who asks.

    Without a restaurant it lies ready for the head office's page of updates. Run it as the head
    office's user: it writes in the head office's name.
    """
    from comptoir.bootstrap.cloud_bundles import offer  # noqa: PLC0415 - a worker needs none

    store = open_store(config)
    try:
        about = offer(store, config, file, restaurants, at_once=now).about
    finally:
        store.close()
    when = "ready to be offered" if not restaurants else "now" if now else "in their quiet hour"
    who = ", ".join(restaurants) or "on the shelf"
    click.echo(f"{who}: version {about.version} of {about.compatible}, {when}")


@cloud.command("office")
@pass_settings
def office(config: Settings) -> None:
    """Serve the head office: restaurants side by side."""
    from comptoir.bootstrap.head_office import open_office  # noqa: PLC0415 - a worker needs no web

    store = open_store(config)
    try:
        run(open_office(store, config))
    finally:
        store.close()


@cloud.command("card")
@pass_settings
def card(config: Settings) -> None:
    """Print the head office's card; terminals that have it as cloud-card.json take its prices."""
    from comptoir.bootstrap.head_office import office_card  # noqa: PLC0415 - a worker needs no web

    click.echo(json.dumps(dump(office_card(config)), indent=2))


@cloud.command("certify")
@click.argument("names", nargs=-1, required=True)
@click.option("--papers", required=True, type=click.Path(path_type=Path), help="Their folder.")
@click.option(
    "--host", "hosts", multiple=True, help="Name or address of a server; repeat for more."
)
@click.option("--days", default=DAYS, show_default=True, help="How long a new one is good.")
def certify(names: tuple[str, ...], papers: Path, hosts: tuple[str, ...], days: int) -> None:
    """Keep certificates of the cloud's own servers and programs; says which were made now."""
    folder = Papers(papers)
    for name in names:
        if folder.keep(name, hosts, days):
            click.echo(f"made {papers / name}.crt")


@cloud.command("renewer")
@click.option("--papers", required=True, type=click.Path(path_type=Path), help="Its folder.")
def renewer(papers: Path) -> None:
    """Keep the authority by which ingest workers renew restaurants' certificates.

    It is another than that of certify: the key of this one lies on the workers' servers, so no
    terminal and no database believes it, only the broker.
    """
    made = not (papers / "ca.crt").exists()
    Papers(papers, RENEWER).authority()
    if made:
        click.echo(f"made {papers / 'ca.crt'}")


@cloud.command("enrol")
@click.argument("restaurant")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--papers", required=True, type=click.Path(path_type=Path), help="Folder of certify.")
@click.option(
    "--at", required=True, help="The cloud's broker: host:port, of three host,host,host:port."
)
@click.option("--terminal", default="", help="Id of the terminal; empty: of its own making.")
@click.option("--letter", default="A", show_default=True, help="Begins the numbers of its checks.")
@click.option("--name", default="", help="The restaurant's name.")
@click.option("--currency", default="", help="Its currency, such as EUR.")
@click.option("--timezone", default="", help="Its time zone, such as Europe/Paris.")
@click.option("--card", type=click.Path(exists=True, path_type=Path), help="Of cloud card.")
@click.option(
    "--days", default=BRIDGE_DAYS, show_default=True, help="How long its first certificate is good."
)
def enrol(restaurant: str, file: Path, papers: Path, at: str, **said: Any) -> None:
    """Write the enrolment file of a new terminal: its restaurant, and its way to this cloud.

    The file holds a key. Put it on the boot partition (image/flash --enrol), then delete it.
    """
    folder = Papers(papers)
    try:
        address = Address.parse(at)
    except AddressRefused as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
    paper = folder.for_restaurant(restaurant, said["days"])
    card = identity.read_card(said["card"]) if said["card"] else None
    house = identity.House(restaurant, said["name"], said["currency"], said["timezone"])
    place = identity.Place(said["terminal"], said["letter"])
    pem = (folder.authority().decode(), paper.certificate.decode(), paper.key.decode())
    way = Cloud(address.host, address.port, *pem, card)
    write_enrolment(file, Enrolment(house, place, cloud=way))


@cloud.command("user")
@click.argument("name")
@click.option("--restaurant", "restaurants", multiple=True, help="One they see; repeat for more.")
@click.option("--every", is_flag=True, help="They see every restaurant, those to come too.")
@click.option("--publishes", is_flag=True, help="They may change prices and offer updates.")
@click.option("--audits", is_flag=True, help="They may read who did what.")
@click.option("--language", default="en", show_default=True, help="Language of their pages.")
@click.option("--password", type=click.File(), help="A file with a new password; - asks input.")
@click.option("--new-code", is_flag=True, help="Give them a new second factor.")
@click.option("--off", is_flag=True, help="They may not sign in any more.")
@pass_settings
def user(config: Settings, /, name: str, password: TextIO | None, **said: Any) -> None:
    """Add a person of the head office, or set their rights anew.

    Prints the second factor of who is new, once, for their authenticator app.
    """
    from comptoir.bootstrap.head_office import set_user  # noqa: PLC0415 - a worker needs no web

    rights = (EVERY,) if said["every"] else said["restaurants"]
    powers = (said["publishes"], said["audits"], said["language"], not said["off"])
    wanted = User(name, "", "", rights, *powers)
    store = open_store(config)
    try:
        known = store.people.user(name)
        given = password.readline().rstrip("\n") if password else None
        made = set_user(store, wanted, given, new_code=said["new_code"])
    finally:
        store.close()
    if known is None or known.secret != made.secret:
        label = quote(f"Comptoir:{name}")
        address = f"otpauth://totp/{label}?secret={made.secret}&issuer=Comptoir"
        click.echo(address)
        segno.make(address).terminal(compact=True)
