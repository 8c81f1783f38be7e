"""``comptoir`` with defences off, or in bad weather: ``… netns.disarmed NAME,NAME ARGUMENT…``."""

import sys
from contextlib import ExitStack

from comptoir.cli import main
from tests.faults.netns.controls import CONTROLS

if __name__ == "__main__":
    names, *arguments = sys.argv[1:]
    with ExitStack() as stack:
        for name in names.split(","):
            stack.enter_context(CONTROLS[name]())
        main(arguments, prog_name="comptoir")
