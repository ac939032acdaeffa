"""The friends whom a member recommended, each with as much as that friend allowed.

Owns what may be shown: the first name and the steps of who allowed it; of everybody else, that a friend is under way,
came or did not. What the member themselves gets for it is theirs to know in any case.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.states import COMMITTED
from sayso.core.program.calendar import datetime_of, moment_of, next_period
from sayso.core.program.scalars import words
from sayso.domains.decisions.models import Timer
from sayso.domains.insight.portal.me import Me
from sayso.domains.people.consents import SHARED, consenting
from sayso.domains.people.models import Member
from sayso.domains.people.names import first_names
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.remind import remindable, reminded_at
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.ids import public_id

Stage = Literal["under_way", "in_review", "completed", "expired", "rejected"]
_STAGES: dict[str, Stage] = {
    "open": "under_way",
    "in_review": "in_review",
    "completed": "completed",
    "expired": "expired",
    "rejected": "rejected",
}
MOST = 50


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody whom the member recommended.

    Attributes:
        id: of the referral.
        name: the first name; empty where it is not known or may not be shown.
        recommended: the day on which they came through the member.
        step: the last step that was reached, in words; empty where it may not be shown.
        since: the day of that step; without one, and always where steps may not be shown, empty.
        next_step: what comes next; empty where nothing does, or it may not be shown.
        until: the last day for it.
        reward: how far the member's own reward is, as `state_of` has it; empty for none.
        arrives: the day on which its hold ends, or the last on which it waits for budget.
        may_be_reminded: now, by the member.
        reminded: the day on which they were.
    """

    id: str
    program: str
    name: str
    recommended: str
    stage: Stage
    step: str
    since: str
    next_step: str
    until: str
    reward: str
    arrives: str
    may_be_reminded: bool
    reminded: str


def friends_of(me: Me, *, program: str = "", limit: int = MOST) -> list[Friend]:
    """Return the friends of a member, those recommended last at the head.

    Args:
        me: who looks.
        program: only those of one program; all of them unless said.
        limit: how many at most.
    """
    rows = Referral.objects.filter(advocate__in=me.numbers, workspace=me.workspace).exclude(friend__in=me.numbers)
    chosen = rows.filter(program=program) if program else rows
    return _told(me, list(chosen.order_by("-id")[:limit]))


def friend_by_referral(me: Me, number: int) -> Friend | None:
    """Return the friend of one of a member's referrals; None where it is not theirs."""
    found = Referral.objects.filter(id=number, advocate__in=me.numbers, workspace=me.workspace)
    return next(iter(_told(me, list(found.exclude(friend__in=me.numbers)))), None)


def names_shown(me: Me, friends: Collection[int]) -> dict[int, str]:
    """Return the first names of those friends who allow it, by number."""
    allowed = _allowing(me, friends)
    return first_names(me.workspace, allowed)


def _allowing(me: Me, friends: Collection[int]) -> set[int]:
    there = Member.objects.filter(id__in=friends, workspace=me.workspace).exclude(status="erased")
    return consenting(me.workspace, list(there.values_list("id", flat=True)), SHARED)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up for all friends at once, by the number of the referral or of the friend."""

    allowed: set[int]
    names: dict[int, str]
    rewards: dict[int, Reward]
    ends: dict[int, datetime | None]
    remindable: set[int]
    reminded: dict[int, datetime]


def _told(me: Me, rows: Sequence[Referral]) -> list[Friend]:
    numbers = [row.id for row in rows]
    allowed = _allowing(me, {row.friend for row in rows})
    timers = Timer.objects.filter(id__in=[row.timer for row in rows if row.timer], workspace=me.workspace)
    known = _Known(
        allowed,
        first_names(me.workspace, allowed),
        _own_rewards(me, numbers),
        dict(timers.values_list("id", "due_at")),
        remindable(me.workspace, rows, me.now),
        reminded_at(me.workspace, numbers),
    )
    return [_friend(me, row, known) for row in rows]


def _own_rewards(me: Me, referrals: Collection[int]) -> dict[int, Reward]:
    """The member's own reward for each referral: one that is still to come goes before one that came."""
    found: dict[int, list[Reward]] = defaultdict(list)
    rows = Reward.objects.filter(referral__in=referrals, workspace=me.workspace, beneficiary__in=me.numbers)
    for row in rows.order_by("id"):
        found[row.referral].append(row)
    return {number: max(rows, key=lambda row: row.state in COMMITTED) for number, rows in found.items()}


def _friend(me: Me, row: Referral, known: _Known) -> Friend:
    step, at, following = _steps(me, row) if row.friend in known.allowed else ("", None, "")
    reward = known.rewards.get(row.id)
    reminded = known.reminded.get(row.id)
    return Friend(
        id=public_id("ref", row.id),
        program=row.program,
        name=known.names.get(row.friend, ""),
        recommended=me.day(row.opened_at),
        stage=_STAGES[row.status],
        step=step,
        since=me.day(at),
        next_step=following if row.status == "open" else "",
        until=me.last_day(known.ends.get(row.timer)) if following and row.status == "open" else "",
        reward=state_of(reward) if reward else "",
        arrives=expected(me, reward) if reward else "",
        may_be_reminded=row.id in known.remindable,
        reminded=me.day(reminded),
    )


def state_of(reward: Reward) -> str:
    """Return how far a reward is to whom it belongs.

    One of the states of rewards; `open` where they are to choose something first, `lapsed` where it waited for budget
    until it fell, which is nothing that they did not do.
    """
    if reward.state == "approved" and reward.offered:
        return "open"
    # What was handed over keeps the day until which it was good.
    return "lapsed" if reward.state == "expired" and reward.due_at is None else str(reward.state)


def expected(me: Me, reward: Reward) -> str:
    """Return the day on which a hold ends, or the last on which a reward waits for budget (SEMANTICS 29); else none."""
    if reward.state == "held":
        return me.day(reward.due_at)
    program = me.rulebook.versions.get((reward.program, reward.version))
    budget = program.document.budget if program else None
    if reward.state != "waiting" or reward.granted_at is None or budget is None or budget.per is None:
        return ""
    day = me.calendar.day(moment_of(reward.granted_at))
    for _ in range(3):  # the rest of its own period, and two whole ones
        day = next_period(day, budget.per)
    return me.last_day(datetime_of(me.calendar.start(day)))


def _steps(me: Me, row: Referral) -> tuple[str, datetime | None, str]:
    """The last step that was reached and when, and what comes next, in words."""
    program = me.rulebook.versions.get((row.program, row.version))
    if program is None:
        return "", None, ""
    reached = json.loads(row.steps)
    taken = [name for name in program.order if name in reached]
    left = [name for name in program.order if name not in reached]
    last = taken[-1] if taken else ""
    return (
        step_called(me, program, last) if last else "",
        datetime_of(reached[last]) if last else None,
        step_called(me, program, left[0]) if left else "",
    )


def step_called(me: Me, program: CompiledProgram, step: str) -> str:
    """Return what a step is called: as the document has it, else by its event, "Purchase"."""
    document = program.document
    called = document.names.get(step)
    rules = document.referral.steps if document.referral else {}
    text = words(called, me.language) if called else me.reader(program).event(rules[step].on).one
    return text[:1].upper() + text[1:]
