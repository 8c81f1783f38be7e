"""Builds the till: the screens and the API on this terminal's journal."""

from comptoir.bootstrap.another_terminal import enrol_another
from comptoir.bootstrap.desk import attest_retired, found_if_new, open_desk
from comptoir.bootstrap.terminal import known_time
from comptoir.bus import Address, Endpoint
from comptoir.commands.clocks_ahead import note_ahead
from comptoir.commands.desk import Around
from comptoir.identity import Identity
from comptoir.journal import Journal, Signer
from comptoir.settings import Settings
from comptoir.web.changes import Changes
from comptoir.web.printers import PrinterBoard
from comptoir.web.program import Till
from comptoir.web.safety import SafetyBoard
from comptoir.web.services import Services
from comptoir.web.throttle import Throttle
from comptoir.web.updates import UpdateBoard


def open_till(journal: Journal, identity: Identity, settings: Settings) -> Till:
    """Return the till program of this terminal."""
    changes = Changes()
    safety = SafetyBoard(changes.notify)
    machine = known_time(journal, identity.terminal, settings)
    around = Around(
        off_ms=lambda: safety.report.off_ms if safety.report else 0,
        away_since_ms=lambda: safety.away_since_ms,
        alive=lambda: safety.peers,
        time_known=lambda: machine.known or safety.time_known,
        speaks=lambda: safety.speaks,
    )
    desk = open_desk(journal, identity, around, machine)
    services = Services(
        settings=settings,
        desk=desk,
        journal=journal,
        identity=identity,
        clock=desk.clock,
        signer=Signer.load(identity.directory / "signing.key"),
        changes=changes,
        enrol=lambda terminal, name, host: enrol_another(settings, name, "", host, terminal),
        safety=safety,
        printers=PrinterBoard(changes.notify),
        updates=UpdateBoard(changes.notify),
        throttle=Throttle(settings.data_dir / "wrong-pins.json"),
        machine=machine.machine,
    )
    broker = Endpoint(
        "own broker", Address(settings.broker_host, settings.broker_port), "comptoir-till"
    )
    return Till(
        services,
        broker,
        on_open=lambda: found_if_new(desk, identity, settings),
        on_news=lambda: attest_retired(desk),
        on_due=lambda: note_ahead(desk),
    )
