"""The types of the written program: what may stand in the document, and in which shape.

Owns the shape and what one section can check by itself. Line numbers and advice are `parse`'s, what needs the
whole document is `review`'s. It must not decide anything.
"""

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from sayso.core.program.scalars import (
    Amount,
    ConditionText,
    CountedText,
    Currency,
    Length,
    MoneyQuota,
    Name,
    Points,
    ProgramName,
    Quota,
    Share,
    ShareOrAmount,
    Target,
    Text,
    WebAddress,
    Word,
)
from sayso.core.program.values import Duration, Period


class Section(BaseModel):
    """A part of the document: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


# --- who and what for -------------------------------------------------------------------------------------------


class Runs(Section):
    """The whole days, in the workspace's time zone, between which new referrals may open."""

    from_: date | None = Field(None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Runs":
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError("the program ends before it begins; until must not be earlier than from")
        return self


class Goal(Section):
    """A figure to reach by a day."""

    measure: Literal["new_customers", "participation", "referrals", "revenue", "repeat_purchases"]
    target: Target
    by: date


class CustomerValue(Section):
    """What a customer is worth over the years, and the margin on it."""

    lifetime: Amount
    margin: Share


class Fact(Section):
    """A count of one type of event, or a sum over one, counted per member."""

    count: Name | None = None
    sum: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.amount$")] | None = None
    within: Length | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Fact":
        if (self.count is None) == (self.sum is None):
            raise ValueError("a fact either counts or sums; write {count: purchase} or {sum: purchase.amount}")
        return self

    @property
    def event(self) -> str:
        """The type of event that is counted or summed."""
        return self.count or (self.sum or "").removesuffix(".amount")


class HandKept(Section):
    """A group whose members are put in by a person."""

    by_hand: Literal[True]


class People(Section):
    """Who may recommend, who counts as a friend, and the groups that offers can name."""

    advocates: ConditionText | None = None
    friends: ConditionText | None = None
    groups: dict[Name, HandKept | ConditionText] = {}


class Signal(Section):
    """One reason to think that a member is happy, and what it weighs."""

    if_: ConditionText = Field(alias="if")
    points: int = Field(ge=-1000, le=1000)


# --- the referral -----------------------------------------------------------------------------------------------


class Step(Section):
    """A step of a referral: the friend's event that reaches it."""

    on: Name
    when: ConditionText | None = None
    within: Length | None = None


class ReferralRules(Section):
    """How a referral opens, which steps it takes, and which of them is its success."""

    window: Length = Duration(days=90)
    credit: Literal["first_touch", "last_touch"] = "first_touch"
    steps: Annotated[dict[Name, Step], Field(min_length=1)]
    success: Name


# --- what is given ----------------------------------------------------------------------------------------------


GIFT_KINDS = (
    "points",
    "credit",
    "cashback",
    "coupon",
    "percentage",
    "gift_card",
    "donation",
    "gift",
    "service",
    "rate",
    "invitation",
    "contest_entry",
    "badge",
    "thanks",
)
# Sayso hands these over by itself; every other kind is delivered by a provider or by hand with proof (SEMANTICS 34).
DELIVERED_BY_THE_BOOKS = frozenset({"points", "credit", "cashback", "badge", "thanks", "contest_entry"})


class Gift(Section):
    """One thing that is given: exactly one kind (SEMANTICS 34), and what belongs to it."""

    points: Points | None = None
    credit: Amount | None = None
    cashback: ShareOrAmount | None = None
    coupon: Amount | None = None
    percentage: Share | None = None
    gift_card: Amount | None = None
    donation: Amount | None = None
    gift: Text | None = None
    service: Text | None = None
    rate: Text | None = None
    invitation: Text | None = None
    contest_entry: Annotated[int, Field(ge=1, le=1000)] | None = None
    badge: Name | None = None
    thanks: Text | None = None

    minimum_order: Amount | None = None
    expires: Length | None = None
    cost: Amount | None = None
    up_to: Amount | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Gift":
        kinds = [kind for kind in GIFT_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            found = "none" if not kinds else " and ".join(kinds)
            raise ValueError(f"a gift is of one kind, here is {found}; write one of {', '.join(GIFT_KINDS)}")
        return self

    @cached_property
    def kind(self) -> str:
        """Which of `GIFT_KINDS` it is."""
        return next(kind for kind in GIFT_KINDS if getattr(self, kind) is not None)

    @cached_property
    def value(self) -> Any:
        """What is given of that kind: money, points, a share, a name or words."""
        return getattr(self, self.kind)


class Choice(Section):
    """Several things of which the member takes one."""

    choice: Annotated[list[Gift], Field(min_length=2, max_length=12)]


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _gift_or_choice(value: object) -> object:
    if isinstance(value, dict):
        return Choice.model_validate(value) if "choice" in value else Gift.model_validate(value)
    return value


Give = Annotated[
    tuple[Annotated[Gift | Choice, BeforeValidator(_gift_or_choice)], ...],
    BeforeValidator(_as_list),
    Field(min_length=1, max_length=8),
]


class Recurring(Section):
    """Paid again for each qualifying paid period of the friend (SEMANTICS 33)."""

    on: Name
    per: Period = "month"
    within: Length | None = None
    times: Annotated[int, Field(ge=1, le=1200)] | None = None


class Clause(Section):
    """One reward: to whom, at which step or on which event, what, and within which bounds."""

    to: Literal["advocate", "friend", "member"]
    at: Name | None = None
    on: Name | None = None
    when: ConditionText | None = None
    if_: ConditionText | None = Field(None, alias="if")
    for_: Name | None = Field(None, alias="for")
    one_of: Name | None = None
    give: Give | None = None
    by_count: Annotated[dict[Annotated[int, Field(ge=1)], Give], Field(min_length=1)] | None = None
    hold: Length | None = None
    review: bool = False
    limit: Quota | None = None
    per: Literal["member", "account"] = "member"
    every: Annotated[int, Field(ge=2, le=10_000)] | None = None
    recurring: Recurring | None = None
    refunds_within: Length | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Clause":
        if (self.give is None) == (self.by_count is None):
            raise ValueError("a reward says either give or by_count")
        if self.to == "member":
            if self.on is None or self.at is not None:
                raise ValueError("a reward to a member names the event it is for: write on: EVENT instead of at")
        elif self.at is None or self.on is not None:
            raise ValueError(f"a reward to the {self.to} names the step it is for: write at: STEP")
        return self


class Earn(Section):
    """Points for an event of a member."""

    on: Name
    when: ConditionText | None = None
    if_: ConditionText | None = Field(None, alias="if")
    for_: Name | None = Field(None, alias="for")
    give: Points
    multiply: dict[Name, Annotated[int, Field(ge=1, le=100)]] = {}
    limit: Quota | None = None
    cap: Quota | None = None


class Expiry(Section):
    """How long points live from when they become available, and when their owner is reminded."""

    after: Length
    remind: Length | None = None


class PointsRules(Section):
    """The workspace's points: their name, how they are earned, when they expire, what one costs."""

    unit: Name
    name: CountedText | None = None
    value: Amount | None = None
    earn: dict[Name, Earn] = {}
    expire: Expiry | None = None


class Drop(Section):
    """How a tier is lost: after how much grace, and whether only one level at a time."""

    grace: Length = Duration()
    one_level: bool = False


class Tiers(Section):
    """Standing by points earned: the levels from the lowest up."""

    by: Annotated[str, StringConstraints(pattern=r"^(points_earned|spent|referrals_completed)( within .+)?$")]
    levels: Annotated[dict[Name, Annotated[int, Field(ge=0)]], Field(min_length=2)]
    names: dict[Name, Text] = {}
    drop: Drop = Drop()

    @model_validator(mode="after")
    def _ascending(self) -> "Tiers":
        _, _, window = self.by.partition(" within ")
        if window:
            Duration.parse(window)
        thresholds = list(self.levels.values())
        if thresholds != sorted(set(thresholds)) or thresholds[0] != 0:
            raise ValueError("levels begin at 0 and rise; write for example {bronze: 0, silver: 1000, gold: 5000}")
        return self

    @property
    def measure(self) -> str:
        """What is counted: points_earned, spent or referrals_completed."""
        return self.by.partition(" within ")[0]

    @property
    def within(self) -> Duration | None:
        """Over which stretch it is counted; None for ever."""
        window = self.by.partition(" within ")[2]
        return Duration.parse(window) if window else None


class Badge(Section):
    """Recognition for an event, once."""

    name: Text | None = None
    on: Name
    when: ConditionText | None = None
    if_: ConditionText | None = Field(None, alias="if")


class Budget(Section):
    """What rewards may cost in each period, and what happens when it is spent."""

    amount: Amount
    per: Literal["week", "month", "quarter", "year"] | None = None
    when_spent: Literal["wait", "stop"] = "wait"
    roll_over: bool = False


class StaffGrants(Section):
    """What staff may give on their own word, per person on the staff (SEMANTICS 36)."""

    limit: MoneyQuota


# --- words and journeys -----------------------------------------------------------------------------------------


class When(Section):
    """A moment after an event at which we ask."""

    after: Name
    wait: Length = Duration()
    if_: ConditionText | None = Field(None, alias="if")


class Remind(Section):
    """How often, and after how long, we ask once more."""

    after: Length
    times: Annotated[int, Field(ge=1, le=5)] = 1


class Asking(Section):
    """When we invite a member to recommend, through whom, and when we stop."""

    when: Annotated[list[When], Field(min_length=1)]
    not_before: Annotated[str, StringConstraints(pattern=r"^\S+( \S+)? after member\.\w+$")] | None = None
    not_after: Annotated[str, StringConstraints(pattern=r"^\S+( \S+)? after member\.\w+$")] | None = None
    remind: Remind | None = None
    at_most: Quota | None = None
    through: dict[Name, Literal["email", "sms", "push", "portal", "account_manager", "post"]] = {}


class Message(Section):
    """The words of one message."""

    subject: Text | None = None
    text: Text


class Question(Section):
    """A question that friends ask, and its answer."""

    question: Text
    answer: Text


class PageParts(Section):
    """The words of the landing page, part by part."""

    headline: Text | None = None
    offer: Text | None = None
    proof: list[Text] = []
    form: list[Literal["name", "email", "phone", "company", "postcode", "message"]] = []
    call_to_action: Text | None = None
    questions: list[Question] = []


class Page(PageParts):
    """The landing page, the variants that are tried against it, and what single accounts read instead."""

    variants: dict[Name, PageParts] = {}
    accounts: dict[Name, PageParts] = {}


# Ways in which an advocate passes a link on; their places stand in signed tokens, so new ones go to the end.
Channel = Literal["whatsapp", "email", "sms", "facebook", "x", "linkedin", "telegram", "copy", "qr", "card"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
LINK_PLACE = "{link}"


class AppLinks(Section):
    """Where phones go instead, each an https address that the company's app opens itself or its store has."""

    ios: WebAddress | None = None
    android: WebAddress | None = None


class Utm(Section):
    """The UTM parameters that a link adds where the visit has none."""

    source: Word = "referral"
    medium: Word | None = None
    campaign: Word | None = None


class Sharing(Section):
    """How a link is passed on, and where it leads."""

    destination: WebAddress | None = None
    message: Text | None = None
    channels: Annotated[list[Channel], Field(min_length=1)] = list(CHANNELS)
    app: AppLinks = AppLinks()
    utm: Utm = Utm()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "Sharing":
        if self.message and not all(LINK_PLACE in words for words in self.message.values()):
            raise ValueError(f"a message says where the link goes; write {LINK_PLACE} there, in every language")
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("a channel is listed twice; write each once")
        return self


Handling = Literal["allow", "review", "block"]


class Guard(Section):
    """What makes a referral suspicious, and what is done then."""

    same_person: Handling = "block"
    same_device: Handling = "review"
    disposable_email: Handling = "review"
    known_address: Handling = "review"
    speed: Quota | None = None
    on_speed: Handling = "review"


class Document(Section):
    """A whole program."""

    sayso: Literal[1]
    program: ProgramName
    title: Text
    currency: Currency
    runs: Runs = Runs()
    applies_to: Literal["new_referrals", "everyone"] = "new_referrals"
    exclusive: Name | None = None
    why: Text | None = None
    goals: list[Goal] = []
    ideal_customer: Text | None = None
    customer_value: CustomerValue | None = None
    attributes: dict[Name, Literal["bool", "whole", "decimal", "money", "text", "date", "moment", "tags"]] = {}
    facts: dict[Name, Fact] = {}
    names: dict[Word, Text] = {}
    people: People = People()
    score: dict[Name, Signal] = {}
    referral: ReferralRules | None = None
    rewards: dict[Name, Clause] = {}
    points: PointsRules | None = None
    tiers: Tiers | None = None
    badges: dict[Name, Badge] = {}
    budget: Budget | None = None
    refunds_within: Length = Duration(days=90)
    staff_grants: StaffGrants | None = None
    asking: Asking | None = None
    messages: dict[Name, Message] = {}
    page: Page | None = None
    sharing: Sharing = Sharing()
    guard: Guard = Guard()
