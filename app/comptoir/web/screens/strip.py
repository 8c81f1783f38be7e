"""The status strip: are the sales safe, who is there and who came in, do the printers print."""

from dataclasses import dataclass

from comptoir.web import system_update
from comptoir.web.presentation import local_time
from comptoir.web.safety import Level, Standing
from comptoir.web.screens import cloud_paper, printers, rounds
from comptoir.web.services import Services

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Strip:
    """What the strip says; ``word`` is one of LOCAL, SOLO, SAFE, CLOUD."""

    word: Level
    standing: Standing
    copies: int
    business_date: str
    clock: str
    printers: printers.Lamp
    update: system_update.Ending | None
    paper: cloud_paper.CloudPaper | None
    round: rounds.Lamp
    visit: str
    visit_minutes: int


def now(s: Services, last: Level | None = None) -> Strip:
    """Return the strip's state; ``last`` is what became of this very command."""
    standing = s.safety.standing(s.journal.vector())
    house = s.journal.state("restaurant:it")
    at = local_time(s.clock.now_ms(), house.timezone)
    return Strip(
        word=last or _word(standing),
        standing=standing,
        copies=len(standing.peers) + 1,
        business_date=s.desk.business_date(),
        clock=f"{at:%H:%M}",
        printers=printers.lamp(s),
        update=system_update.last(s.settings.update_note),
        paper=cloud_paper.now(s),
        round=rounds.lamp(s),
        visit=s.door.visit().technician,
        visit_minutes=-(-s.door.left_ms() // MINUTE_MS),
    )


def _word(standing: Standing) -> Level:
    if not standing.known:
        return Level.LOCAL
    if standing.unsafe:
        return Level.SOLO
    everything = standing.cloud and not standing.cloud_behind
    return Level.CLOUD if everything else Level.SAFE
