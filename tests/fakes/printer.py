"""A receipt printer on the network, byte for byte: prints on PNG, runs out of paper, lies, dies."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from tests.fakes.escpos import Cut, Element, Feed, Kick, Line, Raster, Reader

DOTS = 576
LETTER = (12, 24)
ACCEPT_S, READ_S = 0.05, 0.05


@dataclass
class Piece:
    """One piece of paper: what came between two cuts."""

    elements: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the letters that were sent as letters."""
        return "\n".join(one.text for one in self.elements if isinstance(one, Line))

    @property
    def black(self) -> int:
        """Return how many dots are black."""
        picture = self.picture()
        return picture.width * picture.height - sum(1 for level in picture.tobytes() if level)

    def picture(self) -> Image.Image:
        """Return the paper as one would see it."""
        strips = [_strip(one) for one in self.elements if not isinstance(one, Cut | Kick)]
        height = max(1, sum(strip.height for strip in strips))
        whole = Image.new("L", (DOTS, height), 255)
        top = 0
        for strip in strips:
            whole.paste(strip, (0, top))
            top += strip.height
        return whole


def _strip(one: Element) -> Image.Image:
    if isinstance(one, Raster):
        data = bytes(byte ^ 0xFF for row in one.rows for byte in row)
        size = (one.width_bytes * 8, len(one.rows))
        return Image.frombytes("1", size, data).convert("L")
    if isinstance(one, Line):
        return _letters(one)
    return Image.new("L", (DOTS, one.dots if isinstance(one, Feed) else 0), 255)


def _letters(line: Line) -> Image.Image:
    style = line.style
    small = Image.new("L", (max(1, LETTER[0] * len(line.text)), LETTER[1]), 255)
    pen = ImageDraw.Draw(small)
    for number, letter in enumerate(line.text):
        pen.text((number * LETTER[0], 2), letter, fill=0, font=ImageFont.load_default(18))
    if style.inverse:
        small = small.point(lambda level: 255 - level)
    big = small.resize((small.width * style.wide, small.height * style.high))
    whole = Image.new("L", (DOTS, big.height), 255)
    left = {1: (DOTS - big.width) // 2, 2: DOTS - big.width}.get(style.align, 0)
    whole.paste(big, (left, 0))
    return whole


class FakePrinter:
    """Listens on a port of this machine, at ``host``; its troubles are plain attributes.

    ``garbage`` is sent instead of every answer; after ``dies_after`` more bytes of input it breaks
    the connection; ``mute`` answers nothing; ``stuck`` reads nothing any more.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.paper = True
        self.paper_low = False
        self.cover_open = False
        self.cutter_stuck = False
        self.garbage = b""
        self.mute = False
        self.stuck = False
        self.dies_after: int | None = None
        self.pieces: list[Piece] = []
        self.kicks: list[Kick] = []
        self.connections = 0
        self.unknown: list[bytes] = []
        self._news = threading.Condition()
        self._server: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._on = threading.Event()
        self.host, self.port = host, port
        self.switch_on()

    def switch_on(self) -> None:
        self._server = socket.create_server((self.host, self.port), reuse_port=False)
        self._server.settimeout(ACCEPT_S)
        self.port = self._server.getsockname()[1]
        self._on.set()
        self._start(self._accept)

    def switch_off(self) -> None:
        self._on.clear()
        if self._server is not None:
            self._server.close()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def wait(self, pieces: int, seconds: float = 60.0) -> list[Piece]:
        """Return the pieces of paper once there are so many; raises when there are not."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.pieces) >= pieces, seconds):
                raise AssertionError(f"{len(self.pieces)} of {pieces} papers after {seconds} s")
        return self.pieces

    def wait_kick(self, seconds: float = 60.0) -> Kick:
        with self._news:
            assert self._news.wait_for(lambda: self.kicks, seconds), "the drawer stayed shut"
        return self.kicks[-1]

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while self._on.is_set():
            with contextlib.suppress(OSError):
                assert self._server is not None
                connection, _ = self._server.accept()
                self.connections += 1
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        mine = Piece()  # what several print at once is not mixed

        def emit(element: Element) -> None:
            nonlocal mine
            if self._emit(mine, element):
                mine = Piece()

        reader = Reader(emit, lambda kind, n: self._answer(connection, kind, n), self.unknown)
        with connection, contextlib.suppress(OSError):
            for data in self._chunks(connection):
                if self.dies_after is not None:
                    reader.feed(data[: self.dies_after])
                    self.dies_after -= len(data)
                    if self.dies_after <= 0:
                        self.dies_after = None
                        return
                else:
                    reader.feed(data)

    def _chunks(self, connection: socket.socket) -> Iterator[bytes]:
        connection.settimeout(READ_S)
        while self._on.is_set():
            if self.stuck:
                time.sleep(READ_S)
                continue
            with contextlib.suppress(TimeoutError):
                data = connection.recv(1024)
                if not data:
                    return
                yield data

    def _emit(self, piece: Piece, element: Element) -> bool:
        """Note what was printed; tells whether the piece was cut."""
        with self._news:
            if isinstance(element, Kick):
                self.kicks.append(element)
            else:
                piece.elements.append(element)
            if cut := isinstance(element, Cut):
                self.pieces.append(piece)
            self._news.notify_all()
        return cut

    def _answer(self, connection: socket.socket, kind: str, number: int) -> None:
        if self.mute:
            return
        answer = self.garbage or bytes([self.status(kind, number)])
        connection.sendall(answer)

    def status(self, kind: str, number: int) -> int:
        """Return the status byte, after Epson's tables."""
        if kind == "GS r":
            return (0b0000_1100 if not self.paper else 0) | (0b11 if self.paper_low else 0)
        offline = self.cover_open or not self.paper or self.cutter_stuck
        bits = {
            1: 0b0000_1000 if offline else 0,
            2: (0b0000_0100 if self.cover_open else 0)
            | (0 if self.paper else 0b0010_0000)
            | (0b0100_0000 if self.cutter_stuck else 0),
            3: 0b0000_1000 if self.cutter_stuck else 0,
            4: (0 if self.paper else 0b0110_0000) | (0b0000_1100 if self.paper_low else 0),
        }
        return 0b0001_0010 | bits.get(number, 0)
