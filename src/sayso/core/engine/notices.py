"""What a decision has to tell others: which rewards, referrals, tiers, badges and wallets it moved.

Owns the kinds of notice and how they follow from the rows that a decision changed. A notice names people and things by
number only, so nothing personal leaves with it; who sends it on puts names to the numbers. It must not send anything.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sayso.core.engine.decision import Decision, Notice
from sayso.core.engine.events import PROGRAM_PAUSED, PROGRAM_PUBLISHED, PROGRAM_RESUMED, Event
from sayso.core.engine.facts import Facts
from sayso.core.engine.rows import Item, Member, Participation, Referral, Reward
from sayso.core.engine.states import REWARD_STATES
from sayso.core.ledger.chart import Kind

MEMBER_JOINED = "member.joined"
STEP_REACHED = "referral.step_reached"
TIER_CHANGED = "tier.changed"
BADGE_AWARDED = "badge.awarded"
WALLET_CHANGED = "wallet.changed"

_REFERRAL_KINDS = {
    "open": "referral.opened",
    "in_review": "referral.in_review",
    "completed": "referral.completed",
    "expired": "referral.expired",
    "rejected": "referral.rejected",
}
_PROGRAM_KINDS = {
    PROGRAM_PUBLISHED: "program.published",
    PROGRAM_PAUSED: "program.paused",
    PROGRAM_RESUMED: "program.resumed",
}
REWARD_APPROVED = "reward.approved"

KINDS = (
    MEMBER_JOINED,
    *_REFERRAL_KINDS.values(),
    STEP_REACHED,
    *(f"reward.{state}" for state in REWARD_STATES),
    TIER_CHANGED,
    BADGE_AWARDED,
    WALLET_CHANGED,
    *_PROGRAM_KINDS.values(),
)
"""Every kind of notice that there is."""


def notices_of(facts: Facts, event: Event, decision: Decision, wanted: Collection[str]) -> list[Notice]:
    """Return what a decision has to tell, in the order of its rows.

    Args:
        facts: the state before the decision was folded in.
        event: what was decided.
        decision: what followed from it.
        wanted: the kinds that anybody listens to.
    """
    if event.counts_only:
        return []
    found = [*_of_program(event), *_of_wallets(decision)]
    for table, told in _TOLD:
        before = getattr(facts, table).rows
        for key, row in decision.rows.get(table, {}).items():
            found += told(before.get(key), row)
    return [notice for notice in found if notice.kind in wanted]


def _of_program(event: Event) -> Iterator[Notice]:
    kind = _PROGRAM_KINDS.get(event.type)
    if kind is not None:
        name = str(event.props.get("program", ""))
        yield Notice(kind, 0, name, 0, {key: event.props[key] for key in ("version",) if key in event.props})


def _of_wallets(decision: Decision) -> Iterator[Notice]:
    for (kind, member, unit), balance in decision.balances.items():
        if kind == Kind.AVAILABLE:
            yield Notice(WALLET_CHANGED, member, "", 0, {"unit": unit, "available": balance})


def _of_member(before: Member | None, now: Member) -> Iterator[Notice]:
    if before is None:
        yield Notice(MEMBER_JOINED, now.id, "", 0, {})


def _of_referral(before: Referral | None, now: Referral) -> Iterator[Notice]:
    said = {"advocate": now.advocate, "friend": now.friend, "version": now.version, "status": now.status}

    def notice(kind: str, **more: Any) -> Notice:
        return Notice(kind, now.advocate, now.program, now.id, {**said, **more})

    if before is None:
        yield notice(_REFERRAL_KINDS["open"])
    for step, moment in now.steps.items():
        if before is None or step not in before.steps:
            yield notice(STEP_REACHED, step=step, reached_at=moment)
    if now.status not in ("open" if before is None else before.status, "open"):
        yield notice(_REFERRAL_KINDS[now.status])


def _of_reward(before: Reward | None, now: Reward) -> Iterator[Notice]:
    if before is not None and before.state == now.state and before.options == now.options:
        return
    said = {
        "clause": now.clause,
        "version": now.version,
        "state": now.state,
        "referral": now.referral,
        "gives": [_said(item) for item in now.items],
        "choose_from": [_said(item) for item in now.options],
        "cost_minor": now.cost_minor,
        "due_at": now.due_at,
    }
    yield Notice(f"reward.{now.state}", now.beneficiary, now.program, now.id, said)


def _said(item: Item) -> dict[str, Any]:
    return {"kind": item.kind, "value": item.value}


def _of_participation(before: Participation | None, now: Participation) -> Iterator[Notice]:
    was = before or Participation(now.member, now.program)
    if now.tier != was.tier:
        yield Notice(TIER_CHANGED, now.member, now.program, 0, {"tier": now.tier, "before": was.tier})
    for badge in now.badges:
        if badge not in was.badges:
            yield Notice(BADGE_AWARDED, now.member, now.program, 0, {"badge": badge})


_TOLD: tuple[tuple[str, Callable[[Any, Any], Iterator[Notice]]], ...] = (
    ("members", _of_member),
    ("referrals", _of_referral),
    ("rewards", _of_reward),
    ("participations", _of_participation),
)
