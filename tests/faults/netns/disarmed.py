"""``comptoir`` with one defence off: ``… tests.faults.netns.disarmed CONTROL ARGUMENT…``."""

import sys

from comptoir.cli import main
from tests.faults.netns.controls import CONTROLS

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    with CONTROLS[name]():
        main(arguments, prog_name="comptoir")
