"""A terminal's screen: its till, and a browser that notes when each dish of a check is seen."""

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from playwright.sync_api import sync_playwright

from tests.bench.figures import NotMeasurable
from tests.browser.conftest import CHROMIUM, FLAGS, SEVEN_INCH, Desk
from tests.fakes.ports import free_ports
from tests.fakes.restaurant import Terminal

START_S_MAX, STOP_S_MAX = 60.0, 10.0
NOTE = """
window.seen = {};
new MutationObserver(() => {
  const count = document.querySelector("#panel .check")?.dataset.count;
  if (count) window.seen[count] ??= Date.now();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


class Screen:
    """The check that a waiter looks at on this terminal; a context manager."""

    def __init__(self, terminal: Terminal, check: str) -> None:
        self._terminal, self._check = terminal, check
        (self._port,) = free_ports(1)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start_till()
            playwright = self._stack.enter_context(sync_playwright())
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            self._stack.callback(chromium.close)
            context = chromium.new_context(viewport=SEVEN_INCH.viewport, has_touch=True)
            self._desk = Desk(context.new_page(), f"http://127.0.0.1:{self._port}")
            self._desk.sign_in()
            self._desk.go(f"/checks/{self._check}")
            self._desk.wait("#panel .check")
            self._desk.page.evaluate(NOTE)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def pid(self) -> int:
        """Return the till's process."""
        return self._till.pid

    def seen_s(self, count: int) -> dict[int, float]:
        """Return when the check was first seen with so many dishes or more, for each number."""
        self._desk.wait(f'#panel .check[data-count="{count}"]')
        noted = self._desk.page.evaluate("window.seen")
        times = {int(many): at_ms / 1000 for many, at_ms in noted.items()}
        return {n: min(at for many, at in times.items() if many >= n) for n in range(1, count + 1)}

    def _start_till(self) -> None:
        folder = self._terminal.folder
        log = self._stack.enter_context((folder / "till.log").open("wb"))
        told = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(self._port), "START_WAIT_MS": "0"}
        comptoir = Path(sys.executable).with_name("comptoir")
        self._till = till = subprocess.Popen(
            [comptoir, "--settings", folder / "comptoir.toml", "till"],
            env=os.environ | {f"COMPTOIR_{name}": value for name, value in told.items()},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self._stack.callback(_end, till)
        end_s = time.monotonic() + START_S_MAX
        while not self._answers():
            if till.poll() is not None or time.monotonic() > end_s:
                said = (folder / "till.log").read_text(encoding="utf-8")
                raise NotMeasurable(f"the till did not start: {said[-400:]}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=1):
                return True
        except OSError:
            return False


def _end(till: subprocess.Popen[bytes]) -> None:
    till.terminate()
    try:
        till.wait(STOP_S_MAX)
    except subprocess.TimeoutExpired:
        till.kill()
        till.wait()
