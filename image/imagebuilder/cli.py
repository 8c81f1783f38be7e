"""Chooses the command and turns its end into an exit code and, if need be, one line."""

import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from imagebuilder.errors import BuildError

# Each module has main(arguments) -> exit code, and is imported only when asked for.
COMMANDS = {
    "build": ("imagebuilder.build", "make an image"),
    "flash": ("imagebuilder.flashing.command", "write an image to cards, modules or files"),
    "boot": ("imagebuilder.boot", "boot an image in an emulator"),
}
INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run the command named first; return 0, 1 for a named failure, 2 for usage, 130 for Ctrl-C."""
    if not arguments or arguments[0] not in COMMANDS:
        for name, (_, purpose) in COMMANDS.items():
            print(f"image/{name:<6} {purpose}")
        return 0 if list(arguments) in ([], ["--help"]) else 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    module, _ = COMMANDS[arguments[0]]
    try:
        return int(importlib.import_module(module).main(arguments[1:]))
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; nothing half done is left", file=sys.stderr)
        return INTERRUPTED


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
