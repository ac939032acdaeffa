"""What a reward gives is told in the words of the very gift that it comes from, in mails as on the member's page."""

import pytest

from sayso.core.engine.compile import compile_program
from sayso.core.engine.rulebook import CompiledProgram, Edition
from sayso.core.program.calendar import Calendar
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import voice_of
from sayso.core.program.review import check_program
from sayso.domains.rewards.in_words import reward_in_words, things_of
from sayso.domains.rewards.models import Reward

GIFTS = """
sayso: 1
program: gifts
title: Gifts
currency: EUR
rewards:
  pick:
    to: member
    on: review_written
    give:
      - {gift: Beans for a week, cost: 8 EUR}
      - choice: [{gift: A mug, cost: 5 EUR}, {gift: A spoon, cost: 5 EUR}, {credit: 5 EUR}]
"""
MUG, SPOON, BEANS = (f'["gift",null,{cost},null]' for cost in (500, 500, 800))


@pytest.fixture(scope="module")
def program() -> CompiledProgram:
    """The program of gifts."""
    parsed = check_program(GIFTS)
    assert parsed.document is not None
    return compile_program(parsed.document, parsed.conditions, Calendar("UTC"), Edition())


def test_gifts_of_one_kind_and_cost_have_each_their_own_words(program: CompiledProgram) -> None:
    reward = Reward(clause="pick", items=f"[{BEANS}]", options=f'[{MUG},{SPOON},["credit",500,500,null]]')
    told = reward_in_words(reward, program, voice_of("en"))
    assert told.given == "the gift “Beans for a week”"
    assert told.offered == "a mug, a spoon or €5 credit"
    things = things_of(reward, Reader(voice_of("en"), program.document))
    assert [each.amount for each in (*things.given, *things.offered)] == ["Beans for a week", "A mug", "A spoon", "€5"]


def test_a_clause_that_is_gone_leaves_the_kind(program: CompiledProgram) -> None:
    told = reward_in_words(Reward(clause="staff", items=f"[{MUG}]"), program, voice_of("en"))
    assert (told.given, told.offered) == ("Gift", "")
