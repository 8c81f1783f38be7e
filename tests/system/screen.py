"""The screen of an emulated terminal: looked at and touched through QEMU's monitor (QMP)."""

import io
import json
import socket
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageStat

from imagebuilder import emulator

AXIS_MAX = 0x7FFF
LOOK_EVERY_S = 2.0
DRAWN_MIN = 8.0  # brightness, standard deviation; a page without anything has 1
PRESS_S = 0.2


class Monitor:
    """One QMP connection: a request, then its answer; events are passed over."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")
        self._lines.readline()  # the greeting
        self.execute("qmp_capabilities")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def execute(self, command: str, **arguments: Any) -> Any:
        request = {"execute": command, "arguments": arguments}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            answer = json.loads(self._lines.readline())
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']}")
            if "return" in answer:
                return answer["return"]


class Screen:
    """What the guest shows, ``width`` x ``height``; positions are in its pixels."""

    def __init__(self, monitor: Monitor, folder: Path, width: int, height: int) -> None:
        self._monitor = monitor
        self._folder = folder
        self._size = (width, height)
        self._touch = emulator.has_device(emulator.TOUCH_DEVICE)

    def picture(self) -> Image.Image:
        """Look at it."""
        file = self._folder / "screen.ppm"
        self._monitor.execute("screendump", filename=str(file))
        return Image.open(io.BytesIO(file.read_bytes())).convert("RGB")

    def settled(
        self, seconds: float, other_than: Image.Image | None = None, share: float = 0
    ) -> Image.Image:
        """Wait for a picture that stays, and differs from the one given in more than ``share``."""
        end = time.monotonic() + seconds
        last = self.picture()
        while time.monotonic() < end:
            time.sleep(LOOK_EVERY_S)
            now = self.picture()
            new = not (other_than and changed(now, other_than) <= share)
            if same(now, last) and new and drawn(now):
                return now
            last = now
        last.save(self._folder / "unsettled.png")
        raise AssertionError(f"no new picture in {seconds} s: {self._folder / 'unsettled.png'}")

    def tap(self, x: float, y: float) -> None:
        """Put a finger down and lift it; a pointer's button where QEMU has no touch screen."""
        at = [
            _axis(name, value, size)
            for name, value, size in zip("xy", (x, y), self._size, strict=True)
        ]
        if self._touch:
            self._send([_touch("begin"), *(_touch("data", axis) for axis in at)])
            time.sleep(PRESS_S)
            self._send([_touch("end")])
            return
        self._send([{"type": "abs", "data": axis} for axis in at])
        for down in (True, False):
            time.sleep(PRESS_S)
            self._send([{"type": "btn", "data": {"down": down, "button": "left"}}])

    def _send(self, events: list[dict[str, Any]]) -> None:
        self._monitor.execute("input-send-event", events=events)


def same(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two pictures are equal, dot by dot."""
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def drawn(picture: Image.Image) -> bool:
    """Tell whether there is something on it: between two pages a browser shows none."""
    return float(ImageStat.Stat(picture.convert("L")).stddev[0]) >= DRAWN_MIN


def changed(one: Image.Image, other: Image.Image) -> float:
    """Return the share of dots that differ, 0 to 1."""
    differs = ImageChops.difference(one, other).convert("L").point(bool, "1")
    return float(ImageStat.Stat(differs).mean[0])


def brightness(picture: Image.Image) -> float:
    """Return the mean brightness of a picture, 0 to 255."""
    return float(ImageStat.Stat(picture.convert("L")).mean[0])


def _axis(name: str, value: float, size: int) -> dict[str, Any]:
    return {"axis": name, "value": round(value * AXIS_MAX / (size - 1))}


def _touch(kind: str, axis: dict[str, Any] | None = None) -> dict[str, Any]:
    data = {"type": kind, "slot": 0, "tracking-id": 1, **(axis or {"axis": "x", "value": 0})}
    return {"type": "mtt", "data": data}
