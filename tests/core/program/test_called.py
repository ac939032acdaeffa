"""What people read where a document gives its clauses and steps no name, and that the review says so."""

from __future__ import annotations

import pytest

from sayso.core.program.explain.called import clause_called, earning_called, step_called
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.review import check_program
from tests.core.documents import faultless

NAMELESS = """
sayso: 1
program: pedal
title: {en: Pedal, es: Pedal}
currency: EUR
points: {unit: spokes, earn: {shopping: {on: purchase, give: 1 per 1 EUR}}}
tiers: {by: points_earned within 12 months, levels: {bronze: 0, gold: 500}}
badges: {regular: {name: {en: Regular, es: Habitual}, on: review}}
referral: {window: 30d, steps: {came: {on: signup}, purchased: {on: purchase}}, success: purchased}
rewards:
  welcome: {to: friend, at: came, give: {coupon: 15 EUR, minimum_order: 50 EUR, expires: 60d}}
  thanks: {to: advocate, at: purchased, by_count: {1: {credit: 10 EUR}, 3: {badge: regular}}}
"""
NAMES = (
    "names: {welcome: {en: Hello, es: Hola}, thanks: {en: Thanks, es: Gracias}, came: {en: In, es: Dentro},"
    " purchased: {en: Paid, es: Pagado}, shopping: {en: Shopping, es: Compras}}\n"
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["“a coupon worth €15”", "“€10 credit or the Regular badge”", "“sign-up”", "“purchase”", "1 point"]),
        ("es", ["«un cupón de 15 €»", "«10 € de saldo o la insignia Habitual»", "«registro»", "«compra»", "1 punto"]),
        ("it", [
            "«un buono da 15 €»", "«10 € di credito o il distintivo Regular»", "«registrazione»",
            "«acquisto»", "1 punto",
        ]),
        ("nl", [
            "‘een kortingsbon van € 15’", "‘€ 10 tegoed of de badge Regular’", "‘aanmelding’", "‘aankoop’", "1 punt",
        ]),
    ],
)  # fmt: skip
def test_what_has_no_name_is_called_by_what_people_know_of_it(language: Language, said: list[str]) -> None:
    document = faultless(NAMELESS).document
    assert document is not None
    reader = Reader(voice_of(language), document)
    told = [
        clause_called("welcome", reader),
        clause_called("thanks", reader),
        step_called("came", reader),
        earning_called("shopping", reader),
        amount_of_points(1, document, reader.voice),
    ]
    assert [each.replace("\u00a0", " ") for each in told] == said


def test_a_name_that_the_document_gives_goes_before_ours() -> None:
    document = faultless(NAMELESS + NAMES).document
    assert document is not None
    reader = Reader(voice_of("es"), document)
    assert (clause_called("welcome", reader), step_called("purchased", reader)) == ("«Hola»", "«Pagado»")
    assert amount_of_points(2, document, reader.voice) == "2 spokes"


def notes(text: str) -> dict[str, str]:
    return {each.path: each.message for each in check_program(text).problems if "No name in" in each.message}


def test_what_has_no_name_is_noted_once_for_each_kind() -> None:
    no_name = "No name in English and Spanish:"
    assert notes(NAMELESS) == {
        "points.unit": f"{no_name} the points. People read “spokes”.",
        "tiers.levels": f"{no_name} levels bronze and gold. People read “Bronze”, and so on.",
        "referral.steps": f"{no_name} steps came and purchased. People read what happens there.",
        "rewards": f"{no_name} clauses welcome and thanks. People read what is given.",
        "points.earn": f"{no_name} clause shopping. People read of the event.",
    }


def test_what_has_a_name_or_speaks_no_language_is_not_noted() -> None:
    named = NAMELESS.replace("unit: spokes", "unit: stars").replace(
        "gold: 500}", "gold: 500}, names: {bronze: {en: Bronze, es: Bronce}, gold: {en: Gold, es: Oro}}"
    )
    assert notes(named + NAMES) == {}
    plain = NAMELESS.replace("{en: Pedal, es: Pedal}", "Pedal").replace("{en: Regular, es: Habitual}", "Regular")
    assert notes(plain) == {}
