"""The manager's screens: what is sold now, what was sold, what was let go, down to the event."""

from comptoir.web.screens.manager import (
    audit,
    live,
    newcomers,
    offline,
    reports,
    segments,
    stock,
    terminals,
    updates,
    visit,
)

BLUEPRINTS = (
    live.blueprint,
    reports.blueprint,
    audit.blueprint,
    segments.blueprint,
    stock.blueprint,
    offline.blueprint,
    terminals.blueprint,
    newcomers.blueprint,
    updates.blueprint,
    visit.blueprint,
)
