"""Finds terminals on the bench's network by mDNS: those that announce themselves, and by name."""

import threading
from typing import Protocol

from zeroconf import (  # type: ignore[attr-defined]  # AddressResolver is not in its __all__
    AddressResolver,
    InterfaceChoice,
    IPVersion,
    ServiceBrowser,
    ServiceStateChange,
    Zeroconf,
)

SERVICE = "_comptoir._tcp.local."
TILL_PORT = 8080
ANSWER_MS = 1500
FOUND_MAX = 500


class Finder(Protocol):
    """Where terminals are, as "host:port" by their name in the network (comptoir-t1)."""

    def found(self) -> dict[str, str]: ...
    def close(self) -> None: ...


class Mdns:
    """Listens for announcements and asks for the names that are expected."""

    def __init__(self, names: tuple[str, ...], interfaces: list[str] | None = None) -> None:
        """Begin to listen; `interfaces` are addresses of ours, all if None."""
        self._zeroconf = Zeroconf(interfaces=interfaces or InterfaceChoice.All)
        self._lock = threading.Lock()
        self._found: dict[str, str] = {}
        self._announced: set[str] = set()
        self._names = names
        self._browser = ServiceBrowser(self._zeroconf, SERVICE, handlers=[self._on_change])

    def found(self) -> dict[str, str]:
        """Return what is known now; asks for the names that are expected or were announced."""
        with self._lock:
            announced = set(self._announced)
        for name in announced - self._found.keys():
            self._look_up(name)
        for name in set(self._names) - self._found.keys():
            self._ask(name)
        return dict(self._found)

    def close(self) -> None:
        """Listen no more."""
        self._zeroconf.close()

    def _on_change(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        del zeroconf, service_type
        if state_change is not ServiceStateChange.Removed:  # one that went is told by its silence
            with self._lock:
                self._announced.add(name.removesuffix(f".{SERVICE}"))

    def _look_up(self, name: str) -> None:
        info = self._zeroconf.get_service_info(SERVICE, f"{name}.{SERVICE}", ANSWER_MS)
        addresses = info.parsed_addresses(IPVersion.V4Only) if info else []
        if info and addresses:
            self._note(name, addresses[0], info.port or TILL_PORT)

    def _ask(self, name: str) -> None:
        resolver = AddressResolver(f"{name}.local.")
        if resolver.request(self._zeroconf, ANSWER_MS):
            addresses = resolver.parsed_addresses(IPVersion.V4Only)
            if addresses:
                self._note(name, addresses[0], TILL_PORT)

    def _note(self, name: str, address: str, port: int) -> None:
        if len(self._found) < FOUND_MAX:
            self._found[name] = f"{address}:{port}"
