#!/usr/bin/python3
"""Tells RabbitMQ what a name may do: the same rules as Mosquitto's access list.

RabbitMQ asks over HTTP on this computer, by the name in the certificate that it let in; nobody is
listed. The listening socket is standard input, held open by systemd on a port of root's.
"""

import re
import socket
import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Asked = Mapping[str, str]
APP = "comptoir-cloud"  # the cloud's own programs
BETWEEN, INGEST = "amq.topic", "comptoir.ingest"
ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
QUIET_S = 300
NO_PASSWORD = sys.argv[1:]  # "none", where client ids are checked against certificates


def may_come_in(asked: Asked) -> bool:
    """Refuse who brings a password besides the certificate, or another's client id.

    RabbitMQ 4 calls no password "none", as it does a password of these letters. Who says one may
    say another's name: then the client id, which RabbitMQ has seen in the certificate, is not its.
    """
    name, client = asked["username"], asked.get("client_id")
    if asked.get("password", "") not in ("", *NO_PASSWORD) or not re.fullmatch(ID, name):
        return False
    if client is None:
        return not asked.get("password")
    return name != APP and bool(re.fullmatch(re.escape(name) + r"\." + ID, client))


def may_enter(asked: Asked) -> bool:
    """Let everybody into the one virtual host."""
    return asked["vhost"] == "/"


def may_use(asked: Asked) -> bool:
    """Allow the exchange that MQTT speaks through, and queues of one's own."""
    name, kind = asked["name"], asked["resource"]
    if kind == "exchange" and name == BETWEEN:
        return asked["permission"] in {"read", "write"}
    if asked["username"] == APP:
        return name == INGEST or name.startswith(INGEST + ".")
    own = rf"mqtt-subscription-{re.escape(asked['username'])}\.{ID}qos[01]"
    return kind == "queue" and bool(re.fullmatch(own, name))


def may_say(asked: Asked) -> bool:
    """Let a restaurant write its own `up` and hear its own `down`; the app the reverse, for all."""
    if asked["name"] != BETWEEN:
        return asked["username"] == APP
    ups, downs = ("write", "read") if asked["username"] != APP else ("read", "write")
    channel = {ups: "up", downs: "down"}.get(asked["permission"])
    words = asked["routing_key"].split(".")
    if len(words) < 4 or words[0] != "r" or words[2] != channel:
        return False
    return asked["username"] in {APP, words[1]}


RULES: Mapping[str, Callable[[Asked], bool]] = {
    "/user": may_come_in,
    "/vhost": may_enter,
    "/resource": may_use,
    "/topic": may_say,
}


def allowed(path: str, asked: Asked) -> bool:
    """Decide by the path's rule; what is not understood is denied."""
    try:
        return RULES[path](asked)
    except KeyError:
        return False


class Door(BaseHTTPRequestHandler):
    """Answers `allow` or `deny`."""

    protocol_version = "HTTP/1.1"
    timeout = QUIET_S

    def do_GET(self) -> None:
        """Answer one question."""
        place = urlsplit(self.path)
        answer = b"allow" if allowed(place.path, dict(parse_qsl(place.query))) else b"deny"
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_about: object) -> None:
        """Say nothing: RabbitMQ logs whom it refused."""


def main() -> None:
    """Serve on the socket that is standard input."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=sys.stdin.fileno())
    server.serve_forever()


if __name__ == "__main__":
    main()
