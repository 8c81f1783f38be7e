"""Users and audit of the head office in files, beside the embedded store."""

import json
from collections import deque
from pathlib import Path
from typing import Any

from comptoir.cloud.document import Document
from comptoir.cloud.store import StoreUnavailable
from comptoir.domain.head_office import Entry, User
from comptoir.domain.records import dump, load

STEP = "step"
AUDIT_BYTES_MAX = 8 * 1024 * 1024


class PeopleInFiles:
    """Keeps ``users.json`` and ``audit.jsonl`` in a folder; one older audit is kept beside it."""

    def __init__(self, folder: Path) -> None:
        self._users = Document(folder / "users.json")
        self._audit = folder / "audit.jsonl"

    def users(self) -> list[User]:
        return [_user(one) for _, one in sorted(self._users.read().items())]

    def user(self, name: str) -> User | None:
        found = self._users.read().get(name)
        return None if found is None else _user(found)

    def set_user(self, user: User) -> None:
        def change(users: dict[str, Any]) -> None:
            step = users.get(user.name, {}).get(STEP, 0)
            users[user.name] = {"user": dump(user), STEP: step}

        self._users.change(change)

    def use_code(self, name: str, step: int) -> bool:
        fresh = False

        def change(users: dict[str, Any]) -> None:
            nonlocal fresh
            fresh = name in users and users[name][STEP] < step
            if fresh:
                users[name][STEP] = step

        self._users.change(change)
        return fresh

    def note(self, entry: Entry) -> None:
        try:
            if self._audit.exists() and self._audit.stat().st_size > AUDIT_BYTES_MAX:
                self._audit.replace(self._audit.with_suffix(".old.jsonl"))
            self._audit.parent.mkdir(parents=True, exist_ok=True)
            self._audit.touch(0o600)
            with self._audit.open("a", encoding="utf-8") as file:
                file.write(json.dumps(dump(entry), ensure_ascii=False) + "\n")
        except OSError as error:
            raise StoreUnavailable(f"{self._audit}: {error}. Check the disk.") from error

    def notes(self, limit: int) -> list[Entry]:
        if not self._audit.exists():
            return []
        with self._audit.open(encoding="utf-8") as file:
            last = deque(file, maxlen=limit)
        return [load(Entry, json.loads(line)) for line in reversed(last)]


def _user(kept: Any) -> User:
    return load(User, kept["user"])
