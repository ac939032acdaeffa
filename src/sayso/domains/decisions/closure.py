"""A batch's closure: everything that deciding it may ask, found in a fixed number of reads.

Owns which keys follow from which. Whatever is not followed here stays "not loaded", so that the engine cuts the batch
there and never takes silence for none. It must not decide or write.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sayso.core.engine.asked import Asked, AskedSeries
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
from sayso.core.engine.facts import Facts, LotKey, Lots, NotLoaded, Series, SeriesKey, Table
from sayso.core.engine.invitations import CONTACT
from sayso.core.engine.rows import Member, Referral, Reward, Timer
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.rulings import STATES, staff_number
from sayso.core.program.calendar import LAST_DAY, Day, Moment
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
    """Facts in the loading: of one batch, or of several that follow each other with no other writer between them.

    What was looked up for an earlier batch is not looked up again: memory knows it better.

    Attributes:
        people: members whom the batch reaches.
        wide: those of whom everything is loaded.
        subjects: whose books and tallies the batch may ask, besides the people's; `counted`: of whom tallies only.
        timers: those loaded for this batch.
        new: the first number that the first batch gives out.
        lots: as they stand in the database.
        tallied: the day tallies that stand there; `since` is the first day of all that were looked for.
    """

    def __init__(self, tables: Tables, rulebook: Rulebook, position: int, *, lasting: bool = False) -> None:
        """Begin with nothing loaded.

        Args:
            position: the last one of the log.
            lasting: further batches will follow.
        """
        self.rulebook, self.lasting = rulebook, lasting
        self.facts = Facts(whole=False)
        self.new = (position + 1) * SPAN
        self.lots: dict[LotKey, Lots] = {}
        self.tallied: set[tuple[SeriesKey, Day]] = set()
        self.since: Day = LAST_DAY
        self.begin(tables)
        self._say_what_is_new(self.new, position + 1)

    def begin(self, tables: Tables) -> None:
        """Begin a batch; its tables are in a transaction of its own."""
        self.tables = tables
        self.people: set[int] = set()
        self.wide: set[int] = set()
        self.subjects: set[int] = {WORKSPACE, *self.rulebook.by_number}
        self.counted: set[int] = set()
        self.timers: list[Timer] = []

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
        facts.identities.asked = Asked(part=1)
        facts.participations.asked = Asked(new=number, part=0)
        facts.balances.asked = Asked(new=number, part=1)
        facts.lots.asked = self.lots_asked = Asked(new=number, part=0)
        facts.series.asked = self.series_asked = AskedSeries(new=number, measures=self.rulebook.measures)

    def carry_over(self) -> None:
        """Take what the batch changed for written: the next one goes on from there."""
        facts = self.facts
        for key in facts.lots.added | facts.lots.changed:
            self.lots[key] = facts.lots.rows[key]
        self.tallied.update(facts.tallied)
        facts.go_on()

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
        self._everybody()
        self._rewards(
            {each.props["reward"] for each in arrivals if each.type in STATES and each.props.get("reward")},
            {entry.position for entry in referred.values()},
            self._numbers_of(each.ref for each in arrivals if each.type in DECISIONS_OF_PEOPLE),
            now,
        )
        return self._rest(min((each.occurred_at for each in arrivals), default=now), now)

    def follow_subjects(self, subjects: Iterable[int], now: Moment) -> Facts:
        """Load what the due timers of these subjects may reach; `now` as in `follow_arrivals`."""
        self.people |= {subject for subject in subjects if subject >= SPAN}
        self._everybody()
        self._rewards(set(), set(), set(), now)
        return self._rest(now, now)

    # --- what an arrival names ----------------------------------------------------------------------------------

    def _named(self, arrivals: Sequence[Arrival], referred: Referred) -> None:
        """Load the events, the people and the codes that the arrivals name."""
        positions = self._unasked(self.facts.refunded, self._events(arrivals, referred))
        values = self._unasked(self.facts.identities, _identities_in(arrivals))
        codes = self._unasked(self.facts.codes, _codes_of(arrivals))
        refunded, identities, found = self.tables.together(
            [Look(REFUNDED, "position", positions), Look(IDENTITIES, "value", values), Look(CODES, "code", codes)]
        )
        rows = REFUNDED.to_rows(refunded)
        self.facts.refunded.load(positions, ((row.position, row) for row in rows))
        known = IDENTITIES.to_rows(identities)
        self.facts.identities.asked.found |= values
        self.facts.identities.rows.update(((row.kind, row.value), row) for row in known)
        owned = CODES.to_rows(found)
        self.facts.codes.load(codes, ((row.code, row) for row in owned))
        self.people |= {row.member for row in known if row.kind != ACCOUNT} | {row.member for row in owned}

    def _invitations(self, contacts: set[str]) -> None:
        """Load the invitations that reached some contacts, with whoever they join."""
        contacts = self._unasked(self.facts.contact_invitations, contacts)
        rows = self.tables.find(INVITATIONS, "contact", contacts)
        _load_new(self.facts.invitations, rows)
        _group(self.facts.contact_invitations, contacts, ((row.contact, row.id) for row in rows))
        self.people |= {number for row in rows for number in (row.advocate, row.friend) if number}

    def _unasked(self, table: Table[Any, Any], keys: Iterable[Any]) -> set[Any]:
        """Return the keys that were not looked up yet, and can be in the database.

        Raises:
            NotLoaded: an earlier batch changed something about one of them that may not be written yet.
        """
        asked = table.asked
        wanted = set(keys) - asked.found
        if asked.new:
            wanted = {key for key in wanted if key < asked.new}
        if not self.facts.unseen.isdisjoint(wanted):
            raise NotLoaded("unseen", self.facts.unseen & wanted)
        return wanted

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
        self._join(found)

    # --- what hangs on the people -------------------------------------------------------------------------------

    def _everybody(self) -> None:
        """Load the people, and those who recommended them, these with their own advocates: two may refer each other."""
        self._join(self._people())
        self._people()

    def _people(self) -> list[Referral]:
        """Load the people not loaded yet, whoever they were merged into, their timers and their referrals as friends.

        Returns:
            Those referrals.
        """
        facts, referrals = self.facts, list[Referral]()
        while True:
            members = self._unasked(facts.members, self.people)
            friends = self._unasked(facts.friend_referrals, self.people)
            subjects = self._unasked(facts.timers, {*self.people, *self.rulebook.budget_programs})
            if not (members or friends or subjects):
                return referrals
            looks = [
                Look(MEMBERS, "id", members),
                Look(REFERRALS, "friend", friends),
                Look(TIMERS, "subject", subjects),
            ]
            rows, referred, timers = self.tables.together(looks)
            self._take_members(members, MEMBERS.to_rows(rows))
            found = REFERRALS.to_rows(referred)
            _group(facts.friend_referrals, friends, ((row.friend, row.id) for row in found))
            self._take_referrals(found)
            referrals += found
            self._take_timers(subjects, TIMERS.to_rows(timers))

    def _take_members(self, asked: set[int], rows: Sequence[Member]) -> None:
        self.facts.members.load(asked, ((row.id, row) for row in rows))
        self.counted.update(row.account for row in rows if row.account)
        self.people |= {row.merged_into for row in rows if row.merged_into}
        self.people |= {number for row in rows if row.alike for number, _ in row.alike}

    def _take_timers(self, subjects: set[int], rows: Sequence[Timer]) -> None:
        self.timers += rows
        timers: dict[int, dict[int, Any]] = {subject: {} for subject in subjects}
        for row in rows:
            timers[row.subject][row.id] = row
        self.facts.timers.load(subjects, timers.items())

    def _take_referrals(self, rows: Sequence[Referral]) -> None:
        _load_new(self.facts.referrals, rows)
        self.counted.update(row.id for row in rows)

    def _join(self, rows: Sequence[Referral]) -> None:
        self.people |= {row.advocate for row in rows} | {row.friend for row in rows}

    def _rewards(self, numbers: set[int], triggers: set[int], judged: set[int], now: Moment) -> None:
        """Load rewards by number, by the event that earned them, by their owner, by referral where all is reached.

        A referral that nobody vouches for may give way to another one, which ends its rewards.
        """
        facts, find = self.facts, self.tables.find
        numbers = self._unasked(facts.rewards, numbers | self._about())
        rows = find(REWARDS, "id", numbers)
        facts.rewards.asked.found |= numbers
        triggers = self._unasked(facts.trigger_rewards, triggers)
        by_trigger = find(REWARDS, "trigger", triggers)
        _group(facts.trigger_rewards, triggers, ((row.trigger, row.id) for row in by_trigger))
        may_fall = (row.id for row in facts.referrals.rows.values() if self.wide or _may_fall(row))
        referrals = self._unasked(facts.referral_rewards, may_fall)
        # SQLite takes a part index only where its own condition is asked for.
        by_referral = find(REWARDS, "referral", referrals, also="referral > 0")
        _group(facts.referral_rewards, referrals, ((row.referral, row.id) for row in by_referral))
        owners = judged | self.wide
        by_owner = find(REWARDS, "beneficiary", owners)
        _group(facts.member_rewards, owners, ((row.beneficiary, row.id) for row in by_owner))
        self._take_rewards([*rows, *by_trigger, *by_referral, *by_owner, *self._waiting(now)])
        while self.lasting and (numbers := self._unasked(facts.rewards, self._about())):
            facts.rewards.asked.found |= numbers
            self._take_rewards(find(REWARDS, "id", numbers))

    def _about(self) -> set[int]:
        """The rewards that timers are about; it may be a moment too, of which there is none."""
        return {timer.about for timer in self.timers if timer.about >= SPAN}

    def _waiting(self, now: Moment) -> list[Reward]:
        """Load what waits for a budget that is about to be refilled; it is served oldest first (SEMANTICS 29)."""
        programs = {
            timer.detail
            for subject in self.rulebook.budget_programs
            for timer in self.facts.timers.rows[subject].values()
            if timer.due_at <= now
        }
        programs = self._unasked(self.facts.waiting, programs)
        rows = self.tables.find(REWARDS, "program", programs, also="state = 'waiting'")
        _group(self.facts.waiting, programs, ((row.program, row.id) for row in rows))
        return rows

    def _take_rewards(self, rows: Sequence[Reward]) -> None:
        """Keep rewards, with their referrals; whoever gets one is loaded like everybody else."""
        facts = self.facts
        _load_new(facts.rewards, rows)
        self.counted.update(row.limit_owner for row in rows if row.limit_owner)
        missing = self._unasked(facts.referrals, {row.referral for row in rows if row.referral})
        found = self.tables.find(REFERRALS, "id", missing)
        facts.referrals.asked.found |= missing
        self._take_referrals(found)
        self.people |= {row.beneficiary for row in rows} | {row.advocate for row in found}
        self._people()

    # --- what the people have -----------------------------------------------------------------------------------

    def _rest(self, earliest: Moment, now: Moment) -> Facts:
        """Load what all of the people have: their own rows, books and tallies."""
        facts = self.facts
        self._people()
        people = self._unasked(facts.participations, self.people)
        owners = self._unasked(facts.balances, self.people | self.subjects)
        parts, balances, lots, *tallies = self.tables.together(
            [
                Look(PARTICIPATIONS, "member", people),
                Look(BALANCES, "owner", owners),
                Look(LOTS, "member", people),
                *self._looks_for_tallies(earliest, now),
            ]
        )
        facts.participations.load(people, (((row.member, row.program), row) for row in PARTICIPATIONS.to_rows(parts)))
        held_by = ((row.kind, row.owner, row.unit, row.balance) for row in BALANCES.to_rows(balances))
        facts.balances.load(owners, (((kind, owner, unit), balance) for kind, owner, unit, balance in held_by))
        self.lots_asked.found.update(people)
        held: defaultdict[LotKey, Lots] = defaultdict(dict)
        for lot in LOTS.to_rows(lots):
            held[lot.member, lot.unit][lot.expires_at] = lot.remaining
        facts.lots.rows.update(held)
        self.lots.update(held)
        self._take_tallies(row for rows in tallies for row in rows)
        return facts

    def _looks_for_tallies(self, earliest: Moment, now: Moment) -> Iterator[Look]:
        """Look for day tallies as far back as the rulebook asks at the earliest event and at what fires before it.

        Raises:
            NotLoaded: those of an earlier batch do not reach that far back.
        """
        tables, among, measures = self.tables, self.tables.among, self.rulebook.measures
        due = min((timer.due_at for timer in self.timers if timer.due_at <= now), default=earliest)
        first = self._first_day(min(due, earliest))
        if self.since == LAST_DAY:
            self.since = first
        elif self._first_day(earliest) < self.since:
            raise NotLoaded("series", "days before those that were loaded")
        subjects = self._unasked(self.facts.series, self.people | self.subjects | self.counted)
        self.series_asked.found.update(subjects)
        self.series_asked.wide = self.wide | {WORKSPACE}
        ever = [name for name, within in measures.items() if within is None]
        recent = [name for name, within in measures.items() if within is not None]
        yield Look(
            TALLIES,
            "subject",
            subjects - self.wide - {WORKSPACE},
            f"(measure {among} OR (measure {among} AND day >= %s))",
            [tables.set_of(ever), tables.set_of(recent), min(first, self.since)],
        )
        yield Look(TALLIES, "subject", subjects & {WORKSPACE}, "day >= %s", [self._first_rate(due)])
        yield Look(TALLIES, "subject", self.wide)

    def _first_day(self, moment: Moment) -> Day:
        """How far back the rulebook asks at a moment."""
        withins = [within for within in self.rulebook.measures.values() if within]
        return min((self.rulebook.calendar.window(moment, within) for within in withins), default=0)

    def _first_rate(self, earliest: Moment) -> Day:
        """The workspace's own tallies are rates, of the days of the events and of those that are refunded."""
        if self.lasting:
            return 0
        oldest = min((row.day for row in self.facts.logged.rows.values()), default=LAST_DAY)
        return min(self.rulebook.calendar.day(earliest), oldest)

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


def _may_fall(row: Referral) -> bool:
    return row.by_address or row.status == "in_review"


def _group(index: Table[Any, list[int]], asked: Iterable[Any], pairs: Iterable[tuple[Any, int]]) -> None:
    """Note the numbers of rows under what they hang on, oldest first."""
    groups = defaultdict(set)
    for key, number in pairs:
        groups[key].add(number)
    index.load(asked, ((key, sorted(numbers)) for key, numbers in groups.items()))


def _load_new(table: Table[int, Any], rows: Sequence[Any]) -> None:
    """Take in rows that were found by something else than their number; those that are known stay as they are."""
    known = table.rows
    table.load([row.id for row in rows], [(row.id, row) for row in rows if row.id not in known])
