"""What RabbitMQ is told that a name may do: the rules of Mosquitto's access list, one by one."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path("roles/cloud_broker/files/rabbitmq/door.py")
Asked = dict[str, str]


@pytest.fixture(scope="module")
def door() -> ModuleType:
    found = importlib.util.spec_from_file_location("door", FILE)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    vars(module)["NO_PASSWORD"] = []  # the test runner has arguments of its own
    return module


def topic(who: str, may: str, key: str, exchange: str = "amq.topic") -> Asked:
    return {"username": who, "permission": may, "routing_key": key, "name": exchange}


def queue(who: str, name: str, kind: str = "queue") -> Asked:
    return {"username": who, "resource": kind, "name": name, "permission": "read"}


APP = "comptoir-cloud"
MAY = [
    ("/user", {"username": "r1"}),
    ("/user", {"username": "r1", "client_id": "r1.t1"}),
    ("/vhost", {"username": "r1", "vhost": "/"}),
    ("/topic", topic("r1", "write", "r.r1.up.t1")),
    ("/topic", topic("r1", "read", "r.r1.down.#")),
    ("/topic", topic(APP, "read", "r.*.up.*")),
    ("/topic", topic(APP, "write", "r.r1.down.mark")),
    ("/resource", queue("r1", "amq.topic", "exchange")),
    ("/resource", queue("r1", "mqtt-subscription-r1.t1qos1")),
    ("/resource", queue(APP, "comptoir.ingest.3")),
    ("/resource", queue(APP, "comptoir.ingest", "exchange")),
]
MAY_NOT = [
    ("/user", {"username": "r1", "password": "x"}),
    ("/user", {"username": "r1", "password": "none"}),
    ("/user", {"username": APP, "client_id": f"{APP}.t1"}),
    ("/user", {"username": "r1", "client_id": "r2.t1"}),
    ("/user", {"username": "r1", "client_id": "r1-b.t1"}),
    ("/user", {"username": "r1/#"}),
    ("/user", {}),
    ("/vhost", {"username": "r1", "vhost": "other"}),
    ("/topic", topic("r1", "write", "r.r2.up.t1")),
    ("/topic", topic("r1", "write", "r.r1.down.mark")),
    ("/topic", topic("r1", "read", "r.r1.up.#")),
    ("/topic", topic("r1", "read", "r.#")),
    ("/topic", topic("r1", "read", "r.*.down.#")),
    ("/topic", topic("r1", "read", "#")),
    ("/topic", topic("r1", "read", "r.r1.down.#", "comptoir.ingest")),
    ("/topic", topic(APP, "write", "r.r1.up.t1")),
    ("/resource", queue("r1", "mqtt-subscription-r2.t1qos1")),
    ("/resource", queue("r1", "mqtt-subscription-r1-b.t1qos1")),
    ("/resource", queue("r1", "comptoir.ingest.0")),
    ("/resource", queue("r1", "comptoir.ingest", "exchange")),
    ("/resource", queue("r1", "amq.fanout", "exchange")),
    ("/resource", queue(APP, "mqtt-subscription-r1.t1qos1")),
    ("/resource", queue("r1", "amq.topic", "exchange") | {"permission": "configure"}),
    ("/elsewhere", {"username": "r1"}),
]


def test_where_client_ids_are_checked_no_password_is_called_none(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "NO_PASSWORD", ["none"])
    asked = {"username": "r1", "password": "none"}
    assert door.allowed("/user", asked | {"client_id": "r1.0a1b"})
    assert not door.allowed("/user", asked | {"client_id": "r2.0a1b"})
    assert not door.allowed("/user", asked)
    assert not door.allowed("/user", {"username": APP, "password": "none", "client_id": f"{APP}.a"})


@pytest.mark.parametrize(("path", "asked"), MAY, ids=str)
def test_what_a_name_may(door: ModuleType, path: str, asked: Asked) -> None:
    assert door.allowed(path, asked)


@pytest.mark.parametrize(("path", "asked"), MAY_NOT, ids=str)
def test_what_a_name_may_not(door: ModuleType, path: str, asked: Asked) -> None:
    assert not door.allowed(path, asked)
