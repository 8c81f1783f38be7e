"""Operations of those who run the house: floor, people, programs, terminals."""

import base64
import hashlib
from http import HTTPStatus

from comptoir.commands import (
    AdmitTerminal,
    PublishFloor,
    RetireTerminal,
    SetClient,
    SetStaff,
    queries,
)
from comptoir.commands.house import SetHouse
from comptoir.commands.offline import SetOffline, SetOfflineLimits, offline
from comptoir.commands.passphrase import SetPassphrase
from comptoir.commands.pins import token_fits
from comptoir.commands.terminals import AdoptEvent, DecideTerminals
from comptoir.domain.errors import NotAllowed
from comptoir.domain.house import MANAGER, Card, Client
from comptoir.domain.offline import Offline
from comptoir.web import passphrases
from comptoir.web.api import answers, bodies
from comptoir.web.api.caller import actor, carry_out, command_id
from comptoir.web.api.operation import Access, Registry
from comptoir.web.services import services

running = Registry("running the house")


@running.commands("/restaurant", answers.Done, method="PUT", body=bodies.House)
def set_house(body: bodies.House) -> answers.Done:
    """Call the restaurant this, in these languages."""
    return answers.done(*carry_out(SetHouse(command_id(), body.name, body.languages)))


@running.commands("/floor", answers.Done, method="PUT", body=bodies.NewFloor)
def publish_floor(body: bodies.NewFloor) -> answers.Done:
    """Make this the floor plan."""
    return answers.done(*carry_out(PublishFloor(command_id(), body.areas)))


@running.commands("/staff/<staff>", answers.Done, method="PUT", body=bodies.Person)
def set_staff(staff: str, body: bodies.Person) -> answers.Done:
    """Add or change a person."""
    command = SetStaff(
        command_id(),
        staff,
        body.name,
        body.role,
        body.pin,
        body.language,
        body.active,
        body.badge,
        body.left_handed,
    )
    return answers.done(*carry_out(command))


@running.reads("/clients", answers.ClientList)
def list_clients() -> answers.ClientList:
    """List the programs that may use the API."""
    _managers_only()
    clients: list[Client] = services().journal.states("client")
    return answers.ClientList(tuple(answers.client(client) for client in clients))


@running.commands("/clients/<client>", answers.NewToken, method="PUT", body=bodies.Program)
def set_client(client: str, body: bodies.Program) -> answers.NewToken:
    """Give a program a new token, or take its access away."""
    token = _token(client)
    command = SetClient(command_id(), client, body.name, body.role, token, body.active)
    outcome, safety = carry_out(command)
    state: Client = services().journal.state(f"client:{client}")
    told = token if token_fits(state.token_hash, token) else ""
    done = answers.done(outcome, safety)
    return answers.NewToken(told, answers.client(state), done.safety)


def _token(client: str) -> str:
    """Return a token that only this terminal can make, the same one for the same command."""
    purpose = f"comptoir client token\0{client}\0{command_id()}".encode()
    secret = services().signer.sign(hashlib.sha256(purpose).digest())
    return base64.urlsafe_b64encode(hashlib.sha256(secret).digest()).decode().rstrip("=")


@running.reads("/terminal", Card, access=Access.OPEN)
def read_card() -> Card:
    """Read this terminal's card: what others must know to trust it."""
    return services().identity.card


@running.reads("/terminals", answers.TerminalList)
def list_terminals() -> answers.TerminalList:
    """List the terminals of the restaurant, the retired ones too."""
    terminals = queries.terminals(services().journal)
    return answers.TerminalList(tuple(answers.terminal(terminal) for terminal in terminals))


@running.commands("/terminals", answers.Done, body=bodies.Admitted, status=HTTPStatus.CREATED)
def admit_terminal(body: bodies.Admitted) -> answers.Done:
    """Let a terminal take part."""
    return answers.done(*carry_out(AdmitTerminal(command_id(), body.card)))


class Retired(bodies.Body, frozen=True):
    """Why; beyond half of the terminals with the house's passphrase."""

    reason: bodies.Text = ""
    passphrase: bodies.Text = ""


@running.commands("/terminals/<terminal>/retire", answers.Done, body=Retired)
def retire_terminal(terminal: str, body: Retired) -> answers.Done:
    """Report a terminal stolen, broken or replaced: it never takes part again."""
    command = RetireTerminal(command_id(), terminal, body.reason, body.passphrase)
    return answers.done(*carry_out(command))


class OldPassphrase(bodies.Body, frozen=True):
    """The passphrase until now, if there is one."""

    old: bodies.Text = ""


@running.commands("/passphrase", answers.NewPassphrase, method="PUT", body=OldPassphrase)
def make_passphrase(body: OldPassphrase) -> answers.NewPassphrase:
    """Give the house a new passphrase; it is told this once, and kept as a hash."""
    made = passphrases.made(command_id())
    outcome, safety = carry_out(SetPassphrase(command_id(), made, body.old))
    return answers.NewPassphrase(passphrases.kept(made), answers.done(outcome, safety).safety)


class Kept(bodies.Body, frozen=True):
    """The other one of two terminals that retired each other: it is out."""

    out: bodies.Id


@running.commands("/terminals/<terminal>/keep", answers.Done, body=Kept)
def keep_terminal(terminal: str, body: Kept) -> answers.Done:
    """Decide, on a third terminal, which of two that retired each other is kept."""
    return answers.done(*carry_out(DecideTerminals(command_id(), terminal, body.out)))


class Adopted(bodies.Body, frozen=True):
    """An event that was set aside, by its hash."""

    hash: bodies.Text


@running.commands("/terminals/<terminal>/adopt", answers.Done, body=Adopted)
def adopt_event(terminal: str, body: Adopted) -> answers.Done:
    """Take over one event that a retired terminal wrote after its cut-off."""
    return answers.done(*carry_out(AdoptEvent(command_id(), terminal, body.hash)))


@running.reads("/offline", Offline)
def read_offline() -> Offline:
    """Tell whether the restaurant is kept off the internet, since when, by whom and why."""
    return offline(services().journal)


class OfflineWanted(bodies.Body, frozen=True):
    """Whether to stay off the internet, and why."""

    offline: bool
    reason: bodies.Text = ""


@running.commands("/offline", answers.Done, method="PUT", body=OfflineWanted)
def set_offline(body: OfflineWanted) -> answers.Done:
    """Keep the restaurant off the internet, or let it back: the uplink stops on every terminal."""
    return answers.done(*carry_out(SetOffline(command_id(), body.offline, body.reason)))


class OfflineLimits(bodies.Body, frozen=True):
    """Up to what card and account are taken offline without a manager, in minor units."""

    each_max: bodies.Amount
    total_max: bodies.Amount


@running.commands("/offline/limits", answers.Done, method="PUT", body=OfflineLimits)
def set_offline_limits(body: OfflineLimits) -> answers.Done:
    """Say up to what card and account are taken offline without a manager."""
    return answers.done(*carry_out(SetOfflineLimits(command_id(), body.each_max, body.total_max)))


def _managers_only() -> None:
    if actor().role != MANAGER:
        raise NotAllowed(f"A {actor().role} may not see this. Ask a manager.")
