"""A waiter who serves by touch, with a page of their own: at their terminal, or at the next one.

What was tapped is counted, so that afterwards every check can be asked for exactly that.
"""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext

from tests.browser.conftest import Desk
from tests.browser.evening import stories
from tests.browser.evening.book import Act, Deed, Party
from tests.browser.evening.house import House, Person

MOVING = "**/moving"
ON_ANOTHER_DISK = {"safe", "cloud"}


def stay(context: BrowserContext) -> None:
    """Let the pages of a terminal's own screen learn of no other terminal, as there."""
    context.route(MOVING, lambda route: route.fulfill(status=204))


@dataclass
class Handheld:
    """One of the six and their page; ``dishes`` by check, ``moved`` the checks carried on."""

    person: Person
    desk: Desk
    house: House
    dishes: dict[str, int] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        stories.sign_in(self.desk, self.person.id, self.person.pin)

    def do(self, act: Act) -> None:
        """Do what is to be done for a table."""
        match act.deed:
            case Deed.ORDER:
                act.party.check = stories.seat(self.desk, act.party.table, act.party.covers)
                self._order(act.party, act.party.first_round)
            case Deed.MORE:
                stories.back_to(self.desk, act.party.table)
                self._order(act.party, act.party.second_round)
            case Deed.PAY:
                stories.back_to(self.desk, act.party.table)
                stories.pay_exact(self.desk)
                stories.to_floor(self.desk)

    def roam(self) -> None:
        """Let this page go on at the next terminal when its own dies, as a tablet does."""
        self.desk.page.context.unroute(MOVING)
        with self.desk.page.expect_response(MOVING):
            self.desk.go("/floor")

    def order_through_a_death(self, party: Party) -> None:
        """Have the terminal die between two dishes, and go on at another one where this stood."""
        stories.back_to(self.desk, party.table)
        stories.add(self.desk, 1)
        safe = self._level() in ON_ANOTHER_DISK
        self.house.restaurant.kill(self.person.terminal)
        self.arrive()
        self.desk.wait("#panel .check")
        here = self.desk.find(".line.unsent").count()
        assert here == 1 or not safe, "a dish that was said to be safe went with the terminal"
        self.dishes[party.check] += here
        self.moved.add(party.check)
        self._order(party, party.second_round + 1 - here)

    def arrive(self) -> None:
        """Wait until the page has gone to another terminal by itself, and let it stay there."""
        dead = self.desk.address
        self.desk.page.wait_for_url(lambda url: not url.startswith(dead) and "/arrive" not in url)
        self.desk.address = "/".join(self.desk.page.url.split("/")[:3])
        stay(self.desk.page.context)

    def _order(self, party: Party, count: int) -> None:
        stories.add(self.desk, count)
        self.dishes[party.check] = self.dishes.get(party.check, 0) + count
        stories.send(self.desk)
        stories.to_floor(self.desk)

    def _level(self) -> str:
        return self.desk.find("#strip [data-level]").first.get_attribute("data-level") or ""
