"""The decision in the making: what one event has changed so far, laid over the facts.

Owns the verbs with which clauses change state (book, tally, set a timer, add a row) and the reading that sees those
changes at once (SEMANTICS 40). The facts below stay as they were, so an event that fails leaves nothing behind.
"""

from collections.abc import Sequence
from typing import Any, Literal, overload

from sayso.core.engine.decision import Decision, Failed, Verdict
from sayso.core.engine.events import SPAN, Event
from sayso.core.engine.facts import Facts, LotKey, Lots, SeriesKey
from sayso.core.engine.rows import (
    Code,
    Identity,
    Invitation,
    Logged,
    Member,
    Participation,
    Reason,
    Referral,
    Refunded,
    Reward,
    Row,
    Timer,
)
from sayso.core.engine.rulebook import Rulebook
from sayso.core.ledger.chart import LedgerAccount
from sayso.core.ledger.transfers import Transfer, moved
from sayso.core.program.calendar import Calendar, Day, Moment

# Tables that lead from what something hangs on to the numbers of it, by a number and by a text.
ByNumber = Literal["friend_referrals", "advocate_referrals", "trigger_rewards", "referral_rewards", "member_rewards"]
_ByText = Literal["contact_invitations", "waiting"]


class Draft:
    """Facts with the changes of one event laid over them.

    Attributes:
        now: the moment the event is judged at, its own.
        currencies: those in which amounts are tallied, and the empty one for events without an amount.
    """

    __slots__ = ("calendar", "currencies", "decision", "event", "facts", "now", "ordinal", "rows", "rulebook")

    def __init__(self, rulebook: Rulebook, facts: Facts, event: Event) -> None:
        self.rulebook, self.facts, self.event = rulebook, facts, event
        self.calendar: Calendar = rulebook.calendar
        self.currencies: tuple[str, ...] = rulebook.tallied
        self.now: Moment = event.occurred_at
        self.decision: Decision = Decision()
        self.rows = self.decision.rows
        self.ordinal = 0

    def number(self) -> int:
        """The next number for something this event makes; the same on every replay."""
        self.ordinal += 1
        if self.ordinal >= SPAN:
            raise OverflowError(f"one event made more than {SPAN} things")
        return self.event.position * SPAN + self.ordinal

    # --- rows ---------------------------------------------------------------------------------------------------

    @overload
    def see(self, table: Literal["members"], key: int) -> Member | None: ...
    @overload
    def see(self, table: Literal["referrals"], key: int) -> Referral | None: ...
    @overload
    def see(self, table: Literal["rewards"], key: int) -> Reward | None: ...
    @overload
    def see(self, table: Literal["invitations"], key: int) -> Invitation | None: ...
    @overload
    def see(self, table: Literal["identities"], key: tuple[str, str]) -> Identity | None: ...
    @overload
    def see(self, table: Literal["codes"], key: str) -> Code | None: ...
    @overload
    def see(self, table: Literal["participations"], key: tuple[int, str]) -> Participation | None: ...
    @overload
    def see(self, table: Literal["refunded"], key: int) -> Refunded | None: ...
    @overload
    def see(self, table: Literal["logged"], key: int) -> Logged | None: ...
    @overload
    def see(self, table: Literal["timers"], key: int) -> dict[int, Timer] | None: ...
    def see(self, table: str, key: Any) -> Any:
        """A row as it is now, or None; not to be changed."""
        if self.rows:
            changed = self.rows.get(table)
            row = changed.get(key) if changed else None
            if row is not None:
                return row
        return getattr(self.facts, table).find(key)

    @overload
    def edit(self, table: Literal["members"], key: int) -> Member: ...
    @overload
    def edit(self, table: Literal["referrals"], key: int) -> Referral: ...
    @overload
    def edit(self, table: Literal["rewards"], key: int) -> Reward: ...
    @overload
    def edit(self, table: Literal["invitations"], key: int) -> Invitation: ...
    @overload
    def edit(self, table: Literal["identities"], key: tuple[str, str]) -> Identity: ...
    @overload
    def edit(self, table: Literal["codes"], key: str) -> Code: ...
    @overload
    def edit(self, table: Literal["participations"], key: tuple[int, str]) -> Participation: ...
    def edit(self, table: str, key: Any) -> Any:
        """A row of one's own to set fields on.

        Raises:
            KeyError: there is no such row.
        """
        changed = self.rows.setdefault(table, {})
        row = changed.get(key)
        if row is None:
            found: Row | None = getattr(self.facts, table).find(key)
            if found is None:
                raise KeyError((table, key))
            row = changed[key] = found.copy()
        return row

    @overload
    def put(self, table: Literal["members"], key: int, row: Member) -> Member: ...
    @overload
    def put(self, table: Literal["referrals"], key: int, row: Referral) -> Referral: ...
    @overload
    def put(self, table: Literal["rewards"], key: int, row: Reward) -> Reward: ...
    @overload
    def put(self, table: Literal["invitations"], key: int, row: Invitation) -> Invitation: ...
    @overload
    def put(self, table: Literal["identities"], key: tuple[str, str], row: Identity) -> Identity: ...
    @overload
    def put(self, table: Literal["codes"], key: str, row: Code) -> Code: ...
    @overload
    def put(self, table: Literal["participations"], key: tuple[int, str], row: Participation) -> Participation: ...
    @overload
    def put(self, table: Literal["refunded"], key: int, row: Refunded) -> Refunded: ...
    def put(self, table: str, key: Any, row: Any) -> Any:
        """Keep a new row, or a new value of one."""
        self.rows.setdefault(table, {})[key] = row
        return row

    @overload
    def numbers(self, index: ByNumber, key: int) -> Sequence[int]: ...
    @overload
    def numbers(self, index: _ByText, key: str) -> Sequence[int]: ...
    def numbers(self, index: str, key: Any) -> Sequence[int]:
        """The numbers of what hangs on a key, oldest first."""
        found: Sequence[int] = getattr(self.facts, index).find(key) or ()
        for where, other, number in self.decision.hung:
            if where == index and other == key:
                found = [*found, number] if number else ()
        return found

    @overload
    def hang(self, index: ByNumber, key: int, number: int) -> None: ...
    @overload
    def hang(self, index: _ByText, key: str, number: int) -> None: ...
    def hang(self, index: Any, key: Any, number: int) -> None:
        """Note a new row under a key; 0 for the number takes all that hangs there away."""
        self.decision.hung.append((index, key, number))

    def member(self, number: int) -> Member:
        """A member who must be there."""
        row = self.see("members", number) if self.rows else self.facts.members.find(number)
        if row is None:
            raise KeyError(("members", number))
        return row

    def become(self, number: int) -> Member:
        """Whom a member who must be there has become, themselves where nobody took them over (SEMANTICS 38)."""
        row = self.member(number)
        while row.merged_into:
            row = self.member(row.merged_into)
        return row

    def referral(self, number: int) -> Referral:
        """A referral that must be there, for reading."""
        row = self.see("referrals", number)
        if row is None:
            raise KeyError(("referrals", number))
        return row

    def reward(self, number: int) -> Reward:
        """A reward that must be there, for reading."""
        row = self.see("rewards", number)
        if row is None:
            raise KeyError(("rewards", number))
        return row

    def participation(self, member: int, program: str) -> Participation:
        """What the member is in a program, for reading; a blank one when they are nothing yet."""
        row = self.see("participations", (member, program))
        return row or Participation(member, program)

    def edit_participation(self, member: int, program: str) -> Participation:
        """What the member is in a program, for setting."""
        key = (member, program)
        if self.see("participations", key) is None:
            return self.put("participations", key, Participation(member, program))
        return self.edit("participations", key)

    def add_referral(self, referral: Referral) -> None:
        """Keep a new referral, and know it by its friend and its advocate."""
        self.put("referrals", referral.id, referral)
        self.hang("friend_referrals", referral.friend, referral.id)
        self.hang("advocate_referrals", referral.advocate, referral.id)

    def add_reward(self, reward: Reward) -> None:
        """Keep a new reward, and know it by what it hangs on."""
        self.put("rewards", reward.id, reward)
        self.hang("trigger_rewards", reward.trigger, reward.id)
        self.hang("member_rewards", reward.beneficiary, reward.id)
        if reward.referral:
            self.hang("referral_rewards", reward.referral, reward.id)

    def referrals_of(self, friend: int) -> list[Referral]:
        """The friend's referrals, oldest first."""
        return [self.referral(number) for number in self.numbers("friend_referrals", friend)]

    # --- books --------------------------------------------------------------------------------------------------

    def balance(self, account: LedgerAccount) -> int:
        """What a ledger account holds now."""
        changed = self.decision.balances
        if account in changed:
            return changed[account]
        return self.facts.balances.find(account) or 0

    def book(self, debit: LedgerAccount, credit: LedgerAccount, amount: int, reason: int, about: int = 0) -> None:
        """Move an amount from one ledger account to another; nothing when the amount is zero.

        Raises:
            ValueError: the amount is negative, or the two are the same or of different units.
            FloorBroken: a ledger account would pass its bound.
        """
        if amount == 0:
            return
        left, grown = moved(debit, credit, amount, (self.balance(debit), self.balance(credit)))
        self.decision.balances[debit], self.decision.balances[credit] = left, grown
        self.decision.transfers.append(
            Transfer(self.number(), debit, credit, amount, debit[2], self.event.position, about, reason, self.now)
        )

    def lots(self, key: LotKey) -> Lots:
        """The member's lots of one unit; not to be changed."""
        changed = self.decision.lots.get(key)
        if changed is not None:
            return changed
        return self.facts.lots.find(key) or {}

    # --- tallies ------------------------------------------------------------------------------------------------

    def tally(self, key: SeriesKey, day: Day, count: int, total: int) -> None:
        """Add to what is counted about a subject on a day."""
        tallies = self.decision.tallies
        before = tallies.get((key, day))
        tallies[key, day] = (count, total) if before is None else (before[0] + count, before[1] + total)

    def counted(self, key: SeriesKey, first: Day, last: Day) -> tuple[int, int]:
        """Count and total from one day to another, with what this event added so far."""
        series = self.facts.series.find(key)
        count, total = series.between(first, last) if series else (0, 0)
        if self.decision.tallies:
            for (other, day), (more, sum_) in self.decision.tallies.items():
                if other == key and first <= day <= last:
                    count, total = count + more, total + sum_
        return count, total

    # --- timers -------------------------------------------------------------------------------------------------

    def set_timer(self, subject: int, kind: str, due_at: Moment, *, about: int = 0, detail: str = "") -> int:
        """Have something fall due; its number is returned."""
        number = self.number()
        self.decision.timers[number] = Timer(number, subject, kind, due_at, about, detail)
        return number

    def drop_timer(self, subject: int, number: int) -> None:
        """Call a timer off."""
        if number and self.decision.timers.pop(number, None) is None:
            self.decision.gone[number] = subject

    # --- reasons ------------------------------------------------------------------------------------------------

    def say(self, program: Any, clause: str, verdict: Verdict, seen: Any = None, subject: int = 0) -> None:
        """Give the reason for how a clause came out; the fields are those of `Reason`."""
        name, version = (program.name, program.version) if program else ("", 0)
        self.decision.reasons.append(Reason(name, version, clause, verdict, -1, seen, subject))

    def say_failed(self, program: Any, clause: str, verdict: Verdict, failed: Failed, subject: int) -> None:
        """Give the reason for a clause of which a condition does not hold."""
        leaf, seen, field = failed
        self.decision.reasons.append(Reason(program.name, program.version, clause, verdict, leaf, seen, subject, field))
