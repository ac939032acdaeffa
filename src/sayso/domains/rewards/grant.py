"""Giving on the word of staff (SEMANTICS 36)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import REWARD_GRANTED
from sayso.core.program.review import read_published
from sayso.core.program.review_gift import gift_problems
from sayso.domains.events.act import Actor, Deed, Done, NotSayable, act, was_done
from sayso.domains.people.queries import member_called
from sayso.domains.programs.queries import running_text
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.queries import reward_numbered
from sayso.domains.workspaces.models import Workspace


class NoStaffGrants(DomainError, LookupError):
    """The program does not run, or gives nothing on the word of staff."""


class GrantLimitReached(DomainError):
    """Whoever gives has given as much as they may for now."""


class BudgetSpent(DomainError):
    """The program's budget does not hold what it would cost."""


_REFUSALS: Mapping[int, tuple[type[Exception], str]] = {
    Verdict.NOT_FOUND: (NoStaffGrants, "the program does not run, or has no staff_grants"),
    Verdict.LIMIT_REACHED: (GrantLimitReached, "that is more than this person may give for now"),
    Verdict.BUDGET_SPENT: (BudgetSpent, "the budget does not hold what it would cost"),
}


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """What is given.

    Attributes:
        member: the company's name for whom it is for, or their id.
        program: on whose budget it goes.
        give: one gift, as a program writes it: `{credit: 10 EUR}`.
        reason: why.
    """

    member: str
    program: str
    give: Mapping[str, Any]
    reason: str


def grant_reward(*, workspace: Workspace, grant: StaffGrant, actor: Actor, now: datetime) -> Reward:
    """Give a member something on the word of staff; it counts towards the limit of whoever answers for it.

    Args:
        workspace: whose member.
        grant: what is given.
        actor: in whose name; `by` is the person of the staff.
        now: the time.

    Raises:
        NoSuchMember: nobody is called that.
        NotSayable: what is given cannot be read.
        NoStaffGrants, GrantLimitReached, BudgetSpent: as they say.
    """
    member = member_called(workspace, grant.member)
    props = {"program": grant.program, "give": dict(grant.give), "reason": grant.reason, "by": actor.by}
    deed = Deed("grant", REWARD_GRANTED, member.ref, props)
    if not was_done(workspace, deed, actor):
        _check(workspace, grant)
    done = act(workspace=workspace, deed=deed, actor=actor, now=now)
    return reward_numbered(workspace, _granted(done))


def _granted(done: Done) -> int:
    for reason in done.reasons:
        if reason.clause != "staff_grants":
            continue
        if reason.verdict in _REFUSALS:
            error, said = _REFUSALS[reason.verdict]
            raise error(said)
        if reason.verdict == Verdict.MET:
            return int(reason.seen)
    raise NoStaffGrants("the program gave nothing")


def _check(workspace: Workspace, grant: StaffGrant) -> None:
    text = running_text(workspace, grant.program)
    if text is None:
        raise NoStaffGrants(f"there is no program {grant.program!r}")
    problems = gift_problems(read_published(text), grant.give)
    if problems:
        raise NotSayable(problems)
