"""mDNS for real, on this computer's own loop."""

import socket
import time
from collections.abc import Iterator

import pytest
from zeroconf import ServiceInfo, Zeroconf

from imagebuilder.flashing.finder import SERVICE, Mdns

LOOP = "127.0.0.1"
TIMEOUT_S = 20


@pytest.fixture
def terminal() -> Iterator[None]:
    """A terminal that announces its till, as systemd-resolved does on ours."""
    own = Zeroconf(interfaces=[LOOP])
    info = ServiceInfo(
        SERVICE,
        f"comptoir-t1.{SERVICE}",
        addresses=[socket.inet_aton("10.0.0.5")],
        port=8080,
        server="comptoir-t1.local.",
    )
    own.register_service(info)
    yield
    own.close()


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("names", [(), ("comptoir-t1",)])
def test_a_terminal_is_found_by_its_announcement_or_its_name(names: tuple[str, ...]) -> None:
    finder = Mdns(names, [LOOP])
    try:
        deadline = time.monotonic() + TIMEOUT_S
        while not finder.found():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert finder.found() == {"comptoir-t1": "10.0.0.5:8080"}
    finally:
        finder.close()
