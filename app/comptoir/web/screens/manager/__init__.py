"""The manager's screens: what is sold now, what was sold, what was let go, down to the event."""

from comptoir.web.screens.manager import audit, live, offline, reports, stock, terminals

BLUEPRINTS = (
    live.blueprint,
    reports.blueprint,
    audit.blueprint,
    stock.blueprint,
    offline.blueprint,
    terminals.blueprint,
)
