"""Finding a paid check again: among the last ones, by its number, by the code on its receipt."""

import re

from comptoir.commands import queries
from comptoir.commands.receipts import CODE_VERSION
from comptoir.domain import events as ev
from comptoir.domain.check import TAKEN, Check
from comptoir.domain.errors import CheckNotFound
from comptoir.journal import Journal, event_of, reading

BACK_EVENTS_MAX = 6000
FOUND_MAX = 60
EVENT_BYTES_MAX = 1 << 20
CODE = re.compile(
    rf"comptoir:{CODE_VERSION};[^;]*;[A-Z]+;\d+;([\w.-]{{1,64}})/(\d{{1,9}})/(\d{{1,12}})"
)
PAGE = re.compile(r"/receipts/([\w.:-]{1,64})/")


def lately(journal: Journal, number: str = "", limit: int = FOUND_MAX) -> list[Check]:
    """Return the checks that were paid last, newest first; only those whose number has this in it.

    Looks at the last ``BACK_EVENTS_MAX`` events of each log.
    """
    stated: dict[str, int] = {}
    for log, head in journal.vector().items():
        first = max(1, head.seq - BACK_EVENTS_MAX)
        kinds = (ev.ReceiptStated.KIND,)
        for event in reading.of_kinds(journal, log, first, head.seq, kinds):
            if isinstance(event.body, ev.ReceiptStated):
                stated[event.body.check] = max(event.envelope.hlc, stated.get(event.body.check, 0))
    found: list[Check] = []
    for name in sorted(stated, key=lambda one: stated[one], reverse=True):
        check: Check = journal.state(f"check:{name}")
        paid = any(payment.status == TAKEN for payment in check.payments)
        if paid and number.casefold() in check.number.casefold():
            found.append(check)
        if len(found) == limit:
            break
    return found


def by_code(journal: Journal, code: str) -> Check:
    """Return the check of a receipt's code, as scanned; raises CheckNotFound."""
    if (page := PAGE.search(code)) is not None:
        return queries.check(journal, page[1])
    if (seen := CODE.fullmatch(code)) is None:
        raise CheckNotFound(code[:20])
    log, seq = (seen[1], int(seen[2])), int(seen[3])
    sealed = journal.range(log, seq, 1, EVENT_BYTES_MAX)
    body = event_of(sealed[0].payload).body if sealed else None
    if not isinstance(body, ev.CheckBody):
        raise CheckNotFound(code[:20])
    return queries.check(journal, body.check)
