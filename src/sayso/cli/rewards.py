"""Owns `sayso rewards`: what waits for somebody, and the word of a person on it.

It must not decide whether a reward is open to that word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sayso.cli.answers import Refused, answer, columns, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup

if TYPE_CHECKING:
    from sayso.domains.events.act import Actor
    from sayso.domains.rewards.models import Order, Reward
    from sayso.domains.workspaces.models import Workspace

F = TypeVar("F", bound=Callable[..., Any])

# In whose name the log has what is said here.
SOURCE = "staff"
_HEAD = ("reward", "member", "program", "clause", "gives", "cost", "state", "granted", "order")


@click.group(cls=CommandGroup)
def rewards() -> None:
    """See which rewards wait for somebody, and approve, deny or issue them."""


@rewards.command("list")
@click.option(
    "--state",
    type=click.Choice(
        ["approved", "in_review", "waiting", "held", "issued", "redeemed", "reversed", "denied", "expired"]
    ),
    default="approved",
    show_default=True,
    help="approved waits to be handed over, in_review for a person, waiting for budget.",
)
@click.option("--stuck", is_flag=True, help="Instead: those whose order goes no further unless a person looks.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many at most.")
@workspace_option
@json_option
def list_(state: str, stuck: bool, limit: int, workspace: str) -> None:
    """List rewards, the oldest first, with how far their handing over is."""
    within = open_workspace(workspace)
    from sayso.domains.people.queries import refs_of
    from sayso.domains.rewards.fulfilment.queries import orders_of

    found = _stuck(within, limit) if stuck else _in_state(within, state, limit)
    orders = orders_of(within, [each.id for each in found])
    refs = refs_of(within, {each.beneficiary for each in found})
    rows = [_row(each, refs.get(each.beneficiary, "-"), orders.get(each.id, [])) for each in found]
    data = [dict(zip(_HEAD, row, strict=True)) for row in rows]
    answer({"rewards": data}, lambda: columns(rows, head=_HEAD) if rows else "There are none.")


def _in_state(workspace: Workspace, state: str, limit: int) -> Sequence[Reward]:
    from sayso.domains.rewards.queries import rewards_in_state

    return list(rewards_in_state(workspace, state)[:limit])


def _stuck(workspace: Workspace, limit: int) -> Sequence[Reward]:
    from sayso.domains.rewards.fulfilment.queries import orders_for_people
    from sayso.domains.rewards.queries import reward_numbered

    numbers = dict.fromkeys(each.reward for each in orders_for_people(workspace, limit=limit))
    return [reward_numbered(workspace, number) for number in numbers]


def _row(reward: Reward, ref: str, orders: Sequence[Order]) -> tuple[Any, ...]:
    from sayso.domains.workspaces.ids import public_id

    gives = " or ".join(each.kind for each in reward.offered)
    gives = ", ".join([*(each.kind for each in reward.given), *([gives] if gives else [])])
    told = "; ".join(f"{each.state}: {each.reason}" if each.reason else str(each.state) for each in orders)
    return (
        public_id("rew", reward.id), ref, reward.program, reward.clause, gives, reward.cost_minor, reward.state,
        written(reward.granted_at), told or "-",
    )  # fmt: skip


# --- the word of a person -------------------------------------------------------------------------------------------


def _one_reward(command: F) -> F:
    """Give a command the argument and the options of a word on one reward."""
    options = [
        click.argument("reward"),
        click.option("--by", default=None, metavar="NAME", help="Who answers for it; you, unless said."),
        workspace_option,
        json_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@rewards.command()
@click.option("--proof", required=True, metavar="TEXT", help="What shows it: the number of a voucher or a parcel.")
@_one_reward
def issue(reward: str, proof: str, by: str | None, workspace: str) -> None:
    """Say that an approved REWARD was handed over."""
    within = open_workspace(workspace)
    from sayso.domains.rewards.issue import issue_reward

    done = issue_reward(workspace=within, reward=_number(reward), proof=proof, actor=_actor(by), now=datetime.now(UTC))
    _say(reward, done)


@rewards.command()
@_one_reward
def approve(reward: str, by: str | None, workspace: str) -> None:
    """Let a REWARD that is in review or held go on."""
    within = open_workspace(workspace)
    from sayso.domains.rewards.approve import approve_reward

    _say(reward, approve_reward(workspace=within, reward=_number(reward), actor=_actor(by), now=datetime.now(UTC)))


@rewards.command()
@click.option("--reason", required=True, metavar="TEXT", help="Why, in your words.")
@_one_reward
def deny(reward: str, reason: str, by: str | None, workspace: str) -> None:
    """Refuse a REWARD that was not handed over yet; what it reserved goes back to the budget."""
    within = open_workspace(workspace)
    from sayso.domains.rewards.deny import deny_reward

    done = deny_reward(workspace=within, reward=_number(reward), reason=reason, actor=_actor(by), now=datetime.now(UTC))
    _say(reward, done)


def _number(reward: str) -> int:
    from sayso.domains.workspaces.ids import number_of

    number = number_of("rew", reward)
    if number is None:
        raise Refused(f"{reward!r} is no reward; `sayso rewards list` shows them, such as rew_0000000004001.")
    return number


def _actor(by: str | None) -> Actor:
    from sayso.domains.events.act import Actor

    return Actor(SOURCE, by or getuser())


def _say(name: str, reward: Reward) -> None:
    answer({"reward": name, "state": reward.state}, lambda: f"{name} is {reward.state.replace('_', ' ')}.")
