"""Budgets of versions that do not hold yet; the rules about periods are scenarios."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sayso.core.engine.compile import compile_program
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import Edition, Rulebook
from sayso.core.ledger.chart import budget
from sayso.core.program.calendar import Calendar, Moment, moment_of
from sayso.core.program.review import check_program

ZONE = "Europe/Madrid"
MONTHLY = """
{sayso: 1, program: voice, title: Voice, currency: EUR, budget: {amount: 100 EUR, per: month, roll_over: true},
 rewards: {answered: {to: member, on: survey_answered, give: {credit: 20 EUR}}}}
"""


def at(year: int, month: int, day: int) -> Moment:
    return moment_of(datetime(year, month, day, tzinfo=ZoneInfo(ZONE)))


def test_a_budget_published_before_it_holds_is_refilled_from_its_first_period_on() -> None:
    calendar, parsed = Calendar(ZONE), check_program(MONTHLY)
    assert parsed.document is not None
    edition = Edition(valid_from=at(2027, 2, 1))
    store = MemoryStore(Rulebook([compile_program(parsed.document, parsed.conditions, calendar, edition)], calendar))
    props = {"program": "voice", "version": 1}
    store.receive([Arrival("sayso", "voice-1", PROGRAM_PUBLISHED, "", at(2026, 12, 10), props=props)])

    left = []
    for month in (1, 2, 3):
        store.move_clock(at(2027, month, 2))
        left.append(store.facts.balances.rows[budget(1, "EUR")])

    assert left == [10_000, 20_000, 30_000]
