"""The members whom SQL finds are those of whom the engine finds the condition met, on either database."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.core.engine.rows import Member
from sayso.core.ledger.chart import Kind
from sayso.core.program.calendar import Calendar, datetime_of
from sayso.core.program.changes import Version
from sayso.core.program.conditions import Condition, parse_condition
from sayso.core.program.filters import NotOfPeople, condition_filter
from sayso.core.program.vocabulary import vocabulary_of
from sayso.domains.people.dialects import dialect_of
from sayso.domains.people.filter import PeopleAsOf, matching_members
from sayso.domains.people.fragments import sql
from sayso.domains.people.zones import offsets_of
from sayso.domains.referrals.groups import NoSuchGroup, members_in_group, standing
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page
from tests.domains.people.people import FIRST, NOW, TODAY, Known, decided_by_the_engine, facts_of, people, store
from tests.domains.people.vocabulary import CONDITIONS, PARSED

pytestmark = pytest.mark.django_db
# PostgreSQL by itself would take CET for an offset without summer time.
ZONES = ("Europe/Madrid", "America/Sao_Paulo", "Asia/Kathmandu", "CET", "Pacific/Auckland")
ALL = Page(1000)
assert PARSED.document is not None
VERSION = Version(PARSED.document, PARSED.conditions)


def condition_of(text: str) -> Condition:
    """A condition as a group would hold it."""
    return parse_condition(text, vocabulary_of(VERSION.document).within({"member", "program"}))


def found(condition: Condition, workspace: int, zone: str, page: Page = ALL) -> list[int]:
    """The members whom SQL finds."""
    wanted = condition_filter("here", VERSION.document, {**VERSION.conditions, "here": condition})
    return matching_members(wanted, PeopleAsOf(workspace, zone, NOW, ("", "EUR")), page, lookup=standing)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people(), people(), st.lists(CONDITIONS, min_size=1, max_size=6), st.sampled_from(ZONES))
def test_sql_and_the_engine_agree(
    db: None, mine: list[Known], theirs: list[Known], texts: list[str], zone: str
) -> None:
    with transaction.atomic():
        store(1, mine)
        store(2, theirs)  # the same numbers, of another company
        facts = facts_of(1, mine)
        for condition in map(condition_of, texts):
            assert found(condition, 1, zone) == decided_by_the_engine(condition, facts, zone), condition.text
        transaction.set_rollback(True)


def test_a_page_begins_after_the_last_member_of_the_one_before() -> None:
    store(1, [Known(Member(FIRST + at, f"member-{at}", NOW), [], {}, None) for at in range(5)])
    everybody = condition_of("member.orders == 0")
    assert found(everybody, 1, "UTC", Page(2)) == [FIRST, FIRST + 1]
    assert found(everybody, 1, "UTC", Page(2, FIRST + 1)) == [FIRST + 2, FIRST + 3]
    assert found(everybody, 1, "UTC", Page(2, FIRST + 3)) == [FIRST + 4]


# --- readable examples --------------------------------------------------------------------------------------------

ADA, BEN, CHLOE, DARIO = range(FIRST, FIRST + 4)


@pytest.fixture
def bluebell() -> Workspace:
    """Ada buys often and is happy, Ben bought once, of Chloé little is known, and Dario is banned."""
    workspace = create_workspace(name="bluebell", timezone="Europe/Madrid", is_test=True, now=datetime_of(NOW))
    often = [
        *(("purchase", "EUR", TODAY - 5, 2, 4100), ("purchase", "", TODAY - 2, 1, 0)),
        ("purchase", "EUR", TODAY - 1, 0, -100),  # a refund lowers what was spent, and is no purchase
        *(("friends_joined", "", TODAY, 1, 0), ("friends_joined", "", TODAY + 1, 3, 0)),
    ]
    once = [("purchase", "USD", TODAY - 1, 5, 9000), ("purchase", "EUR", TODAY - 100, 1, 1250)]
    happy = {
        "last_score": 10,
        "ratio": 0.1,
        "rent": 1250,
        "likes": ["staff", 3],
        "shop": "Bluebell",
        "vip": True,
        "visits": 2.0,
    }
    ada = Member(ADA, "ada", NOW - 10**13, "es", "ES", tags=("vip",), groups=("by_hand",), attributes=happy)
    ben = Member(BEN, "ben", NOW, attributes={"last_score": "10", "ratio": "0.1", "vip": False, "likes": "staff"})
    dario = Member(DARIO, "dario", NOW, status="banned", groups=("by_hand",), attributes=happy)
    known = [
        Known(ada, often, {(Kind.AVAILABLE, "beans"): 120}, ("gold", "silver", TODAY)),
        Known(ben, once, {(Kind.HELD, "beans"): 500}, ("silver", "", TODAY - 1)),
        Known(Member(CHLOE, "chloé", NOW - 86_400_000_000), [], {}, None),
        Known(dario, often, {}, None),
    ]
    store(workspace.pk, known)
    return workspace


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("member.orders_90d >= 1", [ADA]),
        ("member.orders >= 1", [ADA, BEN]),  # what came to an amount in a currency of no program is not counted
        ("member.orders == 1", [BEN]),
        ("member.orders == 0", [CHLOE]),  # a count is 0, never unknown
        ("member.spent >= 12.50", [ADA, BEN]),
        ('member.spent > "12.50 EUR"', [ADA]),
        ("member.rent == member.spent / 3.2", [ADA]),
        ("member.ratio * 3 == 0.3", [ADA]),  # exact, and a text is no number
        ("member.ratio / 3 * 3 == member.ratio", [ADA]),
        ("member.ratio / member.points >= 0 or member.points / member.ratio > 1", [ADA]),  # nothing is divided by 0
        ("member.is_new", [CHLOE]),
        ("not member.is_new", [ADA, BEN]),
        ("not member.vip", [BEN]),  # whether Chloé is one, nobody knows
        ('"vip" in member.tags', [ADA]),
        ('"vip" not in member.tags', [BEN, CHLOE]),
        ('"staff" in member.likes', [ADA]),
        ('"vip" not in member.likes', [ADA]),  # of the others it is unknown
        ('member.country != "NL"', [ADA]),
        ('member.shop in ("Bluebell", "Rose")', [ADA]),
        ('member.tier == "silver"', [ADA, BEN]),  # the tier held when today began
        ("member.points >= 100", [ADA]),  # what is held is not theirs yet
        ("member.points == 0", [BEN, CHLOE]),
        ("member.score == 100", [ADA]),
        ("member.score == -20", [BEN]),
        ("member.friends_joined == 1", [ADA]),  # tomorrow's have not joined yet
        ("member.visits == 2", []),  # 2.0 is no whole number
        ("member.last_score >= 9", [ADA]),
        ("days_since(member.last_purchase) == 2", [ADA]),
        ("days_since(member.joined) == 1", [CHLOE]),
        ('member.joined == "2027-03-25"', [BEN]),
        ('member.last_purchase >= "2027-03-22T23:00:00Z"', [ADA]),  # when that day began in Madrid
        ('member.last_purchase > "2027-03-22T23:00:00Z"', []),
        ('program.name == "friends" and member.orders >= 3', [ADA]),
    ],
)
def test_who_meets_a_condition(bluebell: Workspace, text: str, expected: list[int]) -> None:
    condition = condition_of(text)
    facts = facts_of(bluebell.pk, [Known(Member(number, "", 0), [], {}, None) for number in (ADA, BEN, CHLOE)])
    assert found(condition, bluebell.pk, "Europe/Madrid") == expected
    assert decided_by_the_engine(condition, facts, "Europe/Madrid") == expected


def test_who_is_in_a_group(bluebell: Workspace) -> None:
    def refs(group: str) -> list[str]:
        listed = members_in_group(workspace=bluebell, program=VERSION, group=group, now=datetime_of(NOW), page=ALL)
        return [each.ref for each in listed]

    assert refs("by_hand") == ["ada"]
    assert refs("promoters") == ["ada"]
    assert refs("regulars") == ["ada"]
    with pytest.raises(NoSuchGroup, match="it has by_hand, promoters, regulars"):
        refs("everyone")


def test_every_table_is_fixed_to_the_workspace(bluebell: Workspace) -> None:
    text = "member.points >= 1 and member.tier != 'x' and member.spent >= 1 and days_since(member.last_purchase) > 0"
    with CaptureQueriesContext(connection) as queries:
        found(condition_of(text), bluebell.pk, "Europe/Madrid")
    statement = queries.captured_queries[-1]["sql"]
    for alias in ("m", "b", "p", "t"):
        assert f"{alias}.workspace_id = {bluebell.pk}" in statement
    assert statement.count(" t WHERE ") == statement.count("t.workspace_id = ") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("event.amount >= 20", "event.amount is known of one event"),
        ("days_since(referral.opened_at) > 3", "referral.opened_at is known of one referral"),
        ("friend.is_new and advocate.points > 3", "advocate.points and friend.is_new are two people's"),
        ("1" + " / member.orders" * 9 + " > 0", "divides more than 8 times"),
    ],
)
def test_what_cannot_be_asked_of_a_set_of_people(text: str, said: str) -> None:
    condition = parse_condition(text, vocabulary_of(VERSION.document))
    with pytest.raises(NotOfPeople, match=said) as refused:
        condition_filter("people.advocates", VERSION.document, {"people.advocates": condition})
    assert [problem.path for problem in refused.value.problems] == ["people.advocates"]


def test_a_moment_beyond_the_calendar_has_no_day() -> None:
    far = Member(FIRST, "eva", NOW, attributes={"met": 2**63 - 1, "born": -(2**63 - 1)})
    store(1, [Known(far, [], {}, None)])
    assert found(condition_of("days_since(member.met) >= 0 or days_since(member.met) < 0"), 1, "Europe/Madrid") == []
    assert found(condition_of("days_since(member.born) * 2 > 0"), 1, "Europe/Madrid") == [FIRST]


# --- days ---------------------------------------------------------------------------------------------------------

FIRST_DAY, LAST_DAY = (date(year, 1, 1).toordinal() for year in (1975, 2090))
HOUR = 3_600_000_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([*ZONES, "Africa/Casablanca", "Asia/Beirut", "America/Havana", "Pacific/Apia", "Europe/Dublin"]),
    st.lists(st.integers(FIRST_DAY, LAST_DAY), min_size=1, max_size=20),
    st.lists(st.integers(0, 300), max_size=5),
)
def test_days_are_those_of_the_calendar(db: None, zone: str, days: list[int], changes: list[int]) -> None:
    dialect, calendar, changed = dialect_of(connection, zone), Calendar(zone), offsets_of(zone).since
    dialect.prepare(connection)
    moments = {calendar.start(day) + more for day in days for more in (-1, 0, HOUR)}
    moments |= {changed[at] + more for at in changes if at < len(changed) for more in (-HOUR, -1, 0, 24 * HOUR)}
    for moment in (each for each in moments if calendar.day(each) >= FIRST_DAY):
        day = calendar.day(moment)
        asked = dialect.with_zone(sql("SELECT {}, {}", dialect.day(sql("{}", moment)), dialect.start(sql("{}", day))))
        with connection.cursor() as cursor:
            cursor.execute(asked.text, list(asked.parameters))
            assert cursor.fetchone() == (day, calendar.start(day))
