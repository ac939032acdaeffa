"""What is known before an event is decided: rows of state, held in tables that know what was asked for.

Owns the row types that both stores share. A table answers "none" only for a key that was loaded; for any other
it raises `NotLoaded`, and the batch is cut there. It must not decide, and it must not read a database.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Generic, NamedTuple, Self, TypeVar

from sayso.core.ledger.chart import LedgerAccount
from sayso.core.program.calendar import Day, Moment
from sayso.core.program.values import Duration

NEVER: Moment = 0


class NotLoaded(LookupError):
    """Something was asked that the batch did not load."""

    def __init__(self, table: str, key: object) -> None:
        super().__init__(f"{table}: {key!r} was not loaded")
        self.table, self.key = table, key


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


@dataclass(slots=True)
class Referral(Row):
    """Advocate, friend and program, from the moment both are known.

    Attributes:
        version: the number of the version under which it opened (SEMANTICS 18).
        status: open, in_review, completed, expired or rejected.
        steps: step name to the moment at which it was reached.
        early: step name to (position, moment, amount) of an event that came before its predecessor (SEMANTICS 17).
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
    early: dict[str, tuple[int, Moment, int | None]] = field(default_factory=dict)
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


# (subject, what is counted, currency): the subject is a member, an account, a referral, a program or one of the staff.
SeriesKey = tuple[int, str, str]
LotKey = tuple[int, str]
Lots = dict[Moment, int]


class Series:
    """Counts and totals by local day of one thing about one subject."""

    __slots__ = ("counts", "days", "totals")

    def __init__(self) -> None:
        self.days: list[Day] = []
        self.counts: list[int] = []
        self.totals: list[int] = []

    def add(self, day: Day, count: int, total: int) -> None:
        """Add to a day, which may be any day."""
        days = self.days
        if not days or day > days[-1]:
            days.append(day)
            self.counts.append(count)
            self.totals.append(total)
            return
        at = bisect_left(days, day)
        if days[at] == day:
            self.counts[at] += count
            self.totals[at] += total
        else:
            days.insert(at, day)
            self.counts.insert(at, count)
            self.totals.insert(at, total)

    def between(self, first: Day, last: Day) -> tuple[int, int]:
        """Count and total from one day to another, both included."""
        low, high = bisect_left(self.days, first), bisect_right(self.days, last)
        if low == high:
            return 0, 0
        if high - low == 1:
            return self.counts[low], self.totals[low]
        return sum(self.counts[low:high]), sum(self.totals[low:high])

    def on(self, day: Day) -> tuple[int, int]:
        """Count and total of one day."""
        return self.between(day, day)


K = TypeVar("K")
V = TypeVar("V")


class _Loaded(dict[K, V]):
    """Rows that were looked up. Asking for a key finds its row at the speed of a dictionary, or comes here."""

    __slots__ = ("asked", "name")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.asked: set[Any] = set()

    def __missing__(self, key: K) -> None:
        if key not in self.asked:
            raise NotLoaded(self.name, key)


class Table(Generic[K, V]):
    """Rows by key. Knows which keys were asked for, and which rows changed since they were loaded.

    Attributes:
        find: the row of a key, or None when there is none; `NotLoaded` where nobody looked.
        whole: nothing lies outside; an absent key means none.
        added: keys of rows that did not exist when they were loaded.
        changed: keys of rows that did.
    """

    __slots__ = ("added", "changed", "find", "rows", "whole")

    def __init__(self, name: str, *, whole: bool) -> None:
        self.whole = whole
        self.rows: dict[K, V] = {} if whole else _Loaded(name)
        self.find: Callable[[K], V | None] = self.rows.get if whole else self.rows.__getitem__
        self.added: set[K] = set()
        self.changed: set[K] = set()

    @property
    def asked(self) -> set[Any]:
        """The keys that were looked up, found or not; there are none where nothing lies outside."""
        assert isinstance(self.rows, _Loaded)
        return self.rows.asked

    @asked.setter
    def asked(self, keys: set[Any]) -> None:
        assert isinstance(self.rows, _Loaded)
        self.rows.asked = keys

    def take(self, rows: Mapping[K, V]) -> None:
        """Keep rows as they are now, and remember that they are to be written."""
        mine = self.rows
        if not self.whole:
            added, changed = self.added, self.changed
            for key in rows:
                if key not in mine:
                    added.add(key)
                elif key not in added:
                    changed.add(key)
        mine.update(rows)

    def load(self, asked: Any, rows: Any) -> None:
        """Take in what a store found for the keys it looked up.

        Args:
            asked: every key that was looked up, found or not.
            rows: pairs of key and row.
        """
        self.asked.update(asked)
        self.rows.update(rows)


class Facts:
    """Everything that is known about the members of a batch.

    Attributes:
        contact_invitations: contact to the numbers of the invitations that reached it.
        friend_referrals: friend to the numbers of their referrals, oldest first.
        advocate_referrals: advocate to the numbers of their referrals; loaded only for merges and erasures.
        trigger_rewards, referral_rewards, member_rewards: numbers of rewards by what they hang on.
        positions: (source, external id) to the position of an event that another refers to.
        waiting: program to the numbers of rewards that wait for its budget, oldest first.
        timers: subject to its timers by number.
        lots: (member, unit) to expiry moment and what is left.
        series: day tallies, as far back as the rulebook asks; only what it asks for is kept here.
        tallied: what was added to which day, written as increments since earlier days may not be loaded.
        due: subject to a moment before which none of its timers is due; spares looking at each of them.
        gone: timers that fired or were called off.
        unseen: keys about which something changed although nobody had looked them up.
        erased: members to be wiped from every table.
    """

    __slots__ = (
        "advocate_referrals",
        "balances",
        "codes",
        "contact_invitations",
        "due",
        "erased",
        "friend_referrals",
        "gone",
        "identities",
        "invitations",
        "logged",
        "lots",
        "member_rewards",
        "members",
        "participations",
        "positions",
        "referral_rewards",
        "referrals",
        "refunded",
        "rewards",
        "series",
        "tallied",
        "timers",
        "trigger_rewards",
        "unseen",
        "waiting",
    )

    def __init__(self, *, whole: bool) -> None:
        def table(name: str) -> Table[Any, Any]:
            return Table(name, whole=whole)

        self.members: Table[int, Member] = table("members")
        self.identities: Table[tuple[str, str], Identity] = table("identities")
        self.codes: Table[str, Code] = table("codes")
        self.invitations: Table[int, Invitation] = table("invitations")
        self.contact_invitations: Table[str, list[int]] = table("contact_invitations")
        self.referrals: Table[int, Referral] = table("referrals")
        self.friend_referrals: Table[int, list[int]] = table("friend_referrals")
        self.advocate_referrals: Table[int, list[int]] = table("advocate_referrals")
        self.rewards: Table[int, Reward] = table("rewards")
        self.trigger_rewards: Table[int, list[int]] = table("trigger_rewards")
        self.referral_rewards: Table[int, list[int]] = table("referral_rewards")
        self.member_rewards: Table[int, list[int]] = table("member_rewards")
        self.waiting: Table[str, list[int]] = table("waiting")
        self.participations: Table[tuple[int, str], Participation] = table("participations")
        self.balances: Table[LedgerAccount, int] = table("balances")
        self.lots: Table[LotKey, Lots] = table("lots")
        self.series: Table[SeriesKey, Series] = table("series")
        self.timers: Table[int, dict[int, Timer]] = table("timers")
        self.refunded: Table[int, Refunded] = table("refunded")
        self.logged: Table[int, Logged] = table("logged")
        self.positions: Table[tuple[str, str], int] = table("positions")
        self.tallied: dict[tuple[SeriesKey, Day], tuple[int, int]] = {}
        self.due: dict[int, Moment] = {}
        self.gone: set[int] = set()
        self.unseen: set[Any] = set()
        self.erased: set[int] = set()

    def go_on(self) -> None:
        """Begin another batch on top of this one: nothing has changed yet that is to be written."""
        for name in self.__slots__:
            table = getattr(self, name)
            if isinstance(table, Table):
                table.added, table.changed = set(), set()
        self.tallied, self.gone = {}, set()
