"""Owns groups of commands: their lists in the help, their import when they are asked for, refusals into exit codes.

It must not know a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from sayso.cli.answers import Refused
from sayso.cli.refusals import refusal_of

# Longer than any first sentence: each is told whole.
_WHOLE = 1000


class CommandGroup(click.Group):
    """A group whose help says what each of its commands does in a whole sentence."""

    def sections(self, ctx: click.Context) -> Mapping[str, Iterable[str]]:
        """Return the names of its commands, under the titles that part them."""
        return {"Commands": self.list_commands(ctx)}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lists of commands."""
        for title, names in self.sections(ctx).items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, each.get_short_help_str(_WHOLE)) for name, each in commands if each])


class LazyGroup(CommandGroup):
    """A group whose commands stand elsewhere.

    Args:
        places: by the title that they stand under, from the name of a command to where it stands, as `module:name`.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, Mapping[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._titles = places
        self._places = {name: place for part in places.values() for name, place in part.items()}

    def sections(self, ctx: click.Context) -> Mapping[str, Iterable[str]]:
        """Return the names of the commands, under their titles."""
        return self._titles

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the list."""
        return list(self._places)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:  # fmt: skip
        """Find the command that was asked for, or name the nearest one; click only looks through imported ones."""
        name = args[0]
        near = get_close_matches(name, self._places, n=1)
        if name not in self._places and near:
            ctx.fail(f"No such command {name!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

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
