"""Rows of state: what a member, a referral, a reward is, as both stores keep it.

Owns the row types. Stores read from their fields how each is kept, so this module stays plain Python where the engine
is compiled. It must not look anything up.
"""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, NamedTuple, Self

from sayso.core.program.calendar import Day, Moment
from sayso.core.program.values import Duration

NEVER: Moment = 0
# What an erased member is called: this and their number.
ERASED = "erased-"


class Row:
    """A row of state; changed only through copies, so that a decision can be dropped whole."""

    __slots__ = ()
    _values: Any

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._values = None

    def copy(self) -> Self:
        """A copy whose fields can be set; nested values are replaced, never changed in place."""
        cls = type(self)
        if cls._values is None:
            cls._values = attrgetter(*(each.name for each in fields(cls)))  # type: ignore[arg-type]
        return cls(*cls._values(self))


@dataclass(slots=True)
class Member(Row):
    """Somebody we know. `ref` is the company's own name for them.

    Attributes:
        account: the number of the household or company; 0 for none.
        alike: other members who gave the same identity, as (member, kind of identity).
        status: active, banned, erased or merged.
    """

    id: int
    ref: str
    joined_at: Moment
    language: str = ""
    country: str = ""
    account: int = 0
    status: str = "active"
    merged_into: int = 0
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    alike: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Code(Row):
    """A referral code and the member who recommends with it; an empty program means every program."""

    code: str
    member: int
    program: str = ""


@dataclass(slots=True)
class Identity(Row):
    """A way in which a member is recognised: kind is ref, email, mailbox, phone, device or account."""

    kind: str
    value: str
    member: int


@dataclass(slots=True)
class Invitation(Row):
    """Somebody whom a member invited by their address or number, which nobody can read from this.

    Attributes:
        contact: a keyed hash of the address or number.
        program: the only one that it is for; empty for every program.
        friend: who came with that address or number; 0 while nobody did.
    """

    id: int
    contact: str
    advocate: int
    program: str
    channel: str
    invited_at: Moment
    friend: int = 0


class Early(NamedTuple):
    """An event that would take a step whose turn has not come; the amount is what is left of it after refunds."""

    position: int
    at: Moment
    amount: int | None


@dataclass(slots=True)
class Referral(Row):
    """Advocate, friend and program, from the moment both are known.

    Attributes:
        version: the number of the version under which it opened (SEMANTICS 18).
        status: open, in_review, completed, expired or rejected.
        steps: step name to the moment at which it was reached.
        early: step name to the events that came before its predecessor, the first one first (SEMANTICS 17).
        timer: the number of the timer that ends the wait for the next step; 0 for none.
        ended_at: when the friend cancelled; nothing recurs after it.
        taken_by: step name to the position of the event that took it; a step that was moved in has none.
        by_address: nothing but an address that anybody may have typed says that it is this friend (decision 17).
        undone: steps that stay on the record and count no longer.
    """

    id: int
    program: str
    version: int
    advocate: int
    friend: int
    status: str
    opened_at: Moment
    touched_at: Moment
    steps: dict[str, Moment] = field(default_factory=dict)
    early: dict[str, tuple[Early, ...]] = field(default_factory=dict)
    timer: int = 0
    completed_at: Moment = NEVER
    ended_at: Moment = NEVER
    moved_in: bool = False
    taken_by: dict[str, int] = field(default_factory=dict)
    by_address: bool = False
    undone: tuple[str, ...] = ()


class Item(NamedTuple):
    """One thing of a reward.

    Attributes:
        value: minor units, points, hundredths of a percent, a count, or a badge's name.
        cost: in minor units of the program's currency.
        expires: how long it lives once it is handed over; None for ever.
    """

    kind: str
    value: Any
    cost: int
    expires: Duration | None = None


@dataclass(slots=True)
class Reward(Row):
    """Something granted to one side of a referral or to a member.

    Attributes:
        cause: what it is for, a referral's number or an event's position; unique with program, clause and beneficiary.
        trigger: the position of the event that earned it; a refund names that event.
        items: what is given for certain.
        options: of which one is still to be chosen.
        cost_minor: what is reserved for it, in the program's currency.
        base_minor: the amount of money it was computed from; 0 for a flat reward.
        taken_back: how much of the item by amount refunds took back so far.
        limit_owner: the member or account towards whose limit it counts; 0 where its clause has no place in the
            document.
    """

    id: int
    program: str
    version: int
    clause: str
    cause: int
    beneficiary: int
    referral: int
    trigger: int
    state: str
    items: tuple[Item, ...]
    options: tuple[Item, ...]
    cost_minor: int
    base_minor: int
    granted_at: Moment
    due_at: Moment = NEVER
    timer: int = 0
    taken_back: int = 0
    by: str = ""
    limit_owner: int = 0


@dataclass(slots=True)
class Participation(Row):
    """What a member is within one program: tier, badges, and how fast friends came.

    Attributes:
        tier: the tier shown now; empty before the first.
        tier_before: the tier held when `tier_day` began; benefits go by it (SEMANTICS 13).
        review_at: when the tier is looked at again; 0 when nothing can lapse.
        drop_at: when the grace of a tier that is no longer earned ends.
        openings: moments of the latest referrals opened, newest last.
        turned_away: positions of the latest events that named the member as advocate and opened no referral, newest
            last; why they did not is said there.
    """

    member: int
    program: str
    tier: str = ""
    tier_before: str = ""
    tier_day: Day = 0
    review_at: Moment = NEVER
    drop_at: Moment = NEVER
    badges: tuple[str, ...] = ()
    openings: tuple[Moment, ...] = ()
    turned_away: tuple[int, ...] = ()


@dataclass(slots=True)
class Timer(Row):
    """Something that falls due. Subject is the member (or program number) whose events fire it first.

    Attributes:
        about: the number of what it concerns, a reward, a referral or a lot's expiry moment.
        detail: a program or unit name where the kind needs one.
    """

    id: int
    subject: int
    kind: str
    due_at: Moment
    about: int = 0
    detail: str = ""


@dataclass(slots=True)
class Refunded(Row):
    """How much of an event's amount came back, and what was taken back for it, per clause."""

    position: int
    amount_minor: int
    taken: dict[str, int]


# (program, version, clause, points, multiplier, unit, expiry of the lot) of one earning.
Earned = tuple[str, int, str, int, int, str, Moment]


@dataclass(slots=True)
class Logged(Row):
    """An event of the log that a later one refers to, with what it earned.

    Attributes:
        earned: (program, version, clause, points, multiplier, unit, lot's expiry) of each earning.
    """

    position: int
    type: str
    member: int
    occurred_at: Moment
    day: Day
    amount_minor: int | None = None
    currency: str = ""
    props: dict[str, Any] = field(default_factory=dict)
    earned: tuple[Earned, ...] = ()


class Reason(NamedTuple):
    """Why one clause came out as it did, in numbers that are put into words when they are read.

    Attributes:
        program: name of the program; empty for the workspace itself.
        version: number of the version that decided.
        clause: path of the clause, `rewards.thanks`.
        verdict: one of `decision.Verdict`.
        leaf: which leaf of the clause's condition failed; -1 when no condition did.
        seen: the value that was seen: the fact of a failed leaf, the amount granted, the count against a limit.
        subject: the member whom the clause is about.
        field: which condition of the clause failed: when, if, or empty.
    """

    program: str
    version: int
    clause: str
    verdict: int
    leaf: int = -1
    seen: Any = None
    subject: int = 0
    field: str = ""
