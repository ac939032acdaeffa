"""What is known before an event is decided: rows of state, held in tables that know what was asked for.

A table answers "none" only for a key that was loaded; for any other it raises `NotLoaded`, and the batch is cut there.
It must not decide, and it must not read a database.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from sayso.core.engine.asked import Asked
from sayso.core.engine.rows import (
    Code,
    Identity,
    Invitation,
    Logged,
    Member,
    Participation,
    Referral,
    Refunded,
    Reward,
    Timer,
)
from sayso.core.ledger.chart import LedgerAccount
from sayso.core.program.calendar import Day, Moment


class NotLoaded(LookupError):
    """Something was asked that the batch did not load."""

    def __init__(self, table: str, key: object) -> None:
        super().__init__(f"{table}: {key!r} was not loaded")
        self.table, self.key = table, key


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
        self.asked = Asked()

    def __missing__(self, key: K) -> None:
        if not self.asked.has(key):
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
    def asked(self) -> Asked:
        """The keys that were looked up, found or not; there are none where nothing lies outside."""
        assert isinstance(self.rows, _Loaded)
        return self.rows.asked

    @asked.setter
    def asked(self, keys: Asked) -> None:
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
        self.asked.found.update(asked)
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
        "_tables",
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
        self._tables: list[Table[Any, Any]] = []

        def table(name: str) -> Table[Any, Any]:
            self._tables.append(Table(name, whole=whole))
            return self._tables[-1]

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
        for table in self._tables:
            table.added, table.changed = set(), set()
        self.tallied, self.gone = {}, set()
