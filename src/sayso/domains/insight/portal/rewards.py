"""A member's rewards, in words: what may be chosen, what can be used with which code, what is on its way, what was.

Owns the order and the words. What may be done with a reward is the engine's. It must not tell what one costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sayso.core.engine.states import ENDED
from sayso.core.program.explain.things import Thing
from sayso.domains.insight.portal.friends import expected, names_shown, state_of
from sayso.domains.insight.portal.me import Me
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.fulfilment.queries import HandedOver, handed_over
from sayso.domains.rewards.in_words import things_of
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.ids import public_id

MOST = 200
# What its owner hands over or shows to use it; everything else is theirs without doing anything.
_USED = frozenset({"coupon", "percentage", "gift_card", "gift", "service", "rate", "invitation"})


@dataclass(frozen=True, slots=True)
class OwnReward:
    """One reward of a member.

    Attributes:
        id: its public id.
        state: as `state_of` has it.
        things: what is given for certain.
        options: of what one thing is to be chosen, each at its place.
        codes: with which it is used: the thing's kind in words, and the code.
        granted: the day on which it was granted.
        due: held, the day on which it arrives; waiting, the last on which it waits; issued, the last on which it can be
            used; else empty.
        friend: the first name of the friend it is for, who allows it; empty for none.
        is_for_friend: it is for having recommended somebody.
        can_be_used: the member may note that they used it.
    """

    id: str
    number: int
    program: str
    state: str
    things: tuple[Thing, ...]
    options: tuple[Thing, ...]
    codes: tuple[tuple[str, str], ...]
    granted: str
    due: str
    friend: str
    is_for_friend: bool
    can_be_used: bool

    @property
    def text(self) -> str:
        """What it is, as it stands in a sentence, with what is asked of whoever uses it."""
        return ", ".join(each.in_full for each in self.things)


def rewards_of_mine(me: Me, *, limit: int = MOST) -> list[OwnReward]:
    """Return a member's rewards: what may be chosen first, then what they have and what comes, then what was."""
    rows = Reward.objects.filter(beneficiary__in=me.numbers, workspace=me.workspace).order_by("-id")[:limit]
    return sorted(_told(me, list(rows)), key=_place)


def own_reward(me: Me, number: int) -> OwnReward | None:
    """Return one reward of a member; None where it is not theirs."""
    found = Reward.objects.filter(id=number, beneficiary__in=me.numbers, workspace=me.workspace)
    return next(iter(_told(me, list(found))), None)


def open_choices(me: Me) -> list[OwnReward]:
    """Return the rewards of which the member may choose something now, the oldest first."""
    rows = Reward.objects.filter(beneficiary__in=me.numbers, workspace=me.workspace, state="approved")
    return _told(me, list(rows.exclude(options="[]").order_by("id")))


def _place(reward: OwnReward) -> int:
    if reward.state == "open":
        return 0
    if reward.state == "issued":
        return 1
    return 3 if reward.state in ("redeemed", "lapsed", *ENDED) else 2


def _told(me: Me, rows: Sequence[Reward]) -> list[OwnReward]:
    codes = handed_over(me.workspace, [row.id for row in rows])
    friends = _friends(me, rows)
    return [_reward(me, row, codes.get(row.id, []), friends) for row in rows]


def _friends(me: Me, rows: Iterable[Reward]) -> dict[int, str]:
    """The names that may be told, by the number of the referral; an empty one for a friend who is not named."""
    numbers = {row.referral for row in rows if row.referral}
    found = Referral.objects.filter(id__in=numbers, workspace=me.workspace, advocate__in=me.numbers)
    friends = dict(found.values_list("id", "friend"))
    names = names_shown(me, set(friends.values()))
    return {number: names.get(friend, "") for number, friend in friends.items()}


def _reward(me: Me, row: Reward, handed: Sequence[HandedOver], friends: dict[int, str]) -> OwnReward:
    program = me.rulebook.versions.get((row.program, row.version))
    things, options = things_of(row, me.reader(program)) if program else ((), ())
    codes = tuple((me.voice.say(f"kind.{each.kind}"), each.code) for each in handed if each.code)
    return OwnReward(
        id=public_id("rew", row.id),
        number=row.id,
        program=row.program,
        state=state_of(row),
        things=things,
        options=options,
        codes=codes,
        granted=me.day(row.granted_at),
        due=me.last_day(row.due_at) if row.state == "issued" else expected(me, row),
        friend=friends.get(row.referral, ""),
        is_for_friend=row.referral in friends,
        can_be_used=row.state == "issued" and any(item.kind in _USED for item in row.given),
    )
