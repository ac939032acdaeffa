"""What rulings leave behind, beyond what the scenarios of rules 36 and 41 show."""

from sayso.core.engine.compile import compile_program
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import Edition, Rulebook
from sayso.core.program.calendar import Calendar
from tests.core.documents import faultless

GRANTED = """
{sayso: 1, program: friends, title: Friends, currency: EUR, budget: {amount: 500 EUR},
 staff_grants: {limit: 50 EUR per month}}
"""


def test_what_staff_gave_is_counted_without_their_names() -> None:
    calendar, parsed = Calendar("Europe/Madrid"), faultless(GRANTED)
    assert parsed.document is not None
    store = MemoryStore(Rulebook([compile_program(parsed.document, parsed.conditions, calendar, Edition())], calendar))
    published = {"program": "friends", "version": 1}
    store.receive([Arrival("sayso", "friends-1", PROGRAM_PUBLISHED, "", 1, props=published)])
    for number, name in enumerate(("Eva", "Dario", "Eva")):
        props = {"program": "friends", "give": {"credit": "10 EUR"}, "reason": "Late", "by": name}
        store.receive([Arrival("staff", f"grant-{number}", "reward_granted", "Ada", 2 + number, props=props)])

    series = store.facts.series.rows
    assert sorted(counted.totals for (_, measure, _), counted in series.items() if measure == "staff/friends") == [
        [1000],
        [2000],
    ]
    assert "Eva" not in repr(list(series))
