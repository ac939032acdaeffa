"""What happened: the event as the engine sees it, and the types of event that have a meaning of their own.

An event here is already received: its member is known by number, its moment is checked, its amount is whole.
"""

from dataclasses import dataclass
from typing import Any

from sayso.core.program.calendar import Day, Moment

SIGNUP = "signup"
LEAD = "lead"
PURCHASE = "purchase"
REFUND = "refund"
CANCELLED = "cancelled"
SURVEY = "survey_answered"
MEMBER_UPDATED = "member_updated"
MEMBER_MERGED = "member_merged"
MEMBER_ERASED = "member_erased"
MEMBER_BANNED = "member_banned"
POINTS_SPENT = "points_spent"
POINTS_MOVED_IN = "points_moved_in"
INVITED = "invited"
REFERRAL_ATTRIBUTED = "referral_attributed"
REFERRAL_MOVED_IN = "referral_moved_in"
REWARD_CHOSEN = "reward_chosen"
REWARD_APPROVED = "reward_approved"
REWARD_DENIED = "reward_denied"
REWARD_GRANTED = "reward_granted"
REWARD_ISSUED = "reward_issued"
REWARD_REDEEMED = "reward_redeemed"
REWARD_REVERSED = "reward_reversed"
PROGRAM_PUBLISHED = "program_published"
PROGRAM_PAUSED = "program_paused"
PROGRAM_RESUMED = "program_resumed"
RATE_SET = "rate_set"
CLOCK_MOVED = "clock_moved"
TIMER = "timer"

# What a person on the staff decided; a backtest replays these as facts (SEMANTICS 41, 43).
DECISIONS_OF_PEOPLE = frozenset(
    {
        REWARD_CHOSEN,
        REWARD_APPROVED,
        REWARD_DENIED,
        REWARD_GRANTED,
        REWARD_ISSUED,
        REWARD_REDEEMED,
        REWARD_REVERSED,
        REFERRAL_ATTRIBUTED,
    }
)

# Types that do something whatever the programs say; the others are facts that a program may listen to.
WITH_A_MEANING = DECISIONS_OF_PEOPLE | {
    REFUND, CANCELLED, SURVEY, INVITED, MEMBER_UPDATED, MEMBER_MERGED, MEMBER_ERASED, MEMBER_BANNED, POINTS_SPENT,
    POINTS_MOVED_IN, REFERRAL_MOVED_IN, PROGRAM_PUBLISHED, PROGRAM_PAUSED, PROGRAM_RESUMED, RATE_SET,
}  # fmt: skip

# In whose name Sayso's own events stand in the log; nobody else sends in it.
OUR_OWN = "sayso"
# In whose names its pages, and the staff at its tools, send; no other system is called so, since ids are unique within
# a name, and whoever knew theirs could take them first.
OUR_PAGES = frozenset({"staff", "portal", "landing", "page", "sharing"})
NOT_FOR_OTHERS = OUR_PAGES | {OUR_OWN}

# An event makes at most this many things; their numbers are position * SPAN + ordinal.
SPAN = 1 << 16


@dataclass(slots=True, init=False)
class Arrival:
    """An event as it came in, checked but without a place in the log.

    Attributes:
        source: who sent it; with `external_id` it is stored once.
        ref: the company's name for the member; empty for events of the workspace itself.
        refers_to: the external id, in the same source, of the event that this one is about.
        identities: further ways to recognise the member, as (kind, normalised value).
        counts_only: history that counts and rewards nothing.
    """

    source: str
    external_id: str
    type: str
    ref: str
    occurred_at: Moment
    amount_minor: int | None
    currency: str
    referral_code: str
    refers_to: str
    props: dict[str, Any]
    identities: tuple[tuple[str, str], ...]
    counts_only: bool

    # Here and in the other types of which each event makes one, it is written out: a dataclass makes it of text, which
    # is not compiled.
    def __init__(  # noqa: PLR0913, PLR0917
        self,
        source: str,
        external_id: str,
        type: str,
        ref: str,
        occurred_at: Moment,
        amount_minor: int | None = None,
        currency: str = "",
        referral_code: str = "",
        refers_to: str = "",
        props: dict[str, Any] | None = None,
        identities: tuple[tuple[str, str], ...] = (),
        counts_only: bool = False,
    ) -> None:
        self.source = source
        self.external_id = external_id
        self.type = type
        self.ref = ref
        self.occurred_at = occurred_at
        self.amount_minor = amount_minor
        self.currency = currency
        self.referral_code = referral_code
        self.refers_to = refers_to
        self.props = {} if props is None else props
        self.identities = identities
        self.counts_only = counts_only


@dataclass(slots=True, init=False)
class Event:
    """One event at its position in the workspace's log.

    Attributes:
        position: place in the log, from 1; what the event makes is numbered from it.
        member: the member's number; 0 for events of the workspace itself.
        occurred_at: microseconds UTC.
        day: the local day of `occurred_at`.
        clock: what the workspace's clock showed when the event was accepted, microseconds UTC.
        amount_minor: what was paid for what counts, in minor units of `currency` (SEMANTICS 1).
        refers_to: the position of the event that this one is about; 0 for none or unknown.
        counts_only: history that counts and rewards nothing.
    """

    position: int
    type: str
    member: int
    occurred_at: Moment
    day: Day
    clock: Moment
    ref: str
    external_id: str
    amount_minor: int | None
    currency: str
    referral_code: str
    refers_to: int
    props: dict[str, Any]
    identities: tuple[tuple[str, str], ...]
    counts_only: bool

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        position: int,
        type: str,
        member: int,
        occurred_at: Moment,
        day: Day,
        clock: Moment,
        ref: str = "",
        external_id: str = "",
        amount_minor: int | None = None,
        currency: str = "",
        referral_code: str = "",
        refers_to: int = 0,
        props: dict[str, Any] | None = None,
        identities: tuple[tuple[str, str], ...] = (),
        counts_only: bool = False,
    ) -> None:
        self.position = position
        self.type = type
        self.member = member
        self.occurred_at = occurred_at
        self.day = day
        self.clock = clock
        self.ref = ref
        self.external_id = external_id
        self.amount_minor = amount_minor
        self.currency = currency
        self.referral_code = referral_code
        self.refers_to = refers_to
        self.props = {} if props is None else props
        self.identities = identities
        self.counts_only = counts_only
