import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.till import HostTill

STREAMS = 6


@pytest.fixture
def address(tmp_path: Path, founded: Path) -> Iterator[tuple[HostTill, str]]:
    import shutil  # noqa: PLC0415 - only here

    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    till = HostTill(tmp_path, sse_streams_max=STREAMS)
    yield till, till.serve().removeprefix("http://")
    till.stop()


def token(host: str) -> str:
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("POST", "/api/v1/sessions", b'{"pin": "1234"}')
    return str(json.load(connection.getresponse())["token"])


def test_pages_stay_quick_while_every_stream_is_open(address: tuple[HostTill, str]) -> None:
    """With waitress's default of four threads, four open pages freeze a till."""
    _, host = address
    headers = {"Authorization": f"Bearer {token(host)}"}
    with ExitStack() as stack:
        for _ in range(STREAMS):
            stream = http.client.HTTPConnection(host, timeout=10)
            stack.callback(stream.close)
            stream.request("GET", "/api/v1/events/stream", headers=headers)
            assert stream.getresponse().status == 200
        one_more = http.client.HTTPConnection(host, timeout=10)
        stack.callback(one_more.close)
        one_more.request("GET", "/api/v1/events/stream", headers=headers)
        assert one_more.getresponse().status == 503
        page = http.client.HTTPConnection(host, timeout=5)
        stack.callback(page.close)
        page.request("GET", "/healthz")
        assert page.getresponse().status == 200


def test_an_event_reaches_an_open_stream_over_the_wire(address: tuple[HostTill, str]) -> None:
    _, host = address
    headers = {"Authorization": f"Bearer {token(host)}"}
    stream = http.client.HTTPConnection(host, timeout=10)
    stream.request("GET", "/api/v1/events/stream", headers=headers)
    response = stream.getresponse()
    assert response.readline() == b": changes follow\n"
    order = http.client.HTTPConnection(host, timeout=10)
    order.request(
        "POST", "/api/v1/checks", b'{"check": "c1"}', headers | {"Idempotency-Key": "command-1"}
    )
    assert order.getresponse().status == 201
    lines = [response.readline() for _ in range(4)]
    assert any(b"check.opened" in line for line in lines)
    stream.close()
    order.close()


def test_the_server_stops_with_streams_open(tmp_path: Path, founded: Path) -> None:
    import shutil  # noqa: PLC0415 - only here

    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    till = HostTill(tmp_path)
    host = till.serve().removeprefix("http://")
    stream = http.client.HTTPConnection(host, timeout=10)
    headers = {"Authorization": f"Bearer {token(host)}"}
    stream.request("GET", "/api/v1/events/stream", headers=headers)
    assert stream.getresponse().status == 200
    begin = time.monotonic()
    till.stop()
    assert time.monotonic() - begin < 6
    assert not any(thread.name == "till" for thread in threading.enumerate())
    stream.close()
