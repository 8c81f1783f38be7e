"""The plan of a delivery: a CSV row per terminal, each the enrolment of one unit.

Columns: restaurant, terminal and letter; and, where one wants them, restaurant_id, terminal_id,
currency, timezone, peers (`t1=till-1.local:8883 t2=…`), trust and cloud (files beside the plan).
"""

import csv
import difflib
import json
import re
import unicodedata
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagebuilder.errors import BuildError
from imagebuilder.flashing import enrolment

NEEDED = ("restaurant", "terminal", "letter")
OPTIONAL = ("restaurant_id", "terminal_id", "currency", "timezone", "peers", "trust", "cloud")
ROWS_MAX = 1000
NAME_MAX = 60
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")  # names topics and hosts
LETTER = re.compile(r"[A-Z]{1,2}")
CURRENCY = re.compile(r"[A-Z]{3}")
PEER = re.compile(r"([a-z0-9-]+)=([^\s:=]+:\d{1,5})")
FORM = "see image/docs/flash.md for its columns"


@dataclass(frozen=True)
class Place:
    """Where a unit goes: a terminal of a restaurant, and the enrolment that makes it so."""

    restaurant_id: str
    restaurant: str
    terminal_id: str
    terminal: str
    letter: str
    enrolment: bytes

    @property
    def host(self) -> str:
        """Return the name by which it is found in its network."""
        return f"{host_of(self.terminal_id)}.local"

    @classmethod
    def of(cls, data: bytes) -> "Place":
        """Return the place that an enrolment speaks of; what it leaves out is empty."""
        said = json.loads(data)
        house, terminal = said.get("restaurant", {}), said.get("terminal", {})
        return cls(
            str(house.get("id", "")),
            str(house.get("name", "")),
            str(terminal.get("id", "")),
            str(terminal.get("name", "")),
            str(terminal.get("letter", "")),
            data,
        )


def read(path: Path) -> list[Place]:
    """Read a plan; BuildError naming every row that is wrong, and what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"the plan cannot be read: {error}", where=str(path), hint=FORM) from error
    table = csv.DictReader(text.splitlines(), delimiter=_delimiter(text), strict=True)
    _check_columns(table.fieldnames or (), path)
    try:
        rows = list(table)
    except csv.Error as error:
        raise BuildError(f"no CSV: {error}", where=str(path), hint=FORM) from error
    if not 0 < len(rows) <= ROWS_MAX:
        raise BuildError(f"{len(rows)} rows, 1 to {ROWS_MAX} are possible", where=str(path),
            hint=FORM)  # fmt: skip
    return _places(rows, path)


def _places(rows: list[dict[str, Any]], path: Path) -> list[Place]:
    known = _Known()
    places: list[Place] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=2):  # as a spreadsheet counts them
        reader = _Row(row, path.parent)
        place = reader.place()
        reader.faults.extend(known.against(place, number, trusts=bool(reader.text("trust"))))
        faults.extend(f"row {number}: {fault}" for fault in reader.faults)
        places.append(place)
    if faults:
        raise BuildError("; ".join(faults), where=str(path), hint=FORM)
    return places


class _Row:
    """One row: its cells, and the faults found in them."""

    def __init__(self, cells: Mapping[Any, Any], folder: Path) -> None:
        self._cells, self._folder = cells, folder
        self.faults: list[str] = ["more cells than columns"] if None in cells else []

    def text(self, column: str) -> str:
        return str(self._cells.get(column) or "").strip()

    def place(self) -> Place:
        """Return the row's place; what is wrong with it is in `faults`."""
        for column in NEEDED:
            if not self.text(column) or len(self.text(column)) > NAME_MAX:
                self._fault(column, f"1 to {NAME_MAX} letters")
        house = self.text("restaurant_id") or slug(self.text("restaurant"))
        own = self.text("terminal_id") or f"{house}-{self.text('letter').lower()}"
        self._match("restaurant_id", house, ID, "letters a-z, digits and -, at most 40")
        self._match("terminal_id", own, ID, "letters a-z, digits and -, at most 40")
        self._match("letter", self.text("letter"), LETTER, "one or two of A-Z")
        names = self.text("restaurant"), own, self.text("terminal"), self.text("letter")
        data = json.dumps(self._enrolment(house, own), ensure_ascii=False).encode()
        if len(data) > enrolment.BYTES_MAX:
            self.faults.append("its enrolment is too long")
        return Place(house, *names, data)

    def _enrolment(self, house: str, own: str) -> dict[str, Any]:
        said: dict[str, Any] = {
            "restaurant": {"id": house, "name": self.text("restaurant"), **self._customs()},
            "terminal": {
                "id": own, "letter": self.text("letter"), "name": self.text("terminal"),
            },
        }  # fmt: skip
        peers = self.text("peers").split()
        for peer in peers:
            self._match("peers", peer, PEER, "terminal=host:port")
        if peers:
            said["peers"] = dict(peer.partition("=")[::2] for peer in peers)
        for column, kind in (("trust", list), ("cloud", dict)):
            if self.text(column):
                said[column] = self._file(column, kind)
        return said

    def _customs(self) -> dict[str, str]:
        currency, zone = self.text("currency"), self.text("timezone")
        if currency:
            self._match("currency", currency, CURRENCY, "three letters, as EUR")
        if zone and zone not in zoneinfo.available_timezones():
            self._fault("timezone", "a name as Europe/Paris")
        return {key: value for key, value in (("currency", currency), ("timezone", zone)) if value}

    def _file(self, column: str, kind: type) -> Any:
        try:
            value = json.loads((self._folder / self.text(column)).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self.faults.append(f"{column}: {error}")
            return kind()
        if column == "trust" and isinstance(value, dict):
            value = [value]  # one card, as `comptoir identity card` prints it
        if not isinstance(value, kind):
            self.faults.append(f"{column}: {self.text(column)} holds no {kind.__name__}")
        return value

    def _match(self, column: str, text: str, form: re.Pattern[str], wanted: str) -> None:
        if not form.fullmatch(text):
            self._fault(column, wanted, text)

    def _fault(self, column: str, wanted: str, text: str | None = None) -> None:
        self.faults.append(f"{column} {self.text(column) if text is None else text!r}: {wanted}")


class _Known:
    """The places of the rows above."""

    def __init__(self) -> None:
        self._terminals: dict[str, int] = {}
        self._letters: dict[tuple[str, str], int] = {}
        self._houses: dict[str, int] = {}

    def against(self, place: Place, number: int, *, trusts: bool) -> Iterator[str]:
        """Yield what contradicts a row above."""
        letter = (place.restaurant_id, place.letter)
        if place.terminal_id in self._terminals:
            yield f"terminal_id {place.terminal_id} is row {self._terminals[place.terminal_id]}'s"
        elif letter in self._letters:
            yield f"letter {place.letter} is row {self._letters[letter]}'s"
        founder = self._houses.setdefault(place.restaurant_id, number)
        if founder != number and not trusts:
            yield (
                f"it would found {place.restaurant_id} a second time (row {founder}): give in"
                " `trust` the card of that terminal, from `comptoir identity card`"
            )
        self._terminals.setdefault(place.terminal_id, number)
        self._letters.setdefault(letter, number)


def host_of(terminal: str) -> str:
    """Return the host name that a terminal gives itself at its first boot."""
    return f"comptoir-{terminal.lower()}"[:63].rstrip("-")


def slug(name: str) -> str:
    """Return a name as an id: Chez Zoë becomes chez-zoe."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:37]


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)  # spreadsheets differ by country


def _check_columns(names: Iterable[str], path: Path) -> None:
    columns = [name.strip() for name in names]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise BuildError(f"no column {', '.join(missing)}", where=str(path), hint=FORM)
    for name in columns:
        if name not in {*NEEDED, *OPTIONAL}:
            near = difflib.get_close_matches(name, [*NEEDED, *OPTIONAL], 1)
            hint = f"is it {near[0]}?" if near else FORM
            raise BuildError(f"no such column as {name!r}", where=str(path), hint=hint)
