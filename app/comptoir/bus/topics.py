"""Every topic, declared once: the programs, the brokers' access lists and the docs follow it."""

from dataclasses import dataclass
from typing import NamedTuple

LAN, UPLINK, LOCAL = "LAN", "uplink", "local"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: who may write it, what it carries and at which quality of service.

    ``{restaurant}``, ``{terminal}`` (its writer, or who asked) and ``{peer}`` stand for ids.
    """

    template: str
    scope: str
    writer: str
    message: str
    encoding: str = "msgpack"
    qos: int = 1
    retained: bool = False

    def at(self, restaurant: str = "", terminal: str = "", peer: str = "") -> str:
        """Return the topic with its ids."""
        return self.template.format(restaurant=restaurant, terminal=terminal, peer=peer)

    def filter(self, restaurant: str = "+", terminal: str = "+", peer: str = "+") -> str:
        """Return a subscription; an id left out matches every one."""
        return self.template.format(restaurant=restaurant, terminal=terminal, peer=peer)


EV = Topic("r/{restaurant}/ev/{terminal}", LAN, "the terminal itself", "Events")
VEC = Topic("r/{restaurant}/vec/{terminal}", LAN, "the terminal itself", "Vector")
HB = Topic("r/{restaurant}/hb/{terminal}", LAN, "the terminal itself", "Heartbeat", qos=0)
PULL = Topic("r/{restaurant}/pull/{terminal}", LAN, "the terminal that asks", "Pull or AskPresent")
REPLY = Topic(
    "r/{restaurant}/reply/{terminal}/{peer}",
    LAN,
    "the peer that was asked",
    "Vector or Events or Present",
)
UP = Topic(
    "r/{restaurant}/up/{terminal}",
    UPLINK,
    "the terminal that uploads",
    "Events or AskMark or Pull or Renew",
)
MARK = Topic("r/{restaurant}/down/mark", UPLINK, "the cloud", "Mark")
DOWN = Topic(
    "r/{restaurant}/down/ev",
    UPLINK,
    "the cloud, when asked, or when the head office wrote",
    "Events",
)
PAPER = Topic("r/{restaurant}/down/paper", UPLINK, "the cloud, when asked", "Renewed")
JOURNAL = Topic("local/journal", LOCAL, "till and replica", "Grown", "json", qos=0)
SAFETY = Topic("local/safety", LOCAL, "replica", "Safety", "json", retained=True)
PRINTING = Topic("local/printing", LOCAL, "devices", "PrintReport", "json")
PRINTERS = Topic("local/printers", LOCAL, "devices", "PrintersNow", "json", retained=True)
UPDATES = Topic("local/updates", LOCAL, "updates", "UpdatesNow", "json", retained=True)
UPDATING = Topic("local/updating", LOCAL, "updates", "UpdateReport", "json")

TOPICS = (
    *(EV, VEC, HB, PULL, REPLY, UP, MARK, DOWN, PAPER),
    *(JOURNAL, SAFETY, PRINTING, PRINTERS, UPDATES, UPDATING),
)


class Place(NamedTuple):
    """A restaurant's topic, taken apart; ``peer`` is empty but in a reply."""

    restaurant: str
    channel: str
    terminal: str
    peer: str = ""


def place(topic: str) -> Place | None:
    """Take ``r/<restaurant>/<channel>/<terminal>[/<peer>]`` apart; None for any other topic."""
    parts = topic.split("/")
    if parts[0] != "r" or len(parts) not in {4, 5} or not all(parts):
        return None
    return Place(*parts[1:])
