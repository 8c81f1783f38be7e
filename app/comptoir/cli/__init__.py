"""The command line: one command for each program of a terminal, and for those who look after it.

A command's module is imported when the command is called, and only then: what runs at every boot
does not wait for libraries it has no use for.
"""

import importlib
import os
from pathlib import Path

import click

from comptoir import settings
from comptoir.domain.errors import Refusal
from comptoir.settings import FILES, Settings

MODULES = {
    "bridge-config": "bridge",
    "cloud": "cloud",
    "config": "config",
    "demo": "demo",
    "devices": "devices",
    "health": "health",
    "identity": "identity",
    "journal": "journal",
    "menu": "menu",
    "migrate": "migrate",
    "price": "price",
    "replica": "replica",
    "taxes": "taxes",
    "terminals": "terminals",
    "till": "till",
    "updates": "updates",
    "visit": "visit",
}


class Commands(click.Group):
    """Loads each command when it is called; a refusal becomes one line, never a traceback."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
        return sorted(MODULES)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command from its module; None when there is none of this name."""
        if cmd_name not in MODULES:
            return None
        module = importlib.import_module(f"comptoir.cli.{MODULES[cmd_name]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal becomes the last line and exit code 1."""
        try:
            return super().invoke(ctx)
        except Refusal as error:
            raise click.ClickException(str(error)) from error


pass_settings = click.make_pass_decorator(Settings)


@click.group(cls=Commands)
@click.option(
    "--settings", "files", multiple=True, type=click.Path(path_type=Path),
    help="A TOML file with settings; later ones win. Default: COMPTOIR_SETTINGS, or the system's.",
)  # fmt: skip
@click.version_option(package_name="comptoir")
@click.pass_context
def main(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Comptoir: a restaurant point of sale in which no terminal is special."""
    listed = os.environ.get("COMPTOIR_SETTINGS", "")
    chosen = files or tuple(Path(name) for name in listed.split(":") if name) or FILES
    ctx.obj = settings.load(chosen, os.environ)
