"""What staff may give on their own word fits the program as a promised reward would."""

from typing import Any

import pytest

from sayso.core.program.review import check_program
from sayso.core.program.review_gift import gift_problems

PROGRAM = check_program("""
sayso: 1
program: voice
title: Voice
currency: EUR
budget: {amount: 500 EUR}
staff_grants: {limit: 50 EUR per month}
points: {unit: stars, value: 0.01 EUR}
rewards: {answered: {to: member, on: survey_answered, give: {credit: 5 EUR}}}
""")


@pytest.mark.parametrize(
    "give",
    [
        {"credit": "10 EUR"},
        {"points": 100},
        {"coupon": "5 EUR", "expires": "30d"},
        {"gift": {"en": "A mug"}, "cost": "4 EUR"},
    ],
)
def test_what_fits_has_no_problem(give: dict[str, Any]) -> None:
    assert gift_problems(PROGRAM, give) == []


@pytest.mark.parametrize(
    ("give", "path"),
    [
        ({"credit": "10 USD"}, "give.credit"),
        ({"credit": "0 EUR"}, "give.credit"),
        ({"credit": "600 EUR"}, "give.credit"),
        ({"cashback": "10%"}, "give.cashback"),
        ({"gift": {"en": "A mug"}}, "give.gift"),
        ({"credit": "1 EUR", "points": 1}, "give"),
        ({"gold": 1}, "give.gold"),
        ({}, "give"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(give: dict[str, Any], path: str) -> None:
    assert path in [each.path for each in gift_problems(PROGRAM, give)]


@pytest.mark.parametrize(
    ("give", "said", "instead"),
    [
        ({"choice": [{"credit": "5 EUR"}]}, "nothing to choose", "{credit: 10 EUR}"),
        ({"cupon": "5 EUR"}, "There is no cupon in a gift.", "coupon"),
        ({"credit": "9999999999999 EUR"}, "at most twelve digits", "{credit: 10 EUR}"),
        ({"credit": "3,00 EUR"}, "is not an amount.", "3.00 EUR"),
        ({"contest_entry": []}, "[] has no place here.", "{credit: 10 EUR}"),
        ({"credit": "1 EUR", "points": 1}, "A gift is of one kind", "one of"),
    ],
)
def test_what_does_not_fit_is_told_in_words_of_ours(give: dict[str, Any], said: str, instead: str) -> None:
    (problem,) = gift_problems(PROGRAM, give)
    assert said in problem.message
    assert problem.instead.startswith(instead)
