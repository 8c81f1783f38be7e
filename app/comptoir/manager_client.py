"""What a manager asks of a till from the command line, over its API."""

from typing import Any
from uuid import uuid4

from comptoir.api_client import LOCALHOST, Answer, TillClient, TillUnreachable
from comptoir.domain.errors import DomainError

WAIT_S = 20.0  # a PIN's hash and a copy on a peer take a small board a second each


class TillRefused(DomainError):
    """The till did not do it, and nothing changed."""

    code = "till-refused"


def ask(  # noqa: PLR0913 - of an HTTP request and who sends it
    port: int, method: str, path: str, body: Any = None, *, pin: str = "", host: str = LOCALHOST
) -> Any:
    """Return the till's answer to a request, a manager's by their PIN; raises TillRefused."""
    client = TillClient(port, timeout_s=WAIT_S, host=host)
    try:
        if pin:
            session = client.post("/api/v1/sessions", {"pin": pin}, uuid4().hex)
            client.token = _told(session, "The till does not know this PIN")["token"]
        get = method == "GET"
        answer = client.get(path) if get else client.post(path, body or {}, uuid4().hex)
        return _told(answer, "The till refused")
    except TillUnreachable as error:
        raise TillRefused(f"{error}. Start it (comptoir till), then try again.") from error
    finally:
        client.close()


def _told(answer: Answer, otherwise: str) -> Any:
    if not answer.ok:
        raise TillRefused(f"{otherwise}: {answer.detail}")
    return answer.body
