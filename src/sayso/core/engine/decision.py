"""What follows from one event: the rows it changes, the transfers it books, and the reasons.

Owns the shape of a decision. It must not make one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from sayso.core.engine.events import Arrival, Event
from sayso.core.engine.facts import LotKey, Lots, SeriesKey
from sayso.core.engine.rows import Earned, Reason, Timer
from sayso.core.ledger.chart import LedgerAccount
from sayso.core.ledger.transfers import Transfer
from sayso.core.program.calendar import Day


class Verdict(IntEnum):
    """How a clause came out. Numbers are stored for good: never renumber."""

    MET = 0
    CONDITION = 1
    NO_REFERRAL = 2
    OUTSIDE_RUN = 3
    UNKNOWN_CODE = 4
    SELF_REFERRAL = 5
    SAME_ACCOUNT = 6
    EACH_OTHER = 7
    ALREADY_REFERRED = 8
    OUTSIDE_WINDOW = 9
    ADVOCATE_NOT_ELIGIBLE = 10
    FRIEND_NOT_NEW = 11
    GUARD_BLOCKED = 12
    GUARD_REVIEW = 13
    WAITS_FOR_STEP = 14
    STEP_TOO_LATE = 15
    NOT_IN_GROUP = 16
    ANOTHER_OF = 17
    LIMIT_REACHED = 18
    NOT_EVERY = 19
    BUDGET_WAITS = 20
    BUDGET_SPENT = 21
    EXCLUSIVE = 22
    REFERRAL_CLOSED = 23  # retired: nothing gives it, and a log may hold it
    PERIOD_PAID = 24
    RECURRING_ENDED = 25
    CAPPED = 26
    NOTHING_EARNED = 27
    HAS_BADGE = 28
    TAKEN_BACK = 29
    OUTSIDE_REFUND_TIME = 30
    NOTHING_TO_TAKE_BACK = 31
    NOT_FOUND = 32
    NOT_OPEN = 33
    NOT_OFFERED = 34
    NOT_ENOUGH = 35
    RELEASED = 36
    EXPIRED = 37
    REMINDED = 38
    RAISED = 39
    DROPPED = 40
    KEPT = 41
    REFILLED = 42
    LAPSED = 43
    DENIED = 44
    ISSUED = 45
    LOSS = 46
    INACTIVE = 47
    NO_RATE = 48  # retired, as 23
    MERGED = 49
    COUNTED_ONLY = 50
    CODE_TAKEN = 51
    GAVE_WAY = 52
    NOT_DELIVERED = 53


class Notice(NamedTuple):
    """One thing that happened and that others may want to know.

    Attributes:
        kind: one of `notices.KINDS`.
        member: the number of the member whom it is about; 0 for none.
        program: name of the program; empty for the workspace itself.
        about: the number of the reward or the referral that it is about; 0 for none.
        data: plain JSON values; moments in microseconds UTC, amounts in minor units.
    """

    kind: str
    member: int
    program: str
    about: int
    data: dict[str, Any]


class Failed(NamedTuple):
    """Which leaf of which condition did not hold, and the value it saw; see `Reason`."""

    leaf: int
    seen: Any
    field: str = ""


class Decision:
    """Effects and reasons of one event.

    Attributes:
        rows: table name to key to the row's new value.
        balances: ledger account to its new balance.
        lots: (member, unit) to the new lots.
        tallies: (series, day) to the count and total to add.
        timers: timers set, by number.
        gone: timers called off or fired, by number, with their subject.
        earned: what the event earned in points, for later refunds; shape as `Logged.earned`.
        erased: members to be wiped from every table.
        hung: what hangs on a key from now on, as (index, key, number); 0 stands for nothing any more.
        notices: what is told to those who listen; made only for kinds that somebody listens to.
    """

    __slots__ = (
        "balances", "earned", "erased", "gone", "hung", "lots", "notices", "reasons", "rows", "tallies", "timers",
        "transfers",
    )  # fmt: skip

    # Written out, since one is made for each event: a dataclass takes three times as long to fill these.
    def __init__(self) -> None:
        self.rows: dict[str, dict[Any, Any]] = {}
        self.transfers: list[Transfer] = []
        self.balances: dict[LedgerAccount, int] = {}
        self.lots: dict[LotKey, Lots] = {}
        self.tallies: dict[tuple[SeriesKey, Day], tuple[int, int]] = {}
        self.timers: dict[int, Timer] = {}
        self.gone: dict[int, int] = {}
        self.reasons: list[Reason] = []
        self.earned: list[Earned] = []
        self.erased: set[int] = set()
        self.hung: list[tuple[str, Any, int]] = []
        self.notices: Sequence[Notice] = ()


@dataclass(slots=True, init=False)
class Decided:
    """An event with its decision; without one it was set aside, and `failure` says why.

    Attributes:
        is_defect: deciding broke off, and not for what the event says.
    """

    event: Event
    decision: Decision | None
    arrival: Arrival | None
    failure: str
    is_defect: bool

    def __init__(
        self,
        event: Event,
        decision: Decision | None,
        arrival: Arrival | None = None,
        failure: str = "",
        is_defect: bool = False,
    ) -> None:
        self.event = event
        self.decision = decision
        self.arrival = arrival
        self.failure = failure
        self.is_defect = is_defect
