"""The command line: one command for each program of a terminal, and for those who look after it."""

import dataclasses
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import click

from comptoir import bootstrap, identity, packs, settings, tax_packs
from comptoir.api_client import TillClient
from comptoir.cloud import RestaurantRefused, StoreUnavailable
from comptoir.commands import price_file
from comptoir.demo.failures import DemoRefused
from comptoir.demo.layout import TERMINALS_MAX
from comptoir.demo.run import Options
from comptoir.demo.run import run as run_demo
from comptoir.domain import pricing
from comptoir.domain.errors import DomainError
from comptoir.domain.records import dump
from comptoir.identity import Identity, IdentityRefused
from comptoir.journal import Journal, JournalUnusable
from comptoir.menu_import import import_menu
from comptoir.settings import FILES, SettingRefused, Settings

REFUSALS = (
    DemoRefused,
    DomainError,
    IdentityRefused,
    JournalUnusable,
    SettingRefused,
    RestaurantRefused,
    StoreUnavailable,
)


class Refusing(click.Group):
    """Ends every refusal in one line: what, where, what to do; no traceback for a person."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal becomes the last line and exit code 1."""
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from error


pass_settings = click.make_pass_decorator(Settings)


@click.group(cls=Refusing)
@click.option(
    "--settings", "files", multiple=True, type=click.Path(path_type=Path),
    help="A TOML file with settings; later ones win. Default: COMPTOIR_SETTINGS, or the system's.",
)  # fmt: skip
@click.version_option(package_name="comptoir")
@click.pass_context
def main(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Comptoir: a restaurant point of sale in which no terminal is special."""
    listed = os.environ.get("COMPTOIR_SETTINGS", "")
    chosen = files or tuple(Path(name) for name in listed.split(":") if name) or FILES
    ctx.obj = settings.load(chosen, os.environ)


@main.command()
@pass_settings
def migrate(config: Settings) -> None:
    """Bring the journal's tables up to this version."""
    for name in bootstrap.migrate(config):
        click.echo(f"applied {name}")


@main.group("config")
def config_group() -> None:
    """Look at the settings."""


@config_group.command("show")
@pass_settings
def config_show(config: Settings) -> None:
    """Print every setting in force."""
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        click.echo(f"{field.name} = {json.dumps(value, default=str)}  # {field.metadata['help']}")


@config_group.command("check")
@pass_settings
def config_check(_: Settings) -> None:
    """Check the settings files; says which value is wrong and where."""
    click.echo("settings are right")


@main.group("identity")
def identity_group() -> None:
    """Make or show who this terminal is."""


@identity_group.command("init")
@click.option("--enrol", type=click.Path(path_type=Path), help="Enrolment file of the installer.")
@pass_settings
def identity_init(config: Settings, enrol: Path | None) -> None:
    """Make this terminal's keys and name; once."""
    made = bootstrap.make_identity(config, enrol)
    click.echo(f"terminal {made.terminal} ({made.place.name}) of {made.restaurant.id}")


@identity_group.command("card")
@pass_settings
def identity_card(config: Settings) -> None:
    """Print this terminal's card, by which others admit it."""
    click.echo(json.dumps(dump(identity.read(config.identity_dir).card), indent=2))


@main.group("journal")
def journal_group() -> None:
    """Look into the journal."""


@journal_group.command("verify")
@click.option(
    "--archive", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Check an archive of the fiscal series instead of the journal.",
)  # fmt: skip
@pass_settings
def journal_verify(config: Settings, archive: Path | None) -> None:
    """Check every hash, chain and signature, the fiscal series, and the projections' events."""
    if archive is not None:
        _told_of_archive(*bootstrap.check_archive(config, archive))
        return
    found = bootstrap.verify_journal(config)
    for line in found.faults:
        click.echo(line, err=True)
    click.echo(f"{found.events} events of {found.logs} logs, {len(found.faults)} faults")
    if found.faults:
        sys.exit(1)


def _told_of_archive(receipts: int, faults: list[str]) -> None:
    for line in faults:
        click.echo(line, err=True)
    click.echo(f"{receipts} receipts, {len(faults)} faults")
    if faults:
        sys.exit(1)


@journal_group.command("archive")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_settings
def journal_archive(config: Settings, file: Path) -> None:
    """Write the fiscal series of all terminals held here, signed by this one, to FILE (ZIP)."""
    click.echo(f"{bootstrap.archive_series(config, file)} receipts in {file}")


class Program(Protocol):
    """A program that works until it is told to stop."""

    def run(self) -> None: ...
    def stop(self) -> None: ...


def _run(program: Program) -> None:
    """Run a program with its log on standard error; SIGTERM and Ctrl-C end it cleanly."""
    # force: python-escpos sets up logging for itself when it is imported
    logging.basicConfig(
        force=True, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: program.stop())
    program.run()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # the end is under way; a second one adds nothing


def _run_at_terminal(
    config: Settings, build: Callable[[Journal, Identity, Settings], Program]
) -> None:
    journal = bootstrap.open_journal(config)
    try:
        _run(build(journal, identity.read(config.identity_dir), config))
    finally:
        journal.close()


@main.command()
@pass_settings
def till(config: Settings) -> None:
    """Serve the till's screens and its API."""
    _run_at_terminal(config, bootstrap.open_till)


@main.command()
@pass_settings
def replica(config: Settings) -> None:
    """Share this terminal's journal with its peers and the cloud."""
    _run_at_terminal(config, bootstrap.open_replica)


@main.command()
@pass_settings
def devices(config: Settings) -> None:
    """Print what the kitchen and the guests get on paper."""
    _run_at_terminal(config, bootstrap.open_devices)


@main.command("bridge-config")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file; default: print.")
@pass_settings
def bridge_config(config: Settings, out: Path | None) -> None:
    """Print the broker's connection to the cloud; nothing when there is no cloud."""
    block = bootstrap.bridge_config(config)
    if out is None:
        click.echo(block, nl=False)
    else:
        out.write_text(block, encoding="ascii")


@main.group()
def menu() -> None:
    """Look after the menu."""


@menu.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--pin", prompt="Manager's PIN", hide_input=True, help="A manager's PIN; asked for.")
@pass_settings
def menu_import(config: Settings, file: Path, pin: str) -> None:
    """Make FILE (CSV or JSON, as docs/menu-file.md says) the menu; all of it or nothing."""
    made = import_menu(file, TillClient(config.http_port), pin)
    click.echo(f"{len(made.items)} items in {len(made.categories)} categories from {file.name}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def price(file: Path) -> None:
    """Price the check in FILE (JSON, as docs/pricing.md says; - is standard input)."""
    sheet = price_file.load(file)
    click.echo(json.dumps(price_file.written(sheet, pricing.price(sheet)), indent=2))


@main.group()
def taxes() -> None:
    """Look at tax packs: what restaurants of a region charge."""


@taxes.command("list")
def taxes_list() -> None:
    """List the regions there is a pack for."""
    for region in packs.regions():
        click.echo(f"{region:14} {packs.load(region).name}")


@taxes.command("show")
@click.argument("region")
def taxes_show(region: str) -> None:
    """Show a pack: its rates, since when, and the page that says so."""
    for line in tax_packs.described(packs.load(region)):
        click.echo(line)


@taxes.command("apply")
@click.argument("region")
@click.option("--pin", prompt="Manager's PIN", hide_input=True, help="A manager's PIN; asked for.")
@pass_settings
def taxes_apply(config: Settings, region: str, pin: str) -> None:
    """Put a region's taxes on this house's menu, and its rounding in force."""
    pack = packs.load(region)
    tax_packs.apply(region, TillClient(config.http_port), pin)
    click.echo(f"{len(pack.taxes)} taxes of {pack.name}")


@main.command()
@click.option(
    "--terminals", default=3, type=click.IntRange(1, TERMINALS_MAX), show_default=True,
    help="How many terminals.",
)  # fmt: skip
@click.option(
    "--port", "first", default=8000, type=click.IntRange(1024, 65000), show_default=True,
    help="Port of the page; the tills have the next ones.",
)  # fmt: skip
@click.option("--script", default="", help="Run commands from a file, - for standard input.")
@click.option(
    "--pace", default=1, type=click.IntRange(1, 10), show_default=True,
    help="How many times as fast the robots work.",
)  # fmt: skip
@click.option("--believe-local", is_flag=True, hidden=True)
def demo(terminals: int, first: int, script: str, pace: int, believe_local: bool) -> None:
    """Run a whole restaurant on this computer: break it in your browser."""
    sys.exit(run_demo(Options(terminals, first, script, pace, believe_local)))


@main.group()
def cloud() -> None:
    """Keep the events of many restaurants."""


@cloud.command("migrate")
@pass_settings
def cloud_migrate(config: Settings) -> None:
    """Bring the cloud's store up to this version."""
    store = bootstrap.open_store(config)
    try:
        for name in store.migrate():
            click.echo(f"applied {name}")
    finally:
        store.close()


@cloud.command("register")
@click.argument("restaurant")
@click.argument("cards", nargs=-1, type=click.Path(exists=True, path_type=Path))
@pass_settings
def cloud_register(config: Settings, restaurant: str, cards: tuple[Path, ...]) -> None:
    """Take a restaurant in, with the cards of its first terminals (identity card > FILE)."""
    store = bootstrap.open_store(config)
    try:
        store.register(restaurant, [identity.read_card(file) for file in cards])
    finally:
        store.close()


@cloud.command("ingest")
@pass_settings
def cloud_ingest(config: Settings) -> None:
    """Take in what terminals upload, and tell them how far it is kept."""
    store = bootstrap.open_store(config)
    try:
        _run(bootstrap.open_ingest(store, config))
    finally:
        store.close()
