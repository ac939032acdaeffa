"""A batch's closure: everything that deciding it may ask, found in a fixed number of reads.

Owns which keys follow from which. Whatever is not followed here stays "not loaded", so that the engine cuts the batch
there and never takes silence for none. It must not decide or write.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sayso.core.engine.events import (
    DECISIONS_OF_PEOPLE,
    INVITED,
    MEMBER_BANNED,
    MEMBER_ERASED,
    MEMBER_MERGED,
    REWARD_GRANTED,
    SPAN,
    Arrival,
)
from sayso.core.engine.facts import Facts, LotKey, Lots, Referral, Reward, Series, SeriesKey, Table
from sayso.core.engine.invitations import CONTACT
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.rulings import staff_number
from sayso.core.program.calendar import LAST_DAY, Day, Moment
from sayso.domains.decisions.asked import Asked, AskedSeries
from sayso.domains.decisions.dialect import Look, Tables
from sayso.domains.decisions.rows import TIMERS
from sayso.domains.events.rows import REFUNDED, TALLIES, Entry
from sayso.domains.ledger.rows import BALANCES, LOTS
from sayso.domains.people.rows import IDENTITIES, MEMBERS
from sayso.domains.referrals.rows import PARTICIPATIONS, REFERRALS
from sayso.domains.rewards.rows import REWARDS
from sayso.domains.sharing.rows import CODES, INVITATIONS

ACCOUNT = "account"
WORKSPACE = 0
# These reach everything that a member has: books, tallies, rewards and referrals on both sides.
WIDE = frozenset({MEMBER_MERGED, MEMBER_ERASED, MEMBER_BANNED})

Referred = Mapping[tuple[str, str], Entry]


class Closure:
    """Facts in the loading.

    Attributes:
        people: members whose own rows are loaded.
        wide: those of whom everything is.
        new: the first number that this batch gives out.
        lots: as they were loaded.
        tallied: the day tallies that were loaded; `since` is the first day of all that were looked for.
    """

    def __init__(self, tables: Tables, rulebook: Rulebook, position: int) -> None:
        self.tables, self.rulebook = tables, rulebook
        self.facts = Facts(whole=False)
        self.people: set[int] = set()
        self.wide: set[int] = set()
        self.new = (position + 1) * SPAN
        self.lots: dict[LotKey, Lots] = {}
        self.tallied: set[tuple[SeriesKey, Day]] = set()
        self.since: Day = LAST_DAY
        self.subjects: set[int] = {WORKSPACE, *rulebook.by_number}
        self._say_what_is_new(self.new, position + 1)

    def _say_what_is_new(self, number: int, position: int) -> None:
        """Whatever this batch itself will number cannot be in the database."""
        facts = self.facts
        by_number: tuple[Table[int, Any], ...] = (
            facts.members, facts.friend_referrals, facts.advocate_referrals, facts.referrals, facts.rewards,
            facts.referral_rewards, facts.member_rewards, facts.timers, facts.invitations,
        )  # fmt: skip
        for table in by_number:
            table.asked = Asked(new=number)
        by_position: tuple[Table[int, Any], ...] = (facts.trigger_rewards, facts.refunded, facts.logged)
        for table in by_position:
            table.asked = Asked(new=position)
        facts.participations.asked = Asked(new=number, part=0)
        facts.balances.asked = Asked(new=number, part=1)
        facts.lots.asked = self.lots_asked = Asked(new=number, part=0)
        facts.series.asked = self.series_asked = AskedSeries(new=number, measures=self.rulebook.measures)

    def follow_arrivals(
        self, arrivals: Sequence[Arrival], referred: Mapping[tuple[str, str], Entry], now: Moment
    ) -> Facts:
        """Load what these arrivals may reach.

        Args:
            arrivals: the batch.
            referred: events of the log that arrivals refer to, by source and external id.
            now: up to when timers may fire, microseconds UTC.
        """
        self.subjects |= {
            staff_number(str(each.props.get("by", ""))) for each in arrivals if each.type == REWARD_GRANTED
        }
        self._named(arrivals, referred)
        self._invitations(_contacts_in(arrivals))
        self._widen(arrivals)
        self._members()
        self._referrals_of_friends()
        self._timers(self.people)
        self._rewards(
            {each.props["reward"] for each in arrivals if isinstance(each.props.get("reward"), int)},
            {entry.position for entry in referred.values()},
            self._numbers_of(each.ref for each in arrivals if each.type in DECISIONS_OF_PEOPLE),
            now,
        )
        return self._rest(min((each.occurred_at for each in arrivals), default=now), now)

    def follow_subjects(self, subjects: Iterable[int], now: Moment) -> Facts:
        """Load what the due timers of these subjects may reach; `now` as in `follow_arrivals`."""
        self.people |= {subject for subject in subjects if subject >= SPAN}
        self._members()
        self._referrals_of_friends()
        self._timers(self.people)
        self._rewards(set(), set(), set(), now)
        return self._rest(now, now)

    # --- what an arrival names ----------------------------------------------------------------------------------

    def _named(self, arrivals: Sequence[Arrival], referred: Referred) -> None:
        """Load the events, the people and the codes that the arrivals name."""
        positions = self._events(arrivals, referred)
        values, codes = _identities_in(arrivals), _codes_of(arrivals)
        refunded, identities, found = self.tables.together(
            [Look(REFUNDED, "position", positions), Look(IDENTITIES, "value", values), Look(CODES, "code", codes)]
        )
        rows = REFUNDED.to_rows(refunded)
        self.facts.refunded.load(positions, ((row.position, row) for row in rows))
        known = IDENTITIES.to_rows(identities)
        self.facts.identities.asked = Asked(values, part=1)
        self.facts.identities.rows.update(((row.kind, row.value), row) for row in known)
        owned = CODES.to_rows(found)
        self.facts.codes.load(codes, ((row.code, row) for row in owned))
        self.people |= {row.member for row in known if row.kind != ACCOUNT} | {row.member for row in owned}

    def _invitations(self, contacts: set[str]) -> None:
        """Load the invitations that reached some contacts, with whoever they join."""
        rows = self.tables.find(INVITATIONS, "contact", contacts) if contacts else []
        self.facts.invitations.load([row.id for row in rows], ((row.id, row) for row in rows))
        _group(self.facts.contact_invitations, contacts, ((row.contact, row.id) for row in rows))
        self.people |= {number for row in rows for number in (row.advocate, row.friend) if number}

    def _events(self, arrivals: Sequence[Arrival], referred: Referred) -> list[int]:
        """Take in the events that arrivals refer to, and return their positions."""
        facts = self.facts
        asked = {(each.source, each.refers_to) for each in arrivals if each.refers_to}
        found = {key: entry.position for key, entry in referred.items() if key in asked}
        facts.positions.load(asked, found.items())
        logged = [(entry.position, entry.as_logged()) for entry in referred.values()]
        facts.logged.load([position for position, _ in logged], logged)
        self.people |= {entry.member for entry in referred.values()} - {0}
        return [position for position, _ in logged]

    def _numbers_of(self, refs: Iterable[str]) -> set[int]:
        rows = self.facts.identities.rows
        return {rows["ref", ref].member for ref in refs if ("ref", ref) in rows}

    def _widen(self, arrivals: Sequence[Arrival]) -> None:
        """Load what a merge, an erasure or a ban reaches beyond its member."""
        refs = {ref for each in arrivals if each.type in WIDE for ref in (each.ref, str(each.props.get("other", "")))}
        self.wide = self._numbers_of(refs)
        if not self.wide:
            return
        for row in self.tables.find(IDENTITIES, "member", self.wide):
            self.facts.identities.rows.setdefault((row.kind, row.value), row)
        for code in self.tables.find(CODES, "member", self.wide):
            self.facts.codes.rows.setdefault(code.code, code)
        found = self.tables.find(REFERRALS, "advocate", self.wide)
        _group(self.facts.advocate_referrals, self.wide, ((row.advocate, row.id) for row in found))
        self._take_referrals(found)

    def _members(self) -> None:
        """Load the members not loaded yet, and the ones into whom some of them were merged."""
        wanted = self.people - self.facts.members.rows.keys()
        while wanted:
            rows = self.tables.find(MEMBERS, "id", wanted)
            self.facts.members.load(wanted, ((row.id, row) for row in rows))
            wanted = {row.merged_into for row in rows if row.merged_into} - self.people
            self.people |= wanted

    # --- what hangs on the people -------------------------------------------------------------------------------

    def _referrals_of_friends(self) -> None:
        """Load the people's referrals as friends, and those of their advocates, which show who refers each other."""
        friends = set(self.people)
        found = self.tables.find(REFERRALS, "friend", friends)
        _group(self.facts.friend_referrals, friends, ((row.friend, row.id) for row in found))
        self._take_referrals(found)
        others = self.people - friends
        found = self.tables.find(REFERRALS, "friend", others)
        _group(self.facts.friend_referrals, others, ((row.friend, row.id) for row in found))
        self.facts.referrals.load([row.id for row in found], ((row.id, row) for row in found))

    def _take_referrals(self, rows: Sequence[Referral]) -> None:
        self.facts.referrals.load([row.id for row in rows], ((row.id, row) for row in rows))
        self.people |= {row.advocate for row in rows} | {row.friend for row in rows}

    def _timers(self, people: set[int]) -> None:
        subjects = {*people, *self.rulebook.budget_programs} - self.facts.timers.rows.keys()
        rows = self.tables.find(TIMERS, "subject", subjects)
        timers: dict[int, dict[int, Any]] = {subject: {} for subject in subjects}
        for row in rows:
            timers[row.subject][row.id] = row
        self.facts.timers.load(subjects, timers.items())

    def _rewards(self, numbers: set[int], triggers: set[int], judged: set[int], now: Moment) -> None:
        """Load rewards by number, by the event that earned them, by their owner, by referral where all is reached."""
        facts, find = self.facts, self.tables.find
        about = {
            timer.about for timers in facts.timers.rows.values() for timer in timers.values() if timer.about >= SPAN
        }
        rows = find(REWARDS, "id", numbers | about)
        facts.rewards.asked |= numbers | about
        by_trigger = find(REWARDS, "trigger", triggers)
        _group(facts.trigger_rewards, triggers, ((row.trigger, row.id) for row in by_trigger))
        referrals = set(facts.referrals.rows) if self.wide else set()
        by_referral = find(REWARDS, "referral", referrals)
        _group(facts.referral_rewards, referrals, ((row.referral, row.id) for row in by_referral))
        owners = judged | self.wide
        by_owner = find(REWARDS, "beneficiary", owners)
        _group(facts.member_rewards, owners, ((row.beneficiary, row.id) for row in by_owner))
        self._take_rewards([*rows, *by_trigger, *by_referral, *by_owner, *self._waiting(now)])

    def _waiting(self, now: Moment) -> list[Reward]:
        """Load what waits for a budget that is about to be refilled; it is served oldest first (SEMANTICS 29)."""
        programs = {
            timer.detail
            for subject in self.rulebook.budget_programs
            for timer in self.facts.timers.rows[subject].values()
            if timer.due_at <= now
        }
        rows = self.tables.find(REWARDS, "program", programs, also="state = 'waiting'")
        _group(self.facts.waiting, programs, ((row.program, row.id) for row in rows))
        return rows

    def _take_rewards(self, rows: Sequence[Reward]) -> None:
        """Keep rewards, with their referrals; whoever gets one is loaded like everybody else."""
        facts = self.facts
        facts.rewards.load([row.id for row in rows], ((row.id, row) for row in rows))
        missing = {row.referral for row in rows if row.referral} - facts.referrals.rows.keys()
        found = self.tables.find(REFERRALS, "id", missing)
        facts.referrals.load(missing, ((row.id, row) for row in found))
        self.people |= {row.beneficiary for row in rows} | {row.advocate for row in found}
        self._timers(self.people)

    # --- what the people have -----------------------------------------------------------------------------------

    def _rest(self, earliest: Moment, now: Moment) -> Facts:
        """Load what all of the people have: their own rows, books and tallies."""
        facts, people = self.facts, self.people
        self._members()
        owners = people | self.subjects
        due = (timer.due_at for held in facts.timers.rows.values() for timer in held.values() if timer.due_at <= now)
        parts, balances, lots, *tallies = self.tables.together(
            [
                Look(PARTICIPATIONS, "member", people),
                Look(BALANCES, "owner", owners),
                Look(LOTS, "member", people),
                *self._looks_for_tallies(min(due, default=earliest), earliest),
            ]
        )
        facts.participations.load(people, (((row.member, row.program), row) for row in PARTICIPATIONS.to_rows(parts)))
        held_by = ((row.kind, row.owner, row.unit, row.balance) for row in BALANCES.to_rows(balances))
        facts.balances.load(owners, (((kind, owner, unit), balance) for kind, owner, unit, balance in held_by))
        self.lots_asked.update(people)
        for lot in LOTS.to_rows(lots):
            facts.lots.rows.setdefault((lot.member, lot.unit), {})[lot.expires_at] = lot.remaining
        self.lots = dict(facts.lots.rows)
        self._take_tallies(row for rows in tallies for row in rows)
        return facts

    def _looks_for_tallies(self, *moments: Moment) -> Iterator[Look]:
        """Look for day tallies as far back as the rulebook asks at the earliest of these moments."""
        measures, calendar, earliest = self.rulebook.measures, self.rulebook.calendar, min(moments)
        subjects = self.people | self.subjects | self.facts.referrals.rows.keys()
        subjects |= {member.account for member in self.facts.members.rows.values() if member.account}
        subjects |= {reward.limit_owner for reward in self.facts.rewards.rows.values() if reward.limit_owner}
        ever = [name for name, within in measures.items() if within is None]
        first = min((calendar.window(earliest, within) for within in measures.values() if within), default=0)
        tables, among = self.tables, self.tables.among
        recent = [name for name, within in measures.items() if within is not None]
        # The workspace's own tallies are rates, of the days of the events and of those that are refunded.
        oldest = min((row.day for row in self.facts.logged.rows.values()), default=LAST_DAY)
        since = min(calendar.day(earliest), oldest)
        self.series_asked.update(subjects)
        self.series_asked.wide = self.wide | {WORKSPACE}
        self.since = first
        yield Look(
            TALLIES,
            "subject",
            subjects - self.wide - {WORKSPACE},
            f"(measure {among} OR (measure {among} AND day >= %s))",
            [tables.set_of(ever), tables.set_of(recent), first],
        )
        yield Look(TALLIES, "subject", [WORKSPACE], "day >= %s", [since])
        yield Look(TALLIES, "subject", self.wide)

    def _take_tallies(self, rows: Iterable[tuple[Any, ...]]) -> None:
        found, tallied = self.facts.series.rows, self.tallied
        for subject, measure, currency, day, count, total in rows:
            key = (subject, measure, currency)
            tallied.add((key, day))
            held = found.get(key)
            if held is None:
                held = found[key] = Series()
            held.add(day, count, total)


def _identities_in(arrivals: Iterable[Arrival]) -> set[str]:
    values = {each.ref for each in arrivals}
    for each in arrivals:
        if each.identities:
            values.update(value for kind, value in each.identities if kind != CONTACT)
        if each.props:
            values.update(str(each.props[name]) for name in ("other", "advocate", ACCOUNT) if name in each.props)
    return values - {""}


def _contacts_in(arrivals: Iterable[Arrival]) -> set[str]:
    """The keyed hashes of addresses and numbers: of those who come, and of those who are invited."""
    given = [each for each in arrivals if each.identities or each.type == INVITED]
    found = {value for each in given for kind, value in each.identities if kind == CONTACT}
    return found | {str(each.props.get(CONTACT, "")) for each in given if each.type == INVITED}


def _codes_of(arrivals: Iterable[Arrival]) -> set[str]:
    named = {each.referral_code for each in arrivals}
    named.update(code for each in arrivals if each.props for code in codes_in(each.props))
    return {code.casefold() for code in named if code}


def codes_in(props: Mapping[str, Any]) -> Iterator[str]:
    """Yield the referral codes that an event's props name: those of its touches, and those it hands out."""
    touches, codes = props.get("touches"), props.get("codes")
    yield from (str(each.get("code", "")) for each in touches or () if isinstance(each, dict))
    yield from map(str, codes if isinstance(codes, list) else ())
    yield str(props.get("code") or "")


def _group(index: Table[Any, tuple[int, ...]], asked: Iterable[Any], pairs: Iterable[tuple[Any, int]]) -> None:
    """Note the numbers of rows under what they hang on, oldest first."""
    groups = defaultdict(set)
    for key, number in pairs:
        groups[key].add(number)
    index.load(asked, ((key, tuple(sorted(numbers))) for key, numbers in groups.items()))
