"""An evening from the first guest to the Z: six waiters on three terminals, at one clock.

Played by touch on the three screens: each of the six serves a table, a banquet in courses, a party
of eleven that splits, a void and a comp that are approved, wrong PINs, training, the kitchen's last
tickets, the Z. Meanwhile the other tables are rung up by the six over the JSON API, all at once;
or, table by table, by touch as well, each on a page of their own.
"""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from comptoir.demo.machines import Power
from tests.browser.conftest import Desk
from tests.browser.evening import stories
from tests.browser.evening.book import (
    BANQUET,
    BY_TOUCH,
    CLOSES,
    ELEVEN,
    KILLED_AT,
    OPENS,
    QUARTER,
    Act,
    Deed,
    Party,
    book,
    clock,
)
from tests.browser.evening.handheld import Handheld
from tests.browser.evening.house import (
    MANAGER,
    MANAGERS_PIN,
    TERMINALS,
    WAITERS,
    House,
    Person,
    wait_until,
)
from tests.browser.evening.waiter import Waiter

KILLED = 2
AT_WORK_BEFORE_THE_CUT = 3  # answers of the quarter in which a terminal dies
Story = Callable[[], None]
log = logging.getLogger(__name__)


@dataclass
class Evening:
    """One evening; ``kills`` says whether the second terminal dies in the middle of it.

    ``pages`` are the waiters' own by their ids: with them all tables are served by touch.
    """

    house: House
    desks: Mapping[int, Desk]
    kills: bool
    short: bool = False
    pages: Mapping[str, Desk] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    safe_at_death: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    asked: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.waiters = [Waiter(person, self.house) for person in WAITERS]
        self.handhelds = {
            one.id: Handheld(one, self.pages[one.id], self.house)
            for one in WAITERS
            if one.id in self.pages
        }
        self.acts = book(self.house.items, seatings=1 if self.short or self.pages else 2)

    @property
    def dead(self) -> bool:
        """Tell whether the second terminal is without power now."""
        return self.house.terminal(KILLED).power is not Power.ON

    def desk(self, person: Person) -> Desk:
        """Return the screen a waiter works at: the next terminal's when theirs is dead."""
        number = person.terminal
        return self.desks[1 if self.dead and number == KILLED else number]

    def play(self) -> None:
        """Play every quarter of an hour: the waiters' work and the stories at the same time."""
        begin = time.monotonic()
        told = self._stories()
        with ThreadPoolExecutor(len(self.waiters)) as pool:
            for quarter in range(OPENS, CLOSES, QUARTER):
                work = self._begin(pool, quarter)
                for story in told.get(quarter, ()):
                    story()
                    log.info("%s: %.0f s", clock(quarter), time.monotonic() - begin)
                for done in work:
                    done.result()
        self.seconds = time.monotonic() - begin

    @property
    def moved(self) -> set[str]:
        """Return the checks that were carried on at another terminal than they were begun at."""
        sets = [one.moved for one in self.waiters] + [one.moved for one in self.handhelds.values()]
        return set().union(*sets)

    def _begin(self, pool: ThreadPoolExecutor, quarter: int) -> list[Future[None]]:
        """Let the six begin a quarter's work over the API, or do it by touch."""
        dies = quarter == KILLED_AT and self.kills
        if self.handhelds:
            self._by_touch(quarter, dies=dies)
            return []
        work = [pool.submit(w.work, self._mine(w, quarter)) for w in self.waiters]
        if dies:
            self._cut_power(work)
        return work

    def _by_touch(self, quarter: int, *, dies: bool) -> None:
        for act in self.acts:
            if act.quarter != quarter:
                continue
            mine = self.handhelds[act.party.waiter.id]
            if dies and act.deed is Deed.MORE and mine.person.terminal == KILLED:
                dies = False
                self._die_at(mine, act.party)
            else:
                mine.do(act)
        assert not dies, "nobody was at work where the power was to go"

    def _die_at(self, waiter: Handheld, party: Party) -> None:
        """Cut the second terminal's power while a waiter orders there by touch."""
        there = [one for one in self.handhelds.values() if one.person.terminal == KILLED]
        for one in there:
            one.roam()
        self.safe_at_death = dict(self.house.safe)
        waiter.order_through_a_death(party)
        for one in there:
            if one is not waiter:
                one.arrive()

    def close(self) -> None:
        """Let the waiters go home."""
        for waiter in self.waiters:
            waiter.leave()

    def _mine(self, waiter: Waiter, quarter: int) -> list[Act]:
        return [
            act for act in self.acts if act.quarter == quarter and act.party.waiter is waiter.person
        ]

    def _cut_power(self, work: list[Future[None]]) -> None:
        """Kill the second terminal's programs while its waiters are at work on it."""
        before = sum(waiter.answered for waiter in self.waiters)
        wait_until(
            lambda: (
                all(done.done() for done in work)
                or sum(w.answered for w in self.waiters) >= before + AT_WORK_BEFORE_THE_CUT
            ),
            f"work at {clock(KILLED_AT)}",
        )
        self.safe_at_death = dict(self.house.safe)
        self.house.restaurant.kill(KILLED)

    def _stories(self) -> dict[int, tuple[Story, ...]]:
        """Return what is played by touch in which quarter."""
        first, second, third, fourth, fifth, sixth = WAITERS
        if self.short:
            return {
                18 * 60 + 30: (lambda: self._serve(fourth),),
                19 * 60: (lambda: self._serve(fifth, stories.WRONG_PIN),),
                19 * 60 + 15: (self._void,),
                20 * 60: (self._card_is_asked_for,),
                20 * 60 + 30: (self._card_is_settled,),
                21 * 60: (lambda: self._paid(fifth),),
                22 * 60 + 45: (self._kitchen_clears,),
            }
        return {
            18 * 60 + 30: (
                lambda: self._serve(first, stories.WRONG_PIN),
                lambda: self._serve(second),
            ),
            18 * 60 + 45: (lambda: self._serve(third), lambda: self._serve(fourth)),
            19 * 60: (lambda: self._serve(fifth), lambda: self._serve(sixth)),
            19 * 60 + 15: (self._void, self._comp, self._banquet_comes),
            19 * 60 + 30: (self._train,),
            19 * 60 + 45: (self._eleven_come, self._banquet_goes_on),
            20 * 60: (self._card_is_asked_for, self._banquet_goes_on),
            20 * 60 + 30: (self._card_is_settled, self._eleven_pay),
            21 * 60: (lambda: self._paid(first), lambda: self._paid(second)),
            21 * 60 + 15: (lambda: self._paid(third), lambda: self._paid(fifth)),
            21 * 60 + 30: (lambda: self._paid(sixth), self._banquet_pays),
            22 * 60 + 45: (self._kitchen_clears,),
        }

    def _serve(self, person: Person, *wrong_first: str) -> None:
        desk, table = self.desk(person), BY_TOUCH[person.id]
        stories.sign_in(desk, person.id, person.pin, *wrong_first)
        self.checks[table] = stories.seat(desk, table, 2)
        stories.add(desk, 3)
        stories.send(desk)
        stories.leave(desk)

    def _at(self, person: Person, table: str) -> Desk:
        """Sign somebody in where they work now, and open a table that was begun before."""
        desk = self.desk(person)
        stories.sign_in(desk, person.id, person.pin)
        stories.back_to(desk, table)
        return desk

    def _void(self) -> None:
        person = WAITERS[4]
        desk = self._at(person, BY_TOUCH[person.id])
        stories.void_after_fire(desk)
        stories.leave(desk)

    def _comp(self) -> None:
        person = WAITERS[5]
        desk = self._at(person, BY_TOUCH[person.id])
        stories.comp(desk)
        stories.leave(desk)

    def _banquet_comes(self) -> None:
        person = WAITERS[0]
        desk = self.desk(person)
        stories.sign_in(desk, person.id, person.pin)
        self.checks[BANQUET] = stories.order_banquet(desk, BANQUET)
        stories.fire_next(desk)
        stories.fire_next(desk)
        stories.to_check(desk)
        stories.leave(desk)

    def _banquet_goes_on(self) -> None:
        desk = self._at(WAITERS[0], BANQUET)
        stories.open_places(desk)
        stories.fire_next(desk)
        stories.to_check(desk)
        stories.leave(desk)

    def _train(self) -> None:
        person = WAITERS[5]
        stories.train(self.desk(person), person, ELEVEN)

    def _eleven_come(self) -> None:
        person = WAITERS[2]
        desk = self.desk(person)
        stories.sign_in(desk, person.id, person.pin)
        self.checks[ELEVEN] = stories.order_for_eleven(desk, ELEVEN)
        stories.leave(desk)

    def _card_is_asked_for(self) -> None:
        person = WAITERS[3]
        desk = self._at(person, BY_TOUCH[person.id])
        stories.to_pay(desk)
        stories.ask_for_card(desk)

    def _card_is_settled(self) -> None:
        """Say that the money came: on its own terminal, or where its waiter stands now."""
        person = WAITERS[3]
        desk = self.desk(person)
        if self.dead:
            stories.sign_in(desk, person.id, person.pin)
            self.asked = stories.say_received(desk)
        else:
            stories.receive(desk)
            desk.page.wait_for_url("**/paid*")
            stories.to_floor(desk)
        stories.sign_out(desk)

    def _eleven_pay(self) -> None:
        desk = self._at(WAITERS[2], ELEVEN)
        stories.split_in_four_ways(desk)
        self.parts = stories.pay_parts(desk)
        stories.leave(desk)

    def _paid(self, person: Person) -> None:
        self._pays(person, BY_TOUCH[person.id])

    def _banquet_pays(self) -> None:
        self._pays(WAITERS[0], BANQUET)

    def _pays(self, person: Person, table: str) -> None:
        desk = self._at(person, table)
        stories.pay_exact(desk)
        stories.leave(desk)

    def _kitchen_clears(self) -> None:
        stories.clear_the_pass(self.desks[3])

    def finish(self) -> None:
        """Close the day by touch: each terminal its own, the first one for the dead."""
        for number in range(1, TERMINALS + 1):
            dead = self.dead and number == KILLED
            desk = self.desks[1 if dead else number]
            stories.sign_in(desk, MANAGER, MANAGERS_PIN)
            self.said[f"t{number}"] = stories.close_day(desk, f"t{number}")
            stories.sign_out_of_report(desk)
        living = [n for n in range(1, TERMINALS + 1) if not (self.dead and n == KILLED)]
        wait_until(lambda: self.agree(living), "all have all Zs")

    def agree(self, terminals: list[int]) -> bool:
        """Tell whether terminals hold the same events and fold the same restaurant from them."""
        points = [self.house.standpoint(number) for number in terminals]
        return points[0] is not None and len(set(points)) == 1
