"""Spending points."""

from dataclasses import dataclass
from datetime import datetime

from sayso.core.domain_error import DomainError
from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import POINTS_SPENT
from sayso.domains.events.act import Actor, Deed, act
from sayso.domains.ledger.queries import Wallet, wallets_of
from sayso.domains.people.queries import member_called, merged_numbers
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace


class NotEnough(DomainError):
    """The wallet does not hold that much."""


class NoSuchUnit(DomainError, ValueError):
    """No program counts in that unit, or it is not clear which of several is meant."""


@dataclass(frozen=True, slots=True)
class Spending:
    """How many points are spent; the unit may stay empty where the workspace has only one."""

    points: int
    unit: str = ""


def spend_points(*, workspace: Workspace, member: str, spending: Spending, actor: Actor, now: datetime) -> list[Wallet]:
    """Spend points of a member, those that expire first before others, and return what the wallets hold then.

    Args:
        workspace: whose member.
        member: the company's name for them, or their id.
        spending: how many, of which unit.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: nobody is called that.
        NotEnough: the wallet holds less; nothing is spent, and that it was asked stands in the log.
        NoSuchUnit: it is not clear which points.
    """
    owner = member_called(workspace, member)
    said = {"points": spending.points, "unit": spending.unit or None}
    done = act(workspace=workspace, deed=Deed("spend", POINTS_SPENT, owner.ref, said), actor=actor, now=now)
    for reason in [each for each in done.reasons if each.clause == "points"]:
        if reason.verdict == Verdict.NOT_FOUND or (reason.verdict == Verdict.NOT_ENOUGH and not reason.seen):
            _check_unit(workspace, spending.unit)
        if reason.verdict in (Verdict.NOT_ENOUGH, Verdict.NOT_FOUND):
            raise NotEnough(f"{reason.seen or 0} are there, fewer than {spending.points}")
    return wallets_of(workspace, merged_numbers(workspace, owner.id))


def _check_unit(workspace: Workspace, unit: str) -> None:
    """Check of what was not spent that it is clear which points were meant."""
    rulebook = rulebook_of(head_of(workspace))
    if unit in (*rulebook.units, *rulebook.currencies) or (not unit and len(rulebook.units) == 1):
        return
    if not rulebook.units:
        credit = f"; credit is spent under the unit {' or '.join(rulebook.currencies)}" if rulebook.currencies else ""
        raise NoSuchUnit(f"no program of {workspace.name} gives points{credit}")
    if unit:
        raise NoSuchUnit(f"no program counts in {unit!r}, only in {', '.join(rulebook.units)}")
    raise NoSuchUnit(f"name the unit: {' or '.join(rulebook.units)}")
