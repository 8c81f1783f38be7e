"""Keeps that somebody was refused for want of permission, for the manager's screen to show."""

import logging
import threading
from collections import OrderedDict

from flask import current_app, g, request

from comptoir.commands import Actor
from comptoir.commands.denials import NoteDenied
from comptoir.domain.errors import DomainError
from comptoir.domain.house import SYSTEM
from comptoir.journal import JournalUnusable
from comptoir.journal.own_log import EpochNotOpen
from comptoir.web.access import fresh_id
from comptoir.web.services import services

ACT = "act"
AGAIN_MS = 60_000
KEYS_MAX = 512
EXTENSION = "comptoir-refusals"
Key = tuple[str, str]

log = logging.getLogger(__name__)


class Noted:
    """Which refusals were kept lately: who tries ten times a second is one fact a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: OrderedDict[Key, int] = OrderedDict()

    def fresh(self, key: Key, now_ms: int) -> bool:
        """Tell whether a refusal is to be kept; forgets the oldest ones."""
        with self._lock:
            if key in self._last and now_ms - self._last[key] < AGAIN_MS:
                return False
            self._last[key] = now_ms
            self._last.move_to_end(key)
            while len(self._last) > KEYS_MAX:
                self._last.popitem(last=False)
            return True


def keep() -> None:
    """Keep that who asks now was refused what they ask for, once a minute."""
    who = g.get("staff") or g.get("actor")
    rule = request.url_rule.rule if request.url_rule else ""
    what = f"{request.method} {rule}"
    noted: Noted = current_app.extensions.setdefault(EXTENSION, Noted())
    s = services()
    if g.get("denial_kept") or who is None or not noted.fresh((who.id, what), s.clock.now_ms()):
        return
    try:
        s.desk.run(NoteDenied(fresh_id(), ACT, who.id, what), Actor("till", SYSTEM))
    except (JournalUnusable, EpochNotOpen, DomainError) as error:
        log.warning("a refusal of %s was not kept: %s", who.id, error)
