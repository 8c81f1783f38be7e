"""Hands a menu file to this terminal's till, as a manager does over its API."""

from pathlib import Path
from uuid import uuid4

from comptoir.api_client import JSON, TillClient, TillUnreachable
from comptoir.commands import menu_file
from comptoir.domain.errors import DomainError
from comptoir.domain.menu import Menu

CSV = "text/csv"


class ImportRefused(DomainError):
    """The till did not take the menu; nothing of it was imported."""

    code = "import-refused"


def import_menu(file: Path, client: TillClient, pin: str, *, draft: bool = False) -> Menu:
    """Publish a menu file, or keep it in the draft.

    Raises MenuFileRefused or ImportRefused, and then nothing changed.
    """
    try:
        return _import(file, client, pin, "?draft=true" if draft else "")
    except TillUnreachable as error:
        raise ImportRefused(f"{error}. Start it (comptoir till) and import again.") from error
    finally:
        client.close()


def _import(file: Path, client: TillClient, pin: str, query: str) -> Menu:
    session = client.post("/api/v1/sessions", {"pin": pin}, uuid4().hex)
    if not session.ok:
        raise ImportRefused(f"The till does not know this PIN: {session.detail}")
    client.token = session.body["token"]
    currency = client.get("/api/v1/menu").body["currency"]
    menu = menu_file.load(file, currency)
    media = JSON if file.suffix == ".json" else CSV
    done = client.put(f"/api/v1/menu{query}", file.read_bytes(), media, uuid4().hex)
    if not done.ok:
        raise ImportRefused(f"The till did not take {file.name}: {done.detail}")
    return menu
