"""What an update's steps, ends and what to do about them are called on a screen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

STEPS: Mapping[str, object] = {
    "older": _("Older than what runs here: it is not installed"),
    "hour": _("Waits for the quiet hour"),
    "checks": _("Waits until no check is open"),
    "peers": _("Waits until more than half of the terminals are there"),
    "back": _("Waits until the last one is back"),
    "safe": _("Waits until everything is on another terminal too"),
    "other": _("Waits for its turn"),
    "stopped": _("Waits until you say how to go on"),
    "claim": _("Takes its turn"),
    "settle": _("Takes its turn"),
    "fetching": _("Is being installed; this terminal sells meanwhile"),
    "restart": _("Restarts in a moment"),
    "trial": _("Is being tried"),
}
"""What this terminal does, by its step."""

TURNS: Mapping[str, object] = {
    "none": "",
    "waits": _("Waits for its turn"),
    "other-kind": _("This update is not for it"),
    "newer": _("Has a newer version already"),
    "begun": _("Is being updated"),
    "kept": pgettext("update", "Updated"),
    "ran-already": _("It ran this very system already"),
    "went-back": pgettext("update", "Went back: the system before sells on"),
    "failed": pgettext("update", "Was not installed: nothing has changed there"),
}
"""How it stands at any terminal."""

HELP: Mapping[str, object] = {
    "went-back": _(
        "See that this terminal sells. Then try again, or leave it: the next version is tried by"
        " itself."
    ),
    "failed": _(
        "See that this terminal has power and network, and that nobody fills its disk. Then try"
        " again; if it fails again, tell the technician what is written here."
    ),
}
"""What a manager does about it."""
