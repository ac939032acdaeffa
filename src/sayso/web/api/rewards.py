"""Rewards: reading them, and what people decide about them.

Owns how a reward is written. What may be done in which state is the engine's.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.core.engine.rows import Item
from sayso.core.engine.states import REWARD_STATES
from sayso.domains.people.queries import member_called, merged_numbers, refs_of
from sayso.domains.rewards.approve import approve_reward
from sayso.domains.rewards.choose import choose_reward
from sayso.domains.rewards.deny import deny_reward
from sayso.domains.rewards.fulfilment.queries import HandedOver, handed_over, proofs_of
from sayso.domains.rewards.grant import StaffGrant, grant_reward
from sayso.domains.rewards.issue import issue_reward
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.queries import RewardsWanted, list_rewards, reward_numbered
from sayso.domains.rewards.redeem import redeem_reward
from sayso.domains.rewards.reverse import reverse_reward
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.pages import Cursor, Listing, next_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, Told, Words, number_in, told_id

routes = Routes("Rewards")

SCOPE = "rewards"
MISSING = (404,)

RewardPath = Annotated[str, Path(max_length=40, description="The reward's id, `rew_…`.")]
By = Annotated[
    Name | None, Field(description="The person of your staff who answers for it; the key's name where none is given.")
]


class ItemOut(Out):
    """One thing of a reward."""

    kind: str = Field(examples=["credit"])
    value: Any = Field(
        description="Minor units, points, hundredths of a percent, a count or a badge's name; null where the document "
        "says it in words."
    )


class HandedOverOut(Out):
    """One thing as its owner has it."""

    kind: str = Field(examples=["coupon"])
    code: str = Field(
        description="With which it is used; empty where there is none, and for a key without `rewards`.",
        examples=["BLUE-7KQ2-M4XW-9TRH"],
    )
    reference: str = Field(description="What whoever handed it over calls it; empty for a key without `rewards`.")


class RewardOut(Out):
    """Something granted to one side of a referral or to a member."""

    id: str = Field(examples=["rew_0000000006001"])
    member: str = Field(description="Your name for whom it is for.", examples=["ada"])
    program: str
    version: int
    clause: str = Field(description="Which reward of the document it is; `staff` for what staff gave on their word.")
    state: str = Field(description=", ".join(REWARD_STATES))
    referral: str | None
    gives: list[ItemOut]
    choose_from: list[ItemOut] = Field(description="Of which one thing is still to be chosen.")
    handed_over: list[HandedOverOut] = Field(
        description="What providers handed over, only while the reward is issued or redeemed; with its code where the "
        "key has `rewards`."
    )
    proof: str = Field(
        description="What shows that a person handed it over, as they said it; empty where nobody did, and for a key "
        "without `rewards`.",
        examples=["Voucher 2027-118"],
    )
    cost_minor: int = Field(description="What is reserved for it, in minor units of the program's currency.")
    granted_at: Told | None
    due_at: Told | None = Field(description="When its hold ends, or when what was issued expires.")
    by: str = Field(description="Who decided about it last.")


class RewardsOut(Out):
    """A page of rewards, by when they were granted."""

    items: list[RewardOut]
    next: Cursor


class RewardsListing(Listing):
    """Which rewards are wanted."""

    state: str | None = Field(
        None, pattern=f"^({'|'.join(REWARD_STATES)})$", description="Only those that are this: in_review for the queue."
    )
    member: Name | None = Field(None, description="Only those of this member.")
    program: Name | None = Field(None, description="Only those of this program.")
    referral: Name | None = Field(None, description="Only those of this referral.")


class ApprovalIn(In):
    """Who approves."""

    by: By = None


class DenialIn(In):
    """Who refuses, and why."""

    reason: Words = Field(examples=["It is the same person."])
    by: By = None


class ChoiceIn(In):
    """What is taken."""

    choice: Annotated[int, Field(strict=True, ge=0, le=11)] | Name = Field(
        description="The place of an option, from 0, or its kind where only one is of it.", examples=["gift_card"]
    )


class IssuanceIn(In):
    """What shows that it was handed over."""

    proof: Words = Field(examples=["Voucher 2027-118, handed over in the shop in Valencia"])
    by: By = None


class RedemptionIn(In):
    """Who says that it was used."""

    by: By = None


class ReversalIn(In):
    """Who takes it back, and why."""

    reason: Words = Field(examples=["It was handed over twice."])
    by: By = None


class GrantIn(In):
    """What is given, to whom, on whose word."""

    member: Name = Field(description="Your name for whom it is for, or their id.", examples=["ada"])
    program: Name = Field(description="On whose budget it goes; its document has staff_grants.")
    give: dict[str, Any] = Field(
        description="One gift, as a program writes it.", examples=[{"credit": "10 EUR"}], min_length=1, max_length=6
    )
    reason: Words = Field(examples=["Late coffee"])
    by: By = None


@routes.get("/rewards", gives=RewardsOut, fails=(404,))
def get_rewards(request: HttpRequest, wanted: Query[RewardsListing]) -> RewardsOut:
    """List rewards.

    They come in the order in which they were granted, so that those in review come oldest first.
    """
    caller, page = caller_of(request), wanted.page()
    members = None
    if wanted.member is not None:
        members = merged_numbers(caller.workspace, member_called(caller.workspace, wanted.member).id)
    referral = None if wanted.referral is None else number_in(PublicId.referral, wanted.referral)
    asked = RewardsWanted(state=wanted.state, program=wanted.program, clause=None, members=members, referral=referral)
    rows = list_rewards(caller.workspace, asked, page)
    return RewardsOut(items=rewards_out(caller, rows), next=next_of(rows, page, lambda row: row.id))


@routes.get("/rewards/{reward}", gives=RewardOut, fails=(404,))
def get_reward(request: HttpRequest, reward: RewardPath) -> RewardOut:
    """Show a reward."""
    caller = caller_of(request)
    return _out(caller, reward_numbered(caller.workspace, number_in(PublicId.reward, reward)))


@routes.post("/rewards", gives=RewardOut, scope=SCOPE, fails=(404,))
def post_reward(request: HttpRequest, body: GrantIn) -> RewardOut:
    """Give something on the word of your staff.

    It goes on the program's budget and counts towards the limit of whoever answers for it.
    """
    caller = caller_of(request)
    grant = StaffGrant(body.member, body.program, body.give, body.reason)
    made = grant_reward(workspace=caller.workspace, grant=grant, actor=caller.actor(body.by), now=caller.now)
    return _out(caller, made)


@routes.post("/rewards/{reward}/approval", gives=RewardOut, scope=SCOPE, fails=MISSING)
def post_approval(request: HttpRequest, reward: RewardPath, body: ApprovalIn) -> RewardOut:
    """Let a reward go that is in review or held.

    One in review is still held where its clause asks for a hold; one that is held is let go at once.
    """
    caller, number = _of(request, reward)
    done = approve_reward(workspace=caller.workspace, reward=number, actor=caller.actor(body.by), now=caller.now)
    return _out(caller, done)


@routes.post("/rewards/{reward}/denial", gives=RewardOut, scope=SCOPE, fails=MISSING)
def post_denial(request: HttpRequest, reward: RewardPath, body: DenialIn) -> RewardOut:
    """Refuse a reward that was not handed over yet."""
    caller, number = _of(request, reward)
    actor = caller.actor(body.by)
    done = deny_reward(workspace=caller.workspace, reward=number, reason=body.reason, actor=actor, now=caller.now)
    return _out(caller, done)


@routes.post("/rewards/{reward}/choice", gives=RewardOut, scope=SCOPE, fails=MISSING)
def post_choice(request: HttpRequest, reward: RewardPath, body: ChoiceIn) -> RewardOut:
    """Take one of the things that an approved reward offers, for its member."""
    caller, number = _of(request, reward)
    actor = caller.actor()
    done = choose_reward(workspace=caller.workspace, reward=number, choice=body.choice, actor=actor, now=caller.now)
    return _out(caller, done)


@routes.post("/rewards/{reward}/issuance", gives=RewardOut, scope=SCOPE, fails=MISSING)
def post_issuance(request: HttpRequest, reward: RewardPath, body: IssuanceIn) -> RewardOut:
    """Note that an approved reward was handed over by hand, with what shows it."""
    caller, number = _of(request, reward)
    actor = caller.actor(body.by)
    done = issue_reward(workspace=caller.workspace, reward=number, proof=body.proof, actor=actor, now=caller.now)
    return _out(caller, done)


@routes.post("/rewards/{reward}/redemption", gives=RewardOut, scope=SCOPE, fails=MISSING)
def post_redemption(request: HttpRequest, reward: RewardPath, body: RedemptionIn) -> RewardOut:
    """Note that the member used what was handed over."""
    caller, number = _of(request, reward)
    done = redeem_reward(workspace=caller.workspace, reward=number, actor=caller.actor(body.by), now=caller.now)
    return _out(caller, done)


@routes.post("/rewards/{reward}/reversal", gives=RewardOut, scope=SCOPE, fails=MISSING)
def post_reversal(request: HttpRequest, reward: RewardPath, body: ReversalIn) -> RewardOut:
    """Take back what was handed over.

    The wallet pays first, the rest is owed and repaid by later earnings; what a third party holds is booked as a loss.
    """
    caller, number = _of(request, reward)
    actor = caller.actor(body.by)
    done = reverse_reward(workspace=caller.workspace, reward=number, reason=body.reason, actor=actor, now=caller.now)
    return _out(caller, done)


def _of(request: HttpRequest, reward: str) -> tuple[Caller, int]:
    return caller_of(request), number_in(PublicId.reward, reward)


def _out(caller: Caller, row: Reward) -> RewardOut:
    return rewards_out(caller, [row])[0]


def rewards_out(caller: Caller, rows: Sequence[Reward]) -> list[RewardOut]:
    """Return rewards as the API writes them, with the names of their members.

    A code is worth money to whoever reads it, so it takes a key that may decide about rewards; so does a proof, which
    is for the staff.
    """
    names = refs_of(caller.workspace, {row.beneficiary for row in rows})
    handed = handed_over(caller.workspace, [row.id for row in rows])
    decides = caller.key.may(SCOPE)
    proofs = proofs_of(caller.workspace, rows) if decides else {}
    return [
        RewardOut(
            id=told_id(PublicId.reward, row.id) or "",
            member=names.get(row.beneficiary, ""),
            program=row.program,
            version=row.version,
            clause=row.clause,
            state=row.state,
            referral=told_id(PublicId.referral, row.referral),
            gives=_items(row.given),
            choose_from=_items(row.offered),
            handed_over=[_handed_over_out(each, shows_codes=decides) for each in handed.get(row.id, [])],
            proof=proofs.get(row.id, ""),
            cost_minor=row.cost_minor,
            granted_at=row.granted_at,
            due_at=row.due_at,
            by=row.by,
        )
        for row in rows
    ]


def _handed_over_out(given: HandedOver, *, shows_codes: bool) -> HandedOverOut:
    code, reference = (given.code, given.reference) if shows_codes else ("", "")
    return HandedOverOut(kind=given.kind, code=code, reference=reference)


def _items(items: Sequence[Item]) -> list[ItemOut]:
    return [ItemOut(kind=item.kind, value=item.value) for item in items]
