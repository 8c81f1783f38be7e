"""Runs a program until it is told to stop."""

import logging
import signal
from collections.abc import Callable
from typing import Protocol

from comptoir import identity
from comptoir.bootstrap.terminal import open_journal
from comptoir.identity import Identity
from comptoir.journal import Journal
from comptoir.settings import Settings


class Program(Protocol):
    """A program that works until it is told to stop."""

    def run(self) -> None: ...
    def stop(self) -> None: ...


def run(program: Program) -> None:
    """Run a program with its log on standard error; SIGTERM and Ctrl-C end it cleanly."""
    # force: python-escpos sets up logging for itself when it is imported
    logging.basicConfig(
        force=True, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: program.stop())
    program.run()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # the end is under way; a second one adds nothing


def run_at_terminal(
    config: Settings, build: Callable[[Journal, Identity, Settings], Program]
) -> None:
    """Run a program on this terminal's journal, which is closed whatever happens."""
    journal = open_journal(config)
    try:
        run(build(journal, identity.read(config.identity_dir), config))
    finally:
        journal.close()
