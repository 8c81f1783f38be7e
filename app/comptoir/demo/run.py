"""Runs the demo from its first process to its last: nothing is left behind, whatever ends it."""

import json
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from comptoir.demo import mosquitto, prompt
from comptoir.demo.conductor import Conductor
from comptoir.demo.founding import people
from comptoir.demo.promises import Promises
from comptoir.demo.prompt import NotUnderstood, Order
from comptoir.demo.restaurant import NoSuchTerminal, Restaurant
from comptoir.demo.server import Page
from comptoir.demo.tickets import session_cookies

TICK_S = 0.2
ANSWER_S = 60.0  # of a busy computer
ORDERS_MAX = 100
SETTLE_S = 1.0
Asked = tuple[str, "Future[str]"]


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    terminals: int = 3
    first_port: int = 8000
    script: str = ""
    pace: int = 1
    believe_local: bool = False


class Ended(Exception):
    """The demo was asked to end: Ctrl-C, a signal, ``quit``, or the end of its script."""


def run(options: Options) -> int:
    """Run the demo until it is asked to end; returns 1 when a promise was broken."""
    broker = mosquitto.find(_cache())
    conductor = None
    with _told_by_signals() as signals:
        try:
            with tempfile.TemporaryDirectory(prefix="comptoir-demo-") as folder:
                _say("Setting up: terminals, brokers, cloud …")
                restaurant = Restaurant(options.terminals, options.first_port, Path(folder), broker)
                promises = Promises(believe_local=options.believe_local)
                conductor = Conductor(restaurant, promises, pace=options.pace)
                _perform(Stage(conductor, options), signals)
        except Ended:
            pass  # asked for: what follows is the same for every end
    return int(conductor is not None and conductor.failed)


def _perform(stage: "Stage", signals: "Signals") -> None:
    try:
        signals.heed()
        stage.play()
    finally:
        _be_undisturbed()
        stage.close()


class Stage:
    """The one thread that carries out commands, and the ways by which they come in."""

    def __init__(self, conductor: Conductor, options: Options) -> None:
        self._conductor = conductor
        self._options = options
        self._asked: queue.Queue[Asked] = queue.Queue(ORDERS_MAX)
        self._page = Page(options.first_port, self._state, self._ask, self._cookies)

    def play(self) -> None:
        """Open the restaurant and do what is asked until Ended."""
        self._page.start()
        self._conductor.open()
        _say(f"Open {self._page.url} in a browser. Commands: {prompt.HELP}")
        if self._options.script:
            self._play_script()
        threading.Thread(target=self._read_prompt, name="prompt", daemon=True).start()
        while True:
            self._next(TICK_S)

    def close(self) -> None:
        """End everything that was started."""
        self._page.stop()
        self._conductor.close()

    def _play_script(self) -> None:
        source = self._options.script
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        for line in prompt.lines(text):
            _say(f"> {line}")
            self._do(line)
        self._wait(SETTLE_S)
        self._conductor.judge()
        _say(self._status_line())
        raise Ended

    def _read_prompt(self) -> None:
        for line in sys.stdin:
            if line.strip():
                _say(self._ask(line))

    def _ask(self, line: str) -> str:
        """Hand a line to the conducting thread and wait for its answer."""
        answer: Future[str] = Future()
        try:
            self._asked.put_nowait((line, answer))
            return answer.result(ANSWER_S)
        except queue.Full:
            return "too many commands at once"
        except FutureTimeoutError:
            return "still at it"

    def _next(self, timeout_s: float) -> None:
        try:
            line, answer = self._asked.get(timeout=timeout_s)
        except queue.Empty:
            self._conductor.restaurant.look_after()
            return
        answer.set_result(self._do(line))

    def _do(self, line: str) -> str:
        try:
            order = prompt.read(line)
            return self._carry_out(order)
        except (NotUnderstood, NoSuchTerminal) as refusal:
            if self._options.script:
                raise
            return str(refusal)

    def _carry_out(self, order: Order) -> str:
        match order.verb:
            case "quit":
                raise Ended
            case "wait":
                self._wait(order.seconds)
                return ""
            case "status":
                self._conductor.oracle.ask_all()
                text = self._status_line()
                if self._options.script:
                    _say(text)
                return text
            case _:
                return self._conductor.mischief.carry_out(order)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._next(min(TICK_S, max(0.01, until - time.monotonic())))

    def _status_line(self) -> str:
        return json.dumps(self._conductor.status(), ensure_ascii=False)

    def _state(self) -> dict[str, Any]:
        return self._conductor.status() | {"staff": people()}

    def _cookies(self) -> list[str]:
        return session_cookies(self._conductor.restaurant)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "comptoir"


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Turns the first signal that ends a program into Ended, once there is something to close."""

    def __init__(self) -> None:
        self._asked = False
        self._heeded = False

    def end(self, _number: int, _frame: FrameType | None) -> None:
        """Take the signal; later ones wait for the tidying up."""
        _be_undisturbed()
        self._asked = True
        if self._heeded:
            raise Ended

    def heed(self) -> None:
        """Raise Ended from here on, at once when it was asked for before."""
        self._heeded = True
        if self._asked:
            raise Ended


@contextmanager
def _told_by_signals() -> Iterator[Signals]:
    signals = Signals()
    before = {number: signal.signal(number, signals.end) for number in SIGNALS}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _be_undisturbed() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
