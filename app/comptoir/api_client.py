"""A program's way into a till: its JSON API over HTTP, with a time limit on every request."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

LOCALHOST = "127.0.0.1"
TIMEOUT_S = 3.0
ANSWER_BYTES_MAX = 8 * 1024 * 1024
JSON = "application/json"


class TillUnreachable(Exception):
    """No answer came: what was asked may or may not have happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the JSON that came with it."""

    status: int
    body: Any = None

    @property
    def ok(self) -> bool:
        """Tell whether it was done."""
        return 200 <= self.status < 300

    @property
    def detail(self) -> str:
        """Return why it was not done, as problem+json says it."""
        known = isinstance(self.body, dict)
        return str(self.body.get("detail", self.status)) if known else str(self.status)


@dataclass(slots=True)
class TillClient:
    """Talks to one till, of this computer or at ``host``; keeps its connection while that works.

    For one thread at a time.
    """

    port: int
    token: str = ""
    timeout_s: float = TIMEOUT_S
    host: str = LOCALHOST
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> Answer:
        """Ask; raises TillUnreachable."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any, command: str) -> Answer:
        """Send a command under its id; raises TillUnreachable."""
        return self._ask("POST", path, json.dumps(body).encode(), _command(JSON, command))

    def put(self, path: str, data: bytes, media: str, command: str) -> Answer:
        """Send bytes as a command under its id; raises TillUnreachable."""
        return self._ask("PUT", path, data, _command(media, command))

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            return self._exchange(method, quote(path, safe="/?&=:"), data, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise TillUnreachable(f"the till on port {self.port} does not answer") from error

    def _exchange(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> Answer:
        connection = self._connection or http.client.HTTPConnection(
            self.host, self.port, timeout=self.timeout_s
        )
        self._connection = connection
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        raw = response.read(ANSWER_BYTES_MAX)
        if response.length:  # a till that died in the middle of its answer
            raise http.client.IncompleteRead(raw, response.length)
        return Answer(response.status, json.loads(raw) if raw else None)


def _command(media: str, command: str) -> dict[str, str]:
    return {"Content-Type": media, "Idempotency-Key": command}
