"""What nobody expects, sent to every operation: a named error, never a fault of ours, nothing lost.

Schemathesis reads the published document and makes requests that fit it and requests that do not.
"""

import functools
import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from comptoir.commands import Actor, AddLine, IntendPayment, OpenCheck, PublishPrinting
from comptoir.domain.house import MANAGER
from comptoir.domain.printing import Printer, Station
from comptoir.web.api.blueprint import OPERATIONS
from comptoir.web.api.openapi import document
from comptoir.web.problems import MEDIA_TYPE
from tests.app.web.api.conftest import Caller
from tests.fakes.till import HostTill

EXAMPLES, EXAMPLES_LONG = 4, 150
ENDLESS = "GET /events/stream"
BOSS = Actor("li-wei", MANAGER)
HOT = Printer("hot", "Wok printer", "192.0.2.7")
KNOWN = {
    "check": "c1",
    "line": "l1",
    "payment": "p1",
    "staff": "lucas",
    "client": "web-shop",
    "printer": "hot",
    "item": "har-gow-steamed",
    "category": "noodle",
    "drawer": "till",
}
Operation = APIOperation[Any, Any, Any, Any]
TRACES = ("Traceback", 'File "', "Error(")


@functools.cache
def operations() -> list[Operation]:
    published = json.loads(msgspec.json.encode(document(OPERATIONS, "test")))
    schema = schemathesis.openapi.from_dict(published)
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return [one for one in found if not one.label.endswith(ENDLESS.partition(" ")[2])]


@pytest.fixture(scope="module")
def caller(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    folder = tmp_path_factory.mktemp("bad-input")
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    till = HostTill(folder, safe_wait_ms=0)
    for command in (
        OpenCheck("o1", "c1", "eat_in", "hall-3"),
        AddLine("a1", "c1", "l1", "har-gow-steamed"),
        AddLine("a2", "c1", "l2", "har-gow-steamed", 2000),
        IntendPayment("i1", "c1", "p1", "cash", 100),
        PublishPrinting("plan", (HOT,), (Station("wok", "Wok", "hot"),)),
    ):
        till.desk.run(command, BOSS)
    yield Caller(till)
    till.stop()


def send(caller: Caller, case: Case[Any], *, known: bool) -> tuple[int, str, bytes]:
    """Send what was generated; path parameters are things that are there when ``known``."""
    given_path = {name: str(value) for name, value in dict(case.path_parameters or {}).items()}
    path = given_path | {name: KNOWN[name] for name in given_path if known and name in KNOWN}
    headers = {str(name): str(value) for name, value in dict(case.headers or {}).items()}
    headers |= {"Authorization": f"Bearer {caller.token}"}
    if known or "Idempotency-Key" not in headers:
        headers["Idempotency-Key"] = uuid.uuid4().hex
    headers.pop("Comptoir-Approval", None)
    usable = {name: value for name, value in headers.items() if sendable(name, value)}
    address = case.path.format(**{name: quoted(value) for name, value in path.items()})
    query = {str(name): str(value) for name, value in dict(case.query or {}).items()}
    answer = caller.client.open(
        "/api/v1" + address,
        method=case.method,
        query_string=query,
        headers=usable,
        data=body_of(case),
        content_type=case.media_type or "application/json",
    )
    return answer.status_code, answer.content_type or "", answer.data


def sendable(name: str, value: str) -> bool:
    return name.isascii() and value.isascii() and value.isprintable()


def quoted(text: str) -> str:
    return quote(text, safe="") or "-"


def body_of(case: Case[Any]) -> bytes:
    if isinstance(case.body, bytes | str):
        return case.body if isinstance(case.body, bytes) else case.body.encode("utf-8", "replace")
    if case.body is schemathesis.core.NOT_SET:
        return b""
    return json.dumps(case.body, default=str).encode("utf-8", "replace")


def probe(caller: Caller, operation: Operation, mode: GenerationMode, examples: int) -> None:
    @settings(
        max_examples=examples,
        derandomize=examples == EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def sent(case: Case[Any], known: bool) -> None:
        status, kind, data = send(caller, case, known=known)
        assert status < 500, f"{operation.label} answers {status}: {data[:500]!r}"
        if status >= 400:
            assert kind == MEDIA_TYPE, f"{operation.label} answers {kind}"
            told: dict[str, Any] = json.loads(data)
            assert told["code"]
            assert not any(trace in told["detail"] for trace in TRACES), told["detail"]

    sent()


def modes(operation: Operation) -> list[GenerationMode]:
    """Return how an operation can be asked; one that takes nothing cannot be asked wrongly."""
    takes = list(operation.body) or any(True for _ in operation.iter_parameters())
    return list(GenerationMode) if takes else [GenerationMode.POSITIVE]


ASKED = [(one, mode) for one in operations() for mode in modes(one)]


@pytest.mark.parametrize(
    ("operation", "mode"), ASKED, ids=[f"{one.label}-{mode.value}" for one, mode in ASKED]
)
def test_no_request_is_answered_by_a_fault(
    caller: Caller, operation: Operation, mode: GenerationMode
) -> None:
    probe(caller, operation, mode, EXAMPLES)


@pytest.mark.long
@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.label)
def test_no_request_of_many_is_answered_by_a_fault(caller: Caller, operation: Operation) -> None:
    for mode in modes(operation):
        probe(caller, operation, mode, EXAMPLES_LONG)


def test_the_till_still_sells_after_all_that(caller: Caller) -> None:
    caller.sign_in("li-wei")
    caller.post("/checks", {"check": "after", "order_type": "take_away"})
    answer = caller.post("/checks/after/payments", {"payment": "x", "amount": 5})
    assert answer.status_code == 422
    assert caller.get("/checks/after").status_code == 200
