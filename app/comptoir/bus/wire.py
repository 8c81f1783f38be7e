"""The messages, typed: what does not fit is refused with the path of the mistake.

Fields may be added; a receiver ignores those it does not know. So versions N and N-1 understand
each other.
"""

from collections.abc import Iterable
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.envelope import Vector as Heads

EVENTS_MAX = 1000
LOGS_MAX = 4000
PRINTERS_MAX = 64

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
Positive = Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
Hash = Annotated[str, Meta(max_length=64)]
Word = Annotated[str, Meta(max_length=64)]


class MessageRefused(ValueError):
    """Bytes that are no such message."""


class HeadAt(Struct, frozen=True, array_like=True):
    """How far one log is held: the highest contiguous seq and the hash at it."""

    terminal: Name
    epoch: Positive
    seq: Count
    hash: Hash


class Packed(Struct, frozen=True, array_like=True):
    """One event, byte for byte as its terminal made it."""

    payload: bytes
    signature: bytes


HeadList = Annotated[list[HeadAt], Meta(max_length=LOGS_MAX)]
EventList = Annotated[list[Packed], Meta(max_length=EVENTS_MAX)]


class Events(Struct, frozen=True, tag="events"):
    """Consecutive events of one log: pushed, pulled or uploaded."""

    events: EventList


class Vector(Struct, frozen=True, tag="vector"):
    """How far the sender holds which logs.

    ``instance`` and ``count`` order the vectors of one run of the sender; ``whole`` says that a
    log left out is not held at all. ``cloud`` relays the cloud's mark to those without internet.
    ``frozen`` names the first event of each second branch that the sender has seen. ``folded`` is
    the hash over the projections at this vector, made by the code of which ``fold`` is the hash.
    ``present`` tells of a terminal that joins up to where it knows what matters now of which logs:
    it does not hold what is in front of that yet.
    """

    instance: Name
    count: Count
    heads: HeadList
    whole: bool = True
    cloud: HeadList = []
    frozen: HeadList = []
    folded: Hash = ""
    fold: Hash = ""
    present: HeadList = []


class Pull(Struct, frozen=True, tag="pull"):
    """Ask for events of a log from seq ``first`` on, or for one of a second ``branch``."""

    terminal: Name
    epoch: Positive
    first: Positive
    events_max: Positive = 200
    bytes_max: Positive = 256 * 1024
    branch: Hash = ""


class At(Struct, frozen=True, array_like=True):
    """Where a page of the present ends: a number of a kind, an aggregate, how many of its events.

    All empty before the first page.
    """

    kind: Annotated[int, Meta(ge=0, le=1000)] = 0
    name: Annotated[str, Meta(max_length=1000)] = ""
    events: Count = 0


class AskPresent(Struct, frozen=True, tag="ask-present"):
    """Ask for the next page of the present: the events of what is open or in force."""

    after: At = At()
    events_max: Positive = 200
    bytes_max: Positive = 256 * 1024


class Present(Struct, frozen=True, tag="present"):
    """A page of the present.

    ``heads`` are the sender's vector as of this page; ``end`` is where the next one begins, absent
    in the last.
    """

    events: EventList
    heads: HeadList
    end: At | None = None


class Heartbeat(Struct, frozen=True, tag="heartbeat"):
    """The sender lives; ``cloud`` says whether the cloud has lately answered it.

    ``screens`` is the port at which its till answers browsers, 0 when it tells none; ``sure`` says
    whether it knows what time it is, ``speaks`` the newest language of events that it understands.
    """

    at: Count
    cloud: bool = False
    screens: Annotated[int, Meta(ge=0, le=65535)] = 0
    sure: bool = True
    speaks: Positive = 1


class PrinterHealth(Struct, frozen=True, array_like=True):
    """How a printer is, as one terminal sees it; ``waiting`` counts the papers for it."""

    printer: Name
    state: Word
    paper_low: bool
    waiting: Count


class Health(Struct, frozen=True):
    """How a terminal is, by its own word.

    ``speaks`` is the newest language of events that it understands; ``disk_free`` of ``disk_size``
    bytes are left where its journal lies, both 0 where that is not known; ``waiting`` counts the
    events that the cloud has not said to hold; ``off_ms`` is what its clock lacks to its peers';
    ``printers`` is absent while its devices program tells nothing.
    """

    version: Word
    speaks: Positive
    disk_free: Count = 0
    disk_size: Count = 0
    waiting: Count = 0
    off_ms: int = 0
    time_known: bool = True
    printers: Annotated[list[PrinterHealth], Meta(max_length=PRINTERS_MAX)] | None = None


class AskMark(Struct, frozen=True, tag="ask-mark"):
    """Ask the cloud how far it holds this restaurant's logs, and tell how the terminal is."""

    health: Health | None = None


class Renew(Struct, frozen=True, tag="renew"):
    """Ask the cloud for the next certificate of this terminal's bridge.

    ``request`` is a PKCS#10 request, DER; ``signature`` the LAN key's over ``renewal_text``.
    """

    request: Annotated[bytes, Meta(max_length=4096)]
    signature: Annotated[bytes, Meta(max_length=256)]


class Renewed(Struct, frozen=True, tag="renewed"):
    """A bridge's next certificate, PEM, for the one terminal that holds its key."""

    terminal: Name
    certificate: Annotated[bytes, Meta(max_length=16_384)]


class Mark(Struct, frozen=True, tag="mark"):
    """The cloud's vector; sent after its database committed, never before.

    ``speaks`` is the newest language of events that the cloud understands.
    """

    heads: HeadList
    at: Count = 0
    speaks: Positive = 1


class Grown(Struct, frozen=True):
    """The journal grew up to this local position."""

    position: Count


class Newest(Struct, frozen=True):
    """The newest event of this terminal that a peer has answered with; 0, 0 for none."""

    epoch: Count
    seq: Count


class Safety(Struct, frozen=True):
    """Which events are SAFE and which are in the CLOUD, by log (``t1/1``), and who lives.

    ``head`` is the newest own event that any peer has shown, ``everyone`` that all have answered;
    ``off_ms`` is what this terminal's clock lacks to the median of all; ``away_since_ms`` since
    when nobody of the restaurant reaches its cloud, 0 while somebody does or there is none;
    ``time_known`` whether this terminal or a live peer knows what time it is; ``cloud_until_ms``
    is when the certificate of this terminal's bridge ends, 0 where none is wanted; ``speaks`` the
    newest language of events that all who were heard understand.
    """

    own: dict[str, int]
    safe: dict[str, int]
    cloud: dict[str, int]
    peers: list[str]
    at: Count
    head: Newest | None = None
    everyone: bool = False
    off_ms: int = 0
    away_since_ms: Count = 0
    answered: dict[str, Newest] = {}
    screens: dict[str, str] = {}
    time_known: bool = True
    cloud_until_ms: Count = 0
    speaks: Positive = 1


class PrintReport(Struct, frozen=True):
    """What a printer did, for the till to write down; sent until the journal shows it.

    ``command`` is the id that makes a repetition harmless; ``printed`` is no while it is
    only about to be.
    """

    command: Name
    printed: bool
    check: Name
    ticket: Name
    printer: Name
    duplicate: bool = False
    confirmed: bool = False


class PrinterNow(Struct, frozen=True):
    """How a printer is, as this terminal sees it; ``waiting`` counts the papers for it."""

    printer: Name
    state: str
    message: str
    paper_low: bool = False
    waiting: Count = 0


class PrintersNow(Struct, frozen=True):
    """Every printer, and when this was said."""

    printers: list[PrinterNow]
    at: Count


class HeldBundle(Struct, frozen=True):
    """An update that this terminal can give to others; ``bundle`` is its SHA-256 in hex."""

    bundle: str
    compatible: str
    version: str
    size: Count


class UpdatesNow(Struct, frozen=True):
    """What this terminal does about an update, and what it waits for.

    ``step`` is one of the words of ``comptoir.updates.turns.Step``, ``who`` the terminal that is
    waited for; ``taken`` are the bytes that came so far and ``source`` who gave them last.
    ``left_s`` is how long the others take if all are needed.
    """

    step: str
    at: Count
    version: str
    compatible: str
    who: str = ""
    bundle: str = ""
    taken: Count = 0
    source: str = ""
    held: HeldBundle | None = None
    left_s: Count = 0


class UpdateReport(Struct, frozen=True):
    """What the till is to write down of an update; sent until the journal shows it.

    ``outcome`` is empty while this terminal only takes its turn. With a ``version`` it says what
    runs here, and nothing of a bundle.
    """

    command: Name
    bundle: str
    outcome: str = ""
    why: str = ""
    version: str = ""
    compatible: str = ""


Answer = Vector | Events | Present
Asked = Pull | AskPresent
Upload = Events | AskMark | Pull | Renew
M = TypeVar("M")
_ANSWER: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
_ASKED: msgspec.msgpack.Decoder[Asked] = msgspec.msgpack.Decoder(Asked)
_UPLOAD: msgspec.msgpack.Decoder[Upload] = msgspec.msgpack.Decoder(Upload)


def pack(message: Struct) -> bytes:
    """Encode as msgpack."""
    return msgspec.msgpack.encode(message)


def unpack(payload: bytes, kind: type[M]) -> M:
    """Decode msgpack; raises MessageRefused with the path of the mistake."""
    try:
        return msgspec.msgpack.decode(payload, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageRefused(str(error)) from error


def unpack_answer(payload: bytes) -> Answer:
    """Decode what a peer answers; raises MessageRefused."""
    try:
        return _ANSWER.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageRefused(str(error)) from error


def unpack_asked(payload: bytes) -> Asked:
    """Decode what a peer asks for; raises MessageRefused."""
    try:
        return _ASKED.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageRefused(str(error)) from error


def unpack_upload(payload: bytes) -> Upload:
    """Decode what a terminal sends to the cloud; raises MessageRefused."""
    try:
        return _UPLOAD.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageRefused(str(error)) from error


def pack_json(message: Struct) -> bytes:
    """Encode as JSON, for the terminal's own programs."""
    return msgspec.json.encode(message)


def unpack_json(payload: bytes, kind: type[M]) -> M:
    """Decode JSON; raises MessageRefused with the path of the mistake."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MessageRefused(str(error)) from error


def renewal_text(restaurant: str, terminal: str, request: bytes) -> bytes:
    """Return what the LAN key signs, so that a request is this one terminal's."""
    return b"\0".join((b"comptoir renewal", restaurant.encode(), terminal.encode(), request))


def head_list(heads: Heads) -> list[HeadAt]:
    """Return a vector as it travels."""
    return [HeadAt(*log, *head) for log, head in sorted(heads.items())][:LOGS_MAX]


def heads_of(listed: Iterable[HeadAt]) -> dict[LogId, Head]:
    """Return a vector as the journal speaks of it."""
    return {(at.terminal, at.epoch): Head(at.seq, at.hash) for at in listed if at.seq}


def events_of(sealed: Iterable[Sealed]) -> Events:
    """Return events as they travel."""
    return Events([Packed(one.payload, one.signature) for one in sealed])


def sealed_of(events: Events | Present) -> list[Sealed]:
    """Return events as the journal takes them."""
    return [Sealed(one.payload, one.signature) for one in events.events]
