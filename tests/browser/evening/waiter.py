"""A waiter who rings up over the JSON API: at their terminal, or at the next when it is dead.

What was answered stays on the pad. A till that never heard of a table is told all of it again, and
what it knew already is not done twice: every command keeps its id.
"""

import time
from collections.abc import Iterable
from http import HTTPStatus

from comptoir.api_client import Answer, TillUnreachable
from comptoir.demo.orders import Sent
from tests.browser.evening.book import Act, Party
from tests.browser.evening.house import TERMINALS, House, Person

WALK_S, ASK_S = 0.2, 180


class Waiter:
    """One of the six; used by one thread at a time."""

    def __init__(self, person: Person, house: House) -> None:
        self.person = person
        self.answered = 0
        self.moved: set[str] = set()
        self._house = house
        self._at = person.terminal
        self._client = house.signed_in(self._at, person.id, person.pin)

    def work(self, acts: Iterable[Act]) -> None:
        """Do what is to be done, in order."""
        for act in acts:
            for sent in act.party.sent(act.deed):
                self._ask(act.party, sent)

    def leave(self) -> None:
        """Let the connection go."""
        self._client.close()

    def _ask(self, party: Party, sent: Sent) -> None:
        until = time.monotonic() + ASK_S
        while time.monotonic() < until:
            try:
                answer = self._send(party, sent)
            except TillUnreachable:
                self._walk()
                continue
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                assert answer.ok, f"{sent.doing}: {answer.detail}"
                self._note(party, sent, answer)
                return
            self._walk()
        raise AssertionError(f"{sent.doing}: no till answered in {ASK_S} s")

    def _send(self, party: Party, sent: Sent) -> Answer:
        answer = self._post(sent)
        if not answer.ok and party.at not in {0, self._at}:  # this till may not have heard all
            for earlier in party.pad:
                self._tell(party, earlier, self._post(earlier))
            answer = self._post(sent)
        return answer

    def _post(self, sent: Sent) -> Answer:
        return self._client.post(sent.path, sent.body, sent.command)

    def _note(self, party: Party, sent: Sent, answer: Answer) -> None:
        self.answered += 1
        if party.at not in {0, self._at}:
            self.moved.add(party.check)
        party.at = self._at
        party.pad.append(sent)
        party.due = answer.body["check"]["due"]
        self._tell(party, sent, answer)

    def _tell(self, party: Party, sent: Sent, answer: Answer) -> None:
        if answer.ok and sent.fact:
            events = [(f"{e['terminal']}/{e['epoch']}", e["seq"]) for e in answer.body["events"]]
            self._house.promises.told(party.check, sent.fact, answer.body["safety"], events)

    def _walk(self) -> None:
        """Go to the next till with the session of the old one: any till knows its signature."""
        time.sleep(WALK_S)
        self._client.close()
        self._at = self._at % TERMINALS + 1
        token, self._client = self._client.token, self._house.client(self._at)
        self._client.token = token
