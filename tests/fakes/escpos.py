"""Reads ESC/POS byte by byte, as a printer's firmware does: written from Epson's reference alone.

Shares nothing with what makes the bytes.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

ESC, GS, FS, DLE, LF, CR = 0x1B, 0x1D, 0x1C, 0x10, 0x0A, 0x0D
# commands of ESC, GS and FS that take so many bytes and change nothing that is looked at here
PLAIN_ESC = {b"2": 0, b"3": 1, b"R": 1, b"{": 1, b"G": 1, b"M": 1, b"V": 1, b"-": 1, b" ": 1,
             b"=": 1, b"c": 2, b"$": 2, b"\\": 2, b"S": 0, b"D": -1}  # fmt: skip
PLAIN_GS = {b"b": 1, b"L": 2, b"W": 2, b"P": 2, b"h": 1, b"w": 1, b"H": 1, b"f": 1, b"a": 1}
PLAIN_FS = {b"&": 0, b"-": 1, b".": 0, b"C": 1, b"S": 2, b"!": 1}


@dataclass
class Style:
    """How letters look now."""

    red: bool = False
    bold: bool = False
    inverse: bool = False
    wide: int = 1
    high: int = 1
    align: int = 0
    page: int = 0


@dataclass
class Raster:
    """A picture: rows of bytes, a set bit is black, or red."""

    width_bytes: int
    rows: list[bytes]
    red: bool = False


@dataclass
class Line:
    """A line of letters; its size is the first one's, bold and inverse those of any."""

    text: str
    style: Style


@dataclass
class Feed:
    """Empty paper, in dots."""

    dots: int


@dataclass
class Cut:
    """The end of a piece of paper."""


@dataclass
class Kick:
    """A pulse to the cash drawer: connector pin and times in 2 ms."""

    pin: int
    on: int
    off: int


Element = Raster | Line | Feed | Cut | Kick
PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 18: "cp852", 19: "cp858"}
Bytes = Generator[None, int, None]


@dataclass
class Reader:
    """A machine that is fed one byte at a time; ``answer`` is asked at status requests."""

    emit: Callable[[Element], None]
    answer: Callable[[str, int], None]
    unknown: list[bytes] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    _line: bytearray = field(default_factory=bytearray)
    _began: Style = field(default_factory=Style)
    _stored: Raster | None = None

    def __post_init__(self) -> None:
        self._machine = self._run()
        next(self._machine)

    def feed(self, data: bytes) -> None:
        for byte in data:
            self._machine.send(byte)

    def _run(self) -> Bytes:
        while True:
            byte = yield from self._byte()
            if byte == LF:
                self._end_line()
            elif byte == DLE:
                yield from self._real_time()
            elif byte == ESC:
                yield from self._escape()
            elif byte == GS:
                yield from self._group()
            elif byte == FS:
                yield from self._chinese()
            elif byte >= 0x20:
                self._letter(byte)
            elif byte != CR:
                self.unknown.append(bytes([byte]))

    @staticmethod
    def _byte() -> Generator[None, int, int]:
        return (yield)

    def _take(self, count: int) -> Generator[None, int, bytes]:
        taken = bytearray()
        for _ in range(count):
            taken.append((yield))
        return bytes(taken)

    def _letter(self, byte: int) -> None:
        if not self._line:
            self._began = Style(**vars(self.style))
        self._began.bold |= self.style.bold
        self._began.inverse |= self.style.inverse
        self._line.append(byte)

    def _end_line(self) -> None:
        style = self._began if self._line else self.style
        text = bytes(self._line).decode(PAGES.get(style.page, "cp437"), "replace")
        self._line.clear()
        self.emit(Line(text, Style(**vars(style))))

    def _real_time(self) -> Bytes:
        kind = yield from self._byte()
        number = yield from self._byte()
        if kind == 0x04:
            self.answer("DLE EOT", number)
        else:
            self.unknown.append(bytes([DLE, kind, number]))

    def _chinese(self) -> Bytes:
        name = yield from self._take(1)
        if name == b"(":
            _, low, high = yield from self._take(3)
            yield from self._take(low + 256 * high)
        elif name in PLAIN_FS:
            yield from self._take(PLAIN_FS[name])
        else:
            self.unknown.append(b"\x1c" + name)

    def _escape(self) -> Bytes:
        name = yield from self._byte()
        match chr(name):
            case "@":
                self.style = Style()
                self._line.clear()
            case "a":
                self.style.align = (yield from self._byte()) % 48
            case "E" | "r" as look:
                is_on = bool((yield from self._byte()) & 1)
                setattr(self.style, {"E": "bold", "r": "red"}[look], is_on)
            case "t":
                self.style.page = yield from self._byte()
            case "!":
                bits = yield from self._byte()
                self.style.bold = bool(bits & 8)
                self.style.high, self.style.wide = 1 + (bits >> 4 & 1), 1 + (bits >> 5 & 1)
            case "d" | "J":
                times = yield from self._byte()
                self.emit(Feed(times * 30 if name == ord("d") else times // 2))
            case "p":
                pin, on, off = yield from self._take(3)
                self.emit(Kick(pin, on, off))
            case "*":
                yield from self._columns()
            case _ if bytes([name]) in PLAIN_ESC:
                yield from self._take(max(0, PLAIN_ESC[bytes([name])]))
            case _:
                self.unknown.append(bytes([ESC, name]))

    def _columns(self) -> Bytes:
        mode, low, high = yield from self._take(3)
        yield from self._take((low + 256 * high) * (3 if mode >= 32 else 1))
        self.emit(Feed(24))

    def _group(self) -> Bytes:
        name = yield from self._byte()
        match chr(name):
            case "v":
                yield from self._raster()
            case "(":
                yield from self._function()
            case "V":
                mode = yield from self._byte()
                if mode in {65, 66}:
                    self.emit(Feed((yield from self._byte()) // 2))
                self.emit(Cut())
            case "B":
                self.style.inverse = bool((yield from self._byte()) & 1)
            case "!":
                bits = yield from self._byte()
                self.style.wide, self.style.high = (bits >> 4) + 1, (bits & 15) + 1
            case "r":
                self.answer("GS r", (yield from self._byte()) % 48)
            case _ if bytes([name]) in PLAIN_GS:
                yield from self._take(PLAIN_GS[bytes([name])])
            case _:
                self.unknown.append(bytes([GS, name]))

    def _raster(self) -> Bytes:
        _, _, xl, xh, yl, yh = yield from self._take(6)
        width, height = xl + 256 * xh, yl + 256 * yh
        data = yield from self._take(width * height)
        rows = [data[start : start + width] for start in range(0, len(data), width)]
        self.emit(Raster(width, rows, self.style.red))

    def _function(self) -> Bytes:
        kind, low, high = yield from self._take(3)
        body = yield from self._take(low + 256 * high)
        if kind != ord("L"):
            self.unknown.append(bytes([GS, ord("("), kind]))
        elif body[1] == 112:
            width, height = (body[6] + 256 * body[7] + 7) // 8, body[8] + 256 * body[9]
            data = body[10:]
            rows = [data[n * width : (n + 1) * width] for n in range(height)]
            self._stored = Raster(width, rows, self.style.red)
        elif body[1] in {2, 50} and self._stored is not None:
            self.emit(self._stored)
            self._stored = None
