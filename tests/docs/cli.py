"""Renders the command reference from the commands themselves."""

from collections.abc import Iterator

import click

from comptoir.cli import main


def commands() -> str:
    """Return a section per command: how it is called, what it does, its options."""
    return "\n\n".join(_entry(path, command) for path, command in walk("comptoir", main))


def walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that start it, groups before their members."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in sorted(command.list_commands(context)):
            member = command.get_command(context, name)
            assert member is not None
            yield from walk(f"{path} {name}", member)


def _entry(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    about = (command.help or "").replace("``", "`").replace("\b\n", "")
    options = [_option(option) for option in command.params if isinstance(option, click.Option)]
    return "\n\n".join([f"## {path}", f"`{usage}`", about, "\n".join(options)]).strip()


def _option(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(main))}"
    return f"- `{', '.join(option.opts)}{value}`: {option.help or ''}".rstrip(": ")
