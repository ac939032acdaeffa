"""Random people of a workspace, in its tables and as the engine reads them from there."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from hypothesis import strategies as st

from sayso.core.engine.compile import compile_program
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import SPAN, Event
from sayso.core.engine.facts import Facts, Series
from sayso.core.engine.rows import Member, Participation
from sayso.core.engine.rulebook import Edition, Rulebook
from sayso.core.engine.scope import Scope, resolver
from sayso.core.ledger.chart import Kind
from sayso.core.program.calendar import Calendar, Moment
from sayso.core.program.conditions import Condition
from sayso.domains.decisions.dialect import open_tables
from sayso.domains.events.rows import TALLIES, TallyRow
from sayso.domains.ledger.rows import BALANCES, BalanceRow
from sayso.domains.people.rows import MEMBERS
from sayso.domains.referrals.rows import PARTICIPATIONS
from tests.domains.people.vocabulary import PARSED

NOW: Moment = 1_806_000_000_000_000  # 25 March 2027
TODAY = Calendar("Europe/Madrid").day(NOW)
FIRST = SPAN  # the number of the first member; the others follow

DAYS = st.one_of(
    st.integers(TODAY - 3, TODAY + 3),
    st.sampled_from([59, 89, 90, 91, 179, 180, 181, 400]).map(lambda ago: TODAY - ago),
)
MOMENTS = st.one_of(
    st.integers(NOW - 4 * 86_400_000_000, NOW + 4 * 86_400_000_000),
    st.integers(-(10**15), 4 * 10**15),
    st.sampled_from([1, 1_806_188_400_000_000, 1_806_195_599_999_999]),  # around Madrid's change to summer time
)
STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, "x", "", 3, 0, -1, 1.0, 0.1, -2.5, 1e16, [], ["NL", 3], {"a": 1}, "3"]
)
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "visits": st.integers(-2, 4),
    "shop": st.sampled_from(["Bluebell", "NL", "silver"]),
    "vip": st.booleans(),
    "ratio": st.sampled_from([0, 1, 0.1, 0.2, 0.3, 0.30000000000000004, 2.5, -0.1, 1e-7, 3.0]),
    "rent": st.integers(-100, 2500),
    "born": DAYS,
    "met": MOMENTS,
    "likes": st.lists(st.sampled_from(["NL", "Bluebell", "staff"])),
    "last_score": st.integers(7, 10),
}
attributes = st.fixed_dictionaries(
    {}, optional={key: st.one_of(kind, kind, STRANGE) for key, kind in ATTRIBUTES.items()}
)
tags = st.sets(st.sampled_from(["NL", "staff", "es", "silver"])).map(lambda chosen: tuple(sorted(chosen)))
TIERS = st.sampled_from(["", "bronze", "silver"])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one member: tallies as (measure, currency, day, count, total)."""

    row: Member
    tallies: list[tuple[str, str, int, int, int]]
    wallets: dict[tuple[Kind, str], int]
    standing: tuple[str, str, int] | None


tallies = st.lists(
    st.tuples(
        st.sampled_from(["purchase", "purchase", "visit", "friends_joined"]),
        st.sampled_from(["", "EUR", "USD", "GBP"]),
        *(DAYS, st.integers(-1, 3), st.integers(-500, 2500)),
    ),
    max_size=5,
    unique_by=lambda tally: tally[:3],
)
wallets = st.dictionaries(
    st.tuples(st.sampled_from([Kind.AVAILABLE, Kind.HELD]), st.sampled_from(["beans", "EUR"])), st.integers(0, 3)
)
standing = st.one_of(st.none(), st.tuples(TIERS, TIERS, st.integers(TODAY - 1, TODAY)))


@st.composite
def people(draw: st.DrawFn, most: int = 4) -> list[Known]:
    """Members with consecutive numbers."""
    found = []
    for number in range(FIRST, FIRST + draw(st.integers(1, most))):
        row = Member(number, f"member-{number}", draw(MOMENTS))
        row.country = draw(st.sampled_from(["", "NL", "ES"]))
        row.language = draw(st.sampled_from(["", "es", "it"]))
        row.tags, row.groups, row.attributes = draw(tags), draw(tags), draw(attributes)
        found.append(Known(row, draw(tallies), draw(wallets), draw(standing)))
    return found


def store(workspace: int, known: list[Known]) -> None:
    """Write people into the tables, in an open transaction."""
    tables = open_tables(connection, workspace)
    tables.insert(MEMBERS, MEMBERS.to_columns([each.row for each in known]))
    counted = [TallyRow(each.row.id, *tally) for each in known for tally in each.tallies]
    tables.insert(TALLIES, TALLIES.to_columns(counted))
    held = [
        BalanceRow(each.row.id, int(kind), unit, balance)
        for each in known
        for (kind, unit), balance in each.wallets.items()
    ]
    tables.insert(BALANCES, BALANCES.to_columns(held))
    parts = [Participation(each.row.id, "friends", *each.standing) for each in known if each.standing]
    tables.insert(PARTICIPATIONS, PARTICIPATIONS.to_columns(parts))


def facts_of(workspace: int, known: list[Known]) -> Facts:
    """Read the same people from the tables, as the engine does."""
    tables, facts, numbers = open_tables(connection, workspace), Facts(whole=True), [each.row.id for each in known]
    for member in tables.find(MEMBERS, "id", numbers):
        facts.members.rows[member.id] = member
    for tally in tables.find(TALLIES, "subject", numbers):
        series = facts.series.rows.setdefault((tally.subject, tally.measure, tally.currency), Series())
        series.add(tally.day, tally.count, tally.total)
    for balance in tables.find(BALANCES, "owner", numbers):
        facts.balances.rows[balance.kind, balance.owner, balance.unit] = balance.balance
    for part in tables.find(PARTICIPATIONS, "member", numbers):
        facts.participations.rows[part.member, part.program] = part
    return facts


def decided_by_the_engine(condition: Condition, facts: Facts, zone: str, now: Moment = NOW) -> list[int]:
    """The members of whom the engine finds the condition met."""
    calendar = Calendar(zone)
    assert PARSED.document is not None
    program = compile_program(PARSED.document, PARSED.conditions, calendar, Edition())
    rulebook = Rulebook([program], calendar)
    check = condition.compile(
        resolver(program.document), today=lambda scope: scope.draft.event.day, day_of=calendar.day
    )
    event = Event(1, "looked_at", 0, now, calendar.day(now), now)
    draft = Draft(rulebook, facts, event)
    return [number for number in sorted(facts.members.rows) if check(Scope(draft, program, number))]
