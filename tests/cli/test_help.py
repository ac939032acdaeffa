"""What a newcomer sees of the command line: every command in a whole sentence, and the nearest name for a slip."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from sayso.cli.group import CommandGroup
from sayso.cli.main import main
from tests.cli.running import run

FOR_A_LONG_TIME = {"sayso serve", "sayso web", "sayso worker"}


def commands(group: click.Group = main, name: str = "sayso") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        assert command is not None
        yield f"{name} {each}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {each}")


ALL = dict(commands())


def test_the_help_lists_every_command_under_a_title_in_whole_sentences() -> None:
    told = run("--help").stdout
    assert "..." not in told.partition("Options:")[2]
    assert told.index("Set it up:") < told.index("  init ") < told.index("Keep it running:") < told.index("  serve ")
    assert [name for name in main.list_commands(click.Context(main)) if f"\n  {name} " not in told] == []


@pytest.mark.parametrize("name", ALL)
def test_every_command_says_what_it_does_and_every_option_what_it_is_for(name: str) -> None:
    command = ALL[name]
    assert command.help
    assert [each.name for each in command.params if isinstance(each, click.Option) and not each.help] == []
    if isinstance(command, click.Group):
        assert isinstance(command, CommandGroup)
    else:
        assert name in FOR_A_LONG_TIME or any(each.name == "json" for each in command.params)


@pytest.mark.parametrize(
    ("slip", "meant"), [("balance", "balances"), ("reward", "rewards"), ("workspaces", "workspace")]
)
def test_a_slip_is_told_with_the_nearest_command(slip: str, meant: str) -> None:
    refused = run(slip, "list")
    assert refused.exit_code == 2
    assert f"No such command '{slip}'. Did you mean '{meant}'?" in refused.stderr
    assert "No such command 'frobnicate'." in run("frobnicate").stderr


@pytest.mark.django_db(transaction=True)
def test_an_unknown_workspace_is_told_with_those_that_there_are() -> None:
    assert run("workspace", "create", "bluebell").exit_code == 0
    assert run("verify", "--workspace", "blubell").stderr == (
        "Error: There is no workspace 'blubell'; there are bluebell.\n"
    )
