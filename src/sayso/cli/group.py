"""Owns groups of commands that are imported when they are asked for, and the turning of refusals into exit codes.

It must not know a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from sayso.cli.answers import Refused
from sayso.cli.refusals import refusal_of


class LazyGroup(click.Group):
    """A group whose commands stand elsewhere.

    Args:
        places: from the name of a command to where it stands, as `module:name`.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the list."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, imported now."""
        place = self._places.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it refuses ends it with exit code 1 and a sentence."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            message = refusal_of(error)
            if message is None:
                raise
            raise Refused(message) from error
