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
from sayso.cli.moments import local

if TYPE_CHECKING:
    from sayso.domains.events.act import Actor
    from sayso.domains.rewards.models import Order, Reward
    from sayso.domains.workspaces.models import Workspace

F = TypeVar("F", bound=Callable[..., Any])

# In whose name the log has what is said here.
SOURCE = "staff"
_HEAD = ("reward", "member", "program", "clause", "state", "granted", "cost", "order", "gives")


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
    """List rewards, the oldest first, with how far their handing over is, or what shows that it was done."""
    within = open_workspace(workspace)
    from sayso.domains.people.queries import refs_of
    from sayso.domains.rewards.fulfilment.queries import orders_of, proofs_of

    found, in_all = _stuck(within, limit) if stuck else _in_state(within, state, limit)
    orders = orders_of(within, [each.id for each in found])
    refs = refs_of(within, {each.beneficiary for each in found})
    proofs = proofs_of(within, found)
    data = [
        _data(each, refs.get(each.beneficiary, "-"), orders.get(each.id, [])) | {"proof": proofs.get(each.id, "-")}
        for each in found
    ]
    said = {"rewards": data, "in_all": in_all}
    answer(said, lambda: _listed(within, found, data) + _left_out(len(data), in_all) if data else "There are none.")


def _left_out(shown: int, in_all: int) -> str:
    """A line that says that there are more."""
    return f"\n{shown:,} of {in_all:,}, the oldest; --limit shows more." if shown < in_all else ""


def _in_state(workspace: Workspace, state: str, limit: int) -> tuple[Sequence[Reward], int]:
    from sayso.domains.rewards.queries import rewards_in_state

    found = rewards_in_state(workspace, state)
    return list(found[:limit]), found.count()


def _stuck(workspace: Workspace, limit: int) -> tuple[Sequence[Reward], int]:
    from sayso.domains.rewards.fulfilment.queries import for_people
    from sayso.domains.rewards.queries import rewards_numbered

    numbers = for_people(workspace).order_by("reward").values_list("reward", flat=True).distinct()
    return rewards_numbered(workspace, list(numbers[:limit])), numbers.count()


def _data(reward: Reward, ref: str, orders: Sequence[Order]) -> dict[str, Any]:
    from sayso.domains.workspaces.ids import public_id

    gives = " or ".join(each.kind for each in reward.offered)
    told = "; ".join(f"{each.state}: {each.reason}" if each.reason else str(each.state) for each in orders)
    return {
        "reward": public_id("rew", reward.id),
        "member": ref,
        "program": reward.program,
        "clause": reward.clause,
        "gives": ", ".join([*(each.kind for each in reward.given), *([gives] if gives else [])]),
        "cost_minor": reward.cost_minor,
        "state": reward.state,
        "granted": written(reward.granted_at),
        "order": told or "-",
    }


def _listed(workspace: Workspace, rewards: Sequence[Reward], data: Sequence[dict[str, Any]]) -> str:
    """The same for people, who read what it is and what it costs."""
    from sayso.core.program.explain.voice import voice_of
    from sayso.domains.programs.rulebook import rulebook_of
    from sayso.domains.rewards.in_words import reward_in_words
    from sayso.domains.workspaces.head import head_of

    versions, voice = rulebook_of(head_of(workspace)).versions, voice_of("en")
    head = (*_HEAD, "proof") if any(row["proof"] != "-" for row in data) else _HEAD
    rows = []
    for reward, row in zip(rewards, data, strict=True):
        program = versions[reward.program, reward.version]
        words = reward_in_words(reward, program, voice)
        gives = " and ".join(filter(None, (words.given, words.offered and f"a choice of {words.offered}")))
        cost, granted = voice.minor(reward.cost_minor, program.currency), local(reward.granted_at, workspace.zone)
        told = row | {"gives": gives, "cost": cost, "granted": written(granted)}
        rows.append(tuple(told[name] for name in head))
    return columns(rows, head=head)


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
