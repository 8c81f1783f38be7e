"""Runs a whole restaurant on this computer."""

import sys

import click

from comptoir.demo.layout import TERMINALS_MAX
from comptoir.demo.run import Options
from comptoir.demo.run import run as run_demo


@click.command()
@click.option(
    "--terminals", default=3, type=click.IntRange(1, TERMINALS_MAX), show_default=True,
    help="How many terminals.",
)  # fmt: skip
@click.option(
    "--port", "first", default=8000, type=click.IntRange(1024, 65000), show_default=True,
    help="Port of the page; the tills have the next ones.",
)  # fmt: skip
@click.option(
    "--script", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Run commands from a file, - for standard input.",
)  # fmt: skip
@click.option(
    "--pace", default=1, type=click.IntRange(1, 10), show_default=True,
    help="How many times as fast the robots work.",
)  # fmt: skip
@click.option("--believe-local", is_flag=True, hidden=True)
def demo(terminals: int, first: int, script: str | None, pace: int, believe_local: bool) -> None:
    """Run a whole restaurant on this computer: break it in your browser."""
    sys.exit(run_demo(Options(terminals, first, script or "", pace, believe_local)))
