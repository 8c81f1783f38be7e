"""How long the cloud still lets this terminal in, and that it does so no more."""

from dataclasses import dataclass

from comptoir.web.screens import away
from comptoir.web.services import Services


@dataclass(frozen=True, slots=True)
class CloudPaper:
    """When the certificate of this terminal's bridge ends; ``ended`` once that is sure."""

    until: str
    ended: bool


def now(s: Services) -> CloudPaper | None:
    """Return how it is; None where no certificate is wanted.

    A clock that nothing confirms ends none.
    """
    report = s.safety.report
    until_ms = report.cloud_until_ms if report else 0
    if not until_ms:
        return None
    return CloudPaper(away.clock(s, until_ms), s.safety.time_known and s.clock.now_ms() >= until_ms)
