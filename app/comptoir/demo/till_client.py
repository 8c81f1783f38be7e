"""A program's way into a till: its JSON API over HTTP, with a time limit on every request."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from comptoir.demo.layout import LOCALHOST

TIMEOUT_S = 3.0
ANSWER_BYTES_MAX = 8 * 1024 * 1024


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


@dataclass(slots=True)
class TillClient:
    """Talks to one till; keeps its connection while that works."""

    port: int
    token: str = ""
    timeout_s: float = TIMEOUT_S
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> Answer:
        """Ask; raises TillUnreachable."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any, command: str) -> Answer:
        """Send a command under its id; raises TillUnreachable."""
        return self._ask("POST", path, json.dumps(body), {"Idempotency-Key": command})

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self._exchange(method, quote(path, safe="/?&=:"), body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise TillUnreachable(f"port {self.port}: {error!r}") from error

    def _exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                LOCALHOST, self.port, timeout=self.timeout_s
            )
        data = None if body is None else body.encode()
        self._connection.request(method, path, data, headers)
        response = self._connection.getresponse()
        raw = response.read(ANSWER_BYTES_MAX)
        return Answer(response.status, json.loads(raw) if raw else None)
