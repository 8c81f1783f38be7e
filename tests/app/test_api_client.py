"""A program's way into a till: an answer that broke off is no answer."""

import socket
import threading

import pytest

from comptoir.api_client import TillClient, TillUnreachable

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n"


def answered(said: bytes) -> object:
    """Return what a client makes of a till that says this and dies."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        client = TillClient(server.getsockname()[1])
        try:
            return client.post("/api/v1/checks", {}, "c1").body
        finally:
            client.close()
            thread.join()


def test_a_whole_answer_is_taken() -> None:
    assert answered(HEAD + b'{"due":123}') == {"due": 123}


@pytest.mark.parametrize("body", [b"", b'{"due":1'])
def test_a_till_that_dies_in_the_middle_of_its_answer_did_not_answer(body: bytes) -> None:
    with pytest.raises(TillUnreachable):
        answered(HEAD + body)
