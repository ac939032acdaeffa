"""Points that a level made more of say so, in every language, to the staff and to the member."""

import pytest

from sayso.core.engine.events import Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import Rulebook
from tests.core.engine.history import CALENDAR, DAY, SHOP, START, compiled, published
from tests.core.engine.questions import asked

LEVELS = """
sayso: 1
program: beans
title: Beans
currency: EUR
points:
  unit: beans
  earn:
    shopping: {on: purchase, give: 1 per 1 EUR, multiply: {gold: 2, jet: 5}}
tiers:
  by: points_earned within 12 months
  levels: {bronze: 0, gold: 50, jet: 9000}
"""
TOLD = {"en": "it is double.", "es": "son el doble.", "it": "sono il doppio.", "nl": "is dat het dubbele."}


def earned(count: int) -> MemoryStore:
    """So many purchases of 60.50 EUR, ten days apart; the first one raises."""
    store = MemoryStore(Rulebook([compiled(LEVELS)], CALENDAR))
    bought = [Arrival(SHOP, f"b-{n}", "purchase", "Ada", START + 10 * n * DAY, 6050, "EUR") for n in range(count)]
    store.receive([published(LEVELS), *bought])
    return store


@pytest.mark.parametrize("language", TOLD)
def test_the_factor_is_told_with_its_level(language: str) -> None:
    for audience in ("staff", "member"):
        (told,) = asked(earned(2), "Ada", "shopping", language, audience)
        assert "120" in told.sentences[0]
        assert "old" in told.sentences[1]
        assert told.sentences[1].endswith(TOLD[language])


def test_what_anybody_would_have_earned_says_nothing_of_levels() -> None:
    (told,) = asked(earned(1), "Ada", "shopping")
    assert "double" not in told.as_text()
