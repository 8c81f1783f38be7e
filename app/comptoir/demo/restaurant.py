"""The demo's restaurant as a thing to break: machines, cables, and what can happen to them."""

import time
from contextlib import closing
from pathlib import Path

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.bootstrap.terminal import migrate
from comptoir.demo import founding
from comptoir.demo.cables import Cable, PatchPanel
from comptoir.demo.certificates import CloudAuthority
from comptoir.demo.failures import DemoRefused
from comptoir.demo.founding import Access, Wiring
from comptoir.demo.layout import Spot, free_ports, spots
from comptoir.demo.machines import CloudMachine, Power, Terminal
from comptoir.demo.mosquitto import Mosquitto
from comptoir.demo.programs import ProgramEnded

READY_S = 60.0
POLL_S = 0.1


class NoSuchTerminal(DemoRefused):
    """A command named a terminal that is not there, or not in that state."""


class Restaurant:
    """N terminals, a cloud, and a cable for each way between two of them.

    Build, start and break it from one lasting thread: its programs end with that thread.
    """

    def __init__(self, count: int, first_port: int, folder: Path, broker: Mosquitto) -> None:
        self.panel = PatchPanel()
        self.internet = True
        self._spots = spots(count, folder, first_port)
        self._authority = CloudAuthority()
        (folder / "cloud").mkdir(parents=True)
        local, tls = free_ports(2)
        self.cloud = CloudMachine(folder / "cloud", (local, tls), broker)
        self._lan = {
            (a.id, b.id): self.panel.lay(b.lan_port)
            for a in self._spots
            for b in self._spots
            if a is not b
        }
        self._wan = {spot.id: self.panel.lay(tls) for spot in self._spots}
        self.terminals = tuple(Terminal(spot, broker) for spot in self._spots)
        self.access = self._build()

    def _build(self) -> Access:
        self.cloud.configure(self._authority)
        first = founding.enrol(
            self._spots[0], self._wiring(self._spots[0]), self._authority, trust=()
        )
        self.cloud.register(first.card)
        others = [
            founding.enrol(spot, self._wiring(spot), self._authority, trust=(first.card,))
            for spot in self._spots[1:]
        ]
        for terminal in self.terminals:
            terminal.configure()
            migrate(terminal.spot.settings())
        return founding.found(self._spots[0], [first, *others])

    def _wiring(self, spot: Spot) -> Wiring:
        peers = {b: cable.port for (a, b), cable in self._lan.items() if a == spot.id}
        return Wiring(peers, self._wan[spot.id].port)

    def switch_on(self) -> None:
        """Start everything and wait until every till answers; raises ProgramEnded."""
        self.cloud.switch_on()
        for terminal in self.terminals:
            terminal.switch_on()
        until = time.monotonic() + READY_S
        for terminal in self.terminals:
            self._wait_ready(terminal, until)

    def _wait_ready(self, terminal: Terminal, until: float) -> None:
        with closing(TillClient(terminal.spot.http_port)) as client:
            while time.monotonic() < until:
                for program in terminal.programs:
                    program.require_alive()
                try:
                    if client.get("/healthz").status == 200:
                        return
                except TillUnreachable:
                    pass  # it is still starting; ``until`` bounds the wait
                time.sleep(POLL_S)
        raise ProgramEnded(
            f"{terminal.till.name} does not answer after {READY_S:.0f} s: "
            f"{terminal.till.last_words()}"
        )

    def terminal(self, number: int) -> Terminal:
        """Return a terminal by its number; raises NoSuchTerminal."""
        if not 1 <= number <= len(self.terminals):
            raise NoSuchTerminal(
                f"There is no terminal {number}; there are 1 to {len(self.terminals)}."
            )
        return self.terminals[number - 1]

    def living(self) -> list[Terminal]:
        """Return the terminals that have power."""
        return [terminal for terminal in self.terminals if terminal.power is Power.ON]

    def kill(self, number: int) -> Terminal:
        """Cut a terminal's power."""
        terminal = self.terminal(number)
        if terminal.power is not Power.ON:
            raise NoSuchTerminal(f"Terminal {number} is {terminal.power} already.")
        terminal.cut_power(Power.DEAD)
        return terminal

    def take_away(self, number: int) -> Terminal:
        """Let a terminal be carried off; reporting it is another step."""
        terminal = self.terminal(number)
        if terminal.power is Power.STOLEN:
            raise NoSuchTerminal(f"Terminal {number} is stolen already.")
        terminal.cut_power(Power.STOLEN)
        return terminal

    def cut(self, number: int) -> Terminal:
        """Pull a terminal's network cable: no peer, no cloud."""
        terminal = self.terminal(number)
        terminal.cable_out = True
        self._rewire()
        return terminal

    def plug(self, number: int) -> Terminal:
        """Plug a terminal's cable in again."""
        terminal = self.terminal(number)
        terminal.cable_out = False
        self._rewire()
        return terminal

    def set_internet(self, *, on: bool) -> None:
        """Connect the restaurant to the internet, or cut it off."""
        self.internet = on
        self._rewire()

    def heal(self) -> list[Terminal]:
        """Plug in and switch on all that is not stolen; returns what was switched on."""
        self.internet = True
        for terminal in self.terminals:
            terminal.cable_out = False
        self._rewire()
        dead = [terminal for terminal in self.terminals if terminal.power is Power.DEAD]
        for terminal in dead:
            terminal.switch_on()
        return dead

    def _rewire(self) -> None:
        out = {terminal.spot.id for terminal in self.terminals if terminal.cable_out}
        for (a, b), cable in self._lan.items():
            self._set(cable, whole=not {a, b} & out)
        for name, cable in self._wan.items():
            self._set(cable, whole=self.internet and name not in out)

    def _set(self, cable: Cable, *, whole: bool) -> None:
        (self.panel.plug_in if whole else self.panel.pull_out)(cable)

    def look_after(self) -> None:
        """Restart what should run and does not."""
        self.cloud.look_after()
        for terminal in self.terminals:
            terminal.look_after()

    def shut_down(self) -> None:
        """End every program."""
        for terminal in self.terminals:
            for program in terminal.programs:
                program.ask_to_stop()
        for terminal in self.terminals:
            terminal.shut_down()
        self.cloud.shut_down()
        self.panel.close()
