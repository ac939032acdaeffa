"""What rulings leave behind, beyond what the scenarios of rules 36 and 41 show."""

from typing import Any

import pytest

from sayso.core.engine.compile import compile_program
from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import Edition, Rulebook
from sayso.core.ledger.chart import available
from sayso.core.program.calendar import Calendar
from tests.core.documents import faultless

GRANTED = """
{sayso: 1, program: friends, title: Friends, currency: EUR, budget: {amount: 500 EUR},
 staff_grants: {limit: 50 EUR per month}}
"""


def _running(text: str) -> MemoryStore:
    """A store in which one program was published."""
    calendar, parsed = Calendar("Europe/Madrid"), faultless(text)
    assert parsed.document is not None
    store = MemoryStore(Rulebook([compile_program(parsed.document, parsed.conditions, calendar, Edition())], calendar))
    published = {"program": "friends", "version": 1}
    store.receive([Arrival("sayso", "friends-1", PROGRAM_PUBLISHED, "", 1, props=published)])
    return store


def test_what_staff_gave_is_counted_without_their_names() -> None:
    store = _running(GRANTED)
    for number, name in enumerate(("Eva", "Dario", "Eva")):
        props = {"program": "friends", "give": {"credit": "10 EUR"}, "reason": "Late", "by": name}
        store.receive([Arrival("staff", f"grant-{number}", "reward_granted", "Ada", 2 + number, props=props)])

    series = store.facts.series.rows
    assert sorted(counted.totals for (_, measure, _), counted in series.items() if measure == "staff/friends") == [
        [1000],
        [2000],
    ]
    assert "Eva" not in repr(list(series))


@pytest.mark.parametrize(
    ("give", "said"),
    [
        ({"points": 5}, "give.points: A reward gives points, and the program does not say which."),
        ({"credit": "10 USD"}, "give.credit: The program counts in EUR, and 10 USD is of another currency."),
        ({"cashback": "5%"}, "give.cashback: There is no amount of which this could be a share."),
        ({"hugs": 1}, "give.hugs: There is no hugs in a gift."),
    ],
)
def test_what_the_program_could_not_give_is_set_aside_and_books_nothing(give: dict[str, Any], said: str) -> None:
    store = _running(GRANTED)
    props = {"program": "friends", "give": give, "reason": "Late", "by": "Eva"}
    store.receive([Arrival("staff", "grant", "reward_granted", "Ada", 2, props=props)])

    assert store.decided[-1].failure == f"GiftDoesNotFit: {said}"
    assert not store.facts.rewards.rows


def test_a_program_without_referrals_cannot_be_paused_and_says_so() -> None:
    store = _running(GRANTED)
    store.receive([Arrival("staff", "pause", "program_paused", "", 2, props={"program": "friends"})])

    decided = store.decided[-1]
    assert not decided.failure
    assert decided.decision is not None
    assert [reason.verdict for reason in decided.decision.reasons] == [Verdict.NO_REFERRAL]


def test_credit_is_spent_like_points() -> None:
    store = _running(GRANTED)
    props = {"program": "friends", "give": {"credit": "10 EUR"}, "reason": "Late", "by": "Eva"}
    store.receive([Arrival("staff", "grant", "reward_granted", "Ada", 2, props=props)])
    store.receive([Arrival("till", "spend", "points_spent", "Ada", 3, props={"points": 400, "unit": "EUR"})])

    member = store.decided[-1].event.member
    assert not store.decided[-1].failure
    assert store.facts.balances.rows[available(member, "EUR")] == 600
