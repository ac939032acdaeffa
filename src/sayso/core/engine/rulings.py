"""What people decide about rewards: approve, deny, choose, hand over, redeem, take back, grant on their own word.

A human decision is an event like any other (SEMANTICS 41). It names the reward by number, or by clause and by the
event that earned it, so that a backtest finds its counterpart (SEMANTICS 43).
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from sayso.core.engine import events, gifts, referrals, settle
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.facts import SeriesKey
from sayso.core.engine.rows import Reward
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.states import HANDED_OVER, TAKEN_BACK, UNPAID
from sayso.core.ledger.chart import budget
from sayso.core.program.document import Gift
from sayso.core.program.parse import Parsed
from sayso.core.program.review import review
from sayso.core.program.review_gift import gift_problems

# The prop in which Sayso says which items of a reward a provider handed over, by their places; none where it denies it.
DELIVERED = "delivered"

STATES = {
    events.REWARD_APPROVED: ("in_review", "held"),
    events.REWARD_DENIED: UNPAID,
    events.REWARD_CHOSEN: ("approved",),
    events.REWARD_ISSUED: ("approved",),
    events.REWARD_REDEEMED: ("issued",),
    events.REWARD_REVERSED: HANDED_OVER,
}


def judge(draft: Draft) -> None:
    """Carry out what the event says about one reward, when the reward is open to it."""
    event = draft.event
    number = find(draft)
    if not number:
        draft.say(None, event.type, Verdict.NOT_FOUND, subject=event.member)
        return
    seen = draft.reward(number)
    program = draft.rulebook.versions[seen.program, seen.version]
    path = f"rewards.{seen.clause}"
    if event.type == events.REWARD_ISSUED and DELIVERED in event.props and seen.state in TAKEN_BACK:
        settle.lose(draft, program, seen, event.props[DELIVERED])
        return
    unchosen = bool(seen.options) and event.type == events.REWARD_ISSUED
    if seen.state not in STATES[event.type] or unchosen:
        draft.say(program, path, Verdict.NOT_OPEN, seen=seen.state, subject=seen.beneficiary)
        return
    reward = draft.edit("rewards", number)
    reward.by = str(event.props.get("by", ""))
    _CARRY_OUT[event.type](draft, program, reward)


def find(draft: Draft) -> int:
    """The reward that the event speaks of: by number, or the latest of the member's by clause and earning event."""
    event = draft.event
    number = event.props.get("reward")
    if isinstance(number, int):
        named = draft.see("rewards", number)
        # A choice is the member's own; everything else is the staff's, who may name nobody.
        theirs = named is not None and event.type == events.REWARD_CHOSEN and named.beneficiary != event.member
        return 0 if named is None or theirs else number
    clause, program = str(event.props.get("clause", "")).removeprefix("rewards."), event.props.get("program")
    by_event = event.refers_to
    found = draft.numbers("trigger_rewards", by_event) if by_event else draft.numbers("member_rewards", event.member)
    for candidate in reversed(found or ()):
        reward = draft.reward(candidate)
        fits = clause in ("", reward.clause) and program in (None, reward.program)
        if fits and reward.beneficiary == event.member:
            return candidate
    return 0


def _approve(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """A person found nothing wrong; a hold that the clause asks for is still kept."""
    path = f"rewards.{reward.clause}"
    _clear_referral(draft, reward)
    clause = program.document.rewards.get(reward.clause)
    waits_until = draft.calendar.deadline(reward.granted_at, clause.hold) if clause and clause.hold else 0
    if reward.state == "in_review" and waits_until > draft.now:
        reward.state, reward.due_at = "held", waits_until
        reward.timer = draft.set_timer(reward.beneficiary, settle.HOLD, waits_until, about=reward.id)
    else:
        settle.approve(draft, program, reward)
    draft.say(program, path, Verdict.RELEASED, seen=reward.id, subject=reward.beneficiary)


def _clear_referral(draft: Draft, reward: Reward) -> None:
    """Who lets a reward of a referral go that waits for a look, or that ran out waiting, has looked at it too."""
    referral = draft.see("referrals", reward.referral) if reward.referral else None
    if referral is not None and (referral.status == "in_review" or referral.by_address):
        referrals.clear(draft, referral.id)


def _deny(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    settle.give_back(draft, program, reward, "denied")
    props = draft.event.props
    verdict = Verdict.NOT_DELIVERED if DELIVERED in props else Verdict.DENIED
    draft.say(program, f"rewards.{reward.clause}", verdict, seen=props.get("reason"), subject=reward.beneficiary)


def _choose(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Take the option that the event names by place (from 0), or by kind where only one is of it."""
    wanted: Any = draft.event.props.get("choice")
    path = f"rewards.{reward.clause}"
    kinds = [item.kind for item in reward.options]
    option = wanted if isinstance(wanted, int) else kinds.index(wanted) if kinds.count(wanted) == 1 else -1
    if not 0 <= option < len(kinds):
        draft.say(program, path, Verdict.NOT_OFFERED, seen=wanted, subject=reward.beneficiary)
        return
    settle.choose(draft, program, reward, option)
    draft.say(program, path, Verdict.RELEASED, seen=kinds[option], subject=reward.beneficiary)


def _reverse(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Take back what was handed over, as a refund would (SEMANTICS 32)."""
    settle.reverse_issued(draft, program, reward)
    draft.say(program, f"rewards.{reward.clause}", Verdict.TAKEN_BACK, seen=reward.id, subject=reward.beneficiary)


_CARRY_OUT: dict[str, Callable[[Draft, CompiledProgram, Reward], None]] = {
    events.REWARD_APPROVED: _approve,
    events.REWARD_DENIED: _deny,
    events.REWARD_CHOSEN: _choose,
    events.REWARD_ISSUED: settle.issue,
    events.REWARD_REDEEMED: settle.redeem,
    events.REWARD_REVERSED: _reverse,
}


def staff_number(name: str) -> int:
    """The number under which the grants of a person of the staff are counted.

    It is below zero, where no member's number is, and the same wherever the name is; the name itself stays in the log.
    """
    return ~(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 1)


class GiftDoesNotFit(ValueError):
    """What staff give is nothing that the program could give; the event is set aside, so that nothing is booked."""


def _gift(program: CompiledProgram, give: dict[str, Any]) -> Gift:
    conditions = {path: rule.condition for path, rule in program.rules.items()}
    problems = gift_problems(review(Parsed(program.document, [], conditions)), give)
    if problems:
        raise GiftDoesNotFit(" ".join(f"{each.path}: {each.message}" for each in problems))
    return Gift.model_validate(give)


def grant_by_staff(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Give on the word of staff: props `program`, `give`, `reason`, `by` (SEMANTICS 36).

    Raises:
        GiftDoesNotFit: the program could not give that.
    """
    event, props = draft.event, draft.event.props
    program = next((each for each in programs if each.name == props.get("program")), None)
    if program is None or program.document.staff_grants is None or not props.get("reason") or not props.get("by"):
        draft.say(program, "staff_grants", Verdict.NOT_FOUND, seen=props.get("program"), subject=event.member)
        return
    item = gifts.item_of(program, _gift(program, props["give"]), None)
    limit = program.document.staff_grants.limit
    key: SeriesKey = (staff_number(str(props["by"])), f"staff/{program.name}", "")
    _, given = draft.counted(key, *draft.calendar.counting(draft.now, limit))
    if given + item.cost > limit.amount.minor:
        draft.say(program, "staff_grants", Verdict.LIMIT_REACHED, seen=given, subject=event.member)
        return
    reward = Reward(
        id=draft.number(),
        program=program.name,
        version=program.version,
        clause=settle.STAFF,
        cause=event.position,
        beneficiary=event.member,
        referral=0,
        trigger=event.position,
        state="",
        items=(item,),
        options=(),
        cost_minor=item.cost,
        base_minor=0,
        granted_at=draft.now,
        by=str(props["by"]),
    )
    if not settle.affordable(draft, program, reward):
        spent = draft.balance(budget(program.number, program.currency))
        draft.say(program, "staff_grants", Verdict.BUDGET_SPENT, seen=spent, subject=event.member)
        return
    draft.tally(key, event.day, 1, item.cost)
    draft.add_reward(reward)
    settle.reserve(draft, program, reward)
    draft.say(program, "staff_grants", Verdict.MET, seen=reward.id, subject=event.member)
    settle.begin(draft, program, reward)
