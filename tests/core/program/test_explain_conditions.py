"""Conditions in words: what was asked of whom, in each language; single leaves and the values they saw, for "why"."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sayso.core.program.calendar import moment_of
from sayso.core.program.conditions import parse_condition
from sayso.core.program.document import Document
from sayso.core.program.explain.condition_words import (
    condition_in_words,
    leaf_in_words,
    missing_in_words,
    name_in_words,
    value_in_words,
)
from sayso.core.program.explain.voice import Language
from sayso.core.program.tree import All, AnyOf, Flag, Name, Node, Type, leaves
from sayso.core.program.vocabulary import vocabulary_of

DOCUMENT = Document.model_validate(
    {
        "sayso": 1,
        "program": "bring-a-friend",
        "title": "Bring a friend",
        "currency": "EUR",
        "attributes": {"seats": "whole", "vip": "bool", "born": "date"},
        "facts": {
            "orders_90d": {"count": "purchase", "within": "90d"},
            "orders": {"count": "purchase"},
            "tastings": {"count": "tasting_done", "within": "1 month"},
            "spent_year": {"sum": "purchase.amount", "within": "12 months"},
            "refunded": {"sum": "card_activated.amount"},
        },
        "referral": {"steps": {"signed_up": {"on": "signup"}}, "success": "signed_up"},
        "points": {"unit": "stars"},
        "tiers": {"by": "spent", "levels": {"bronze": 0, "gold": 10}, "names": {"gold": {"es": "Oro", "en": "Gold"}}},
    }
)
VOCABULARY = vocabulary_of(DOCUMENT)


def tree(text: str) -> Node:
    return parse_condition(text, VOCABULARY).tree


def said(text: str, language: Language = "en", subject: str = "member") -> str:
    return condition_in_words(tree(text), DOCUMENT, language=language, subject=subject)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("member.orders_90d >= 1", "the member bought at least once in the last 90 days"),
        ("member.orders_90d > 2", "the member made at least 3 purchases in the last 90 days"),
        ("member.orders_90d < 3", "the member made at most 2 purchases in the last 90 days"),
        ("member.orders_90d == 0", "the member bought nothing in the last 90 days"),
        ("member.orders == 0", "the member bought nothing before"),
        ("member.orders == 1", "the member made exactly 1 purchase"),
        ("2 <= member.orders", "the member made at least 2 purchases"),
        ("member.tastings >= 2", "the member had at least 2 events “tasting done” in the last month"),
        ("member.spent_year >= 250", "the member spent €250 or more in the last 12 months"),
        ("member.refunded > 2.5", "the member reached more than €2.50 in card activations"),
        ('"staff" not in member.tags', "the member is not tagged “staff”"),
        ("friend.is_new", "the friend is new here"),
        ("not friend.is_new", "the friend is not new here"),
        ("advocate.vip", "the advocate is marked “vip”"),
        ("member.seats >= 5", "the member has at least 5 as “seats”"),
        ("member.seats != 5", "the member does not have 5 as “seats”"),
        ('member.tier == "gold"', "the member is at the tier Gold"),
        ('member.tier not in ("gold", "bronze")', "the member is not at the tier Gold or Bronze"),
        ("member.points >= 1", "the member has at least 1 star"),
        ("member.score >= 80", "the member has a score of 80 or more"),
        ("member.last_score >= 9", "the member last rated us 9 or more"),
        ("member.friends_joined >= 1", "the member has already brought a friend"),
        ("member.friends_joined < 1", "the member has not brought a friend yet"),
        ("member.friends_joined >= 3", "the member has brought at least 3 friends"),
        ('member.country in ("ES", "NL")', "the member lives in Spain or the Netherlands"),
        ('member.language != "it"', "the member does not speak Italian"),
        ("days_since(member.joined) >= 30", "the member joined at least 30 days ago"),
        ("days_since(member.last_purchase) < 15", "the member made the last purchase at most 14 days ago"),
        ('member.joined < "2027-01-08"', "the member joined before 8 January 2027"),
        ('member.born >= "2000-01-01"', "“born” lies on 1 January 2000 or later"),
        ("event.amount >= 20", "the amount is at least €20"),
        ('event.channel == "app"', "the channel is “app”"),
        ("event.gift_wrapped", "“gift wrapped” holds"),
        ('program.name != "spring"', "the program is not “spring”"),
        (
            "days_since(referral.signed_up) <= 7",
            "the days since the day of the step “signed up” is at most 7",
        ),
        (
            "member.orders > friend.orders * 2",
            "the number of purchases is more than the number of purchases (the friend) times 2",
        ),
    ],
)
def test_every_kind_of_leaf_has_words(text: str, words: str) -> None:
    assert said(text) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "el amigo es nuevo aquí y no ha comprado nada hasta ahora y el importe es como mínimo 20\u00a0€"),
        ("it", "l’amico è nuovo da noi e finora non ha acquistato nulla e l’importo è almeno 20\u00a0€"),
        ("nl", "de vriend nieuw bij ons is en tot nu toe niets heeft gekocht en het bedrag minstens €\u00a020 is"),
    ],
)
def test_parts_about_one_person_name_them_once(language: Language, words: str) -> None:
    assert said("friend.is_new and friend.orders == 0 and event.amount >= 20", language) == words


def test_either_and_both_keep_mixed_conditions_readable() -> None:
    assert said("member.vip and (member.orders >= 1 or member.seats >= 5)") == (
        "the member is marked “vip” and either bought at least once or has at least 5 as “seats”"
    )
    assert said("member.vip or member.orders >= 1 and member.seats >= 5") == (
        "the member is marked “vip” or both bought at least once and has at least 5 as “seats”"
    )


def test_the_member_is_whoever_the_clause_is_for() -> None:
    assert said("member.is_new", subject="advocate") == "the advocate is new here"


def test_a_tree_made_by_hand_reads_like_one_that_was_parsed() -> None:
    new, vip = Flag(Name("friend", "is_new", "bool"), True), Flag(Name("member", "vip", "bool"), False)
    words = condition_in_words(AnyOf((All((new, vip)), vip)), DOCUMENT, language="en")
    assert words == "the friend is new here and the member is not marked “vip” or the member is not marked “vip”"


def test_why_says_the_leaf_the_value_and_what_is_missing() -> None:
    leaf = list(leaves(tree('"staff" not in member.tags and member.orders_90d >= 3')))[1]
    told = {
        language: (
            leaf_in_words(leaf, DOCUMENT, language=language),
            value_in_words(1, "whole", language=language, currency="EUR"),
            missing_in_words(leaf, 1, language=language, currency="EUR"),
        )
        for language in ("en", "es", "it", "nl")
    }
    assert told == {
        "en": ("the member made at least 3 purchases in the last 90 days", "1", "2 short"),
        "es": ("el miembro ha hecho al menos 3 compras en los últimos 90 días", "1", "faltan 2"),
        "it": ("il membro ha fatto almeno 3 acquisti negli ultimi 90 giorni", "1", "mancano 2"),
        "nl": ("het lid in de afgelopen 90 dagen minstens 3 aankopen heeft gedaan", "1", "2 te weinig"),
    }


@pytest.mark.parametrize(
    ("language", "one", "one_euro"), [("es", "falta 1", "falta 1\u00a0€"), ("it", "manca 1", "manca 1\u00a0€")]
)
def test_one_that_is_missing_is_not_told_as_many(language: Language, one: str, one_euro: str) -> None:
    orders, amount = (next(leaves(tree(text))) for text in ("member.orders >= 3", "event.amount >= 20"))
    assert missing_in_words(orders, 2, language=language, currency="EUR") == one
    assert missing_in_words(amount, 1900, language=language, currency="EUR") == one_euro


def test_nothing_is_missing_where_nothing_can_be_counted() -> None:
    for text, seen in (("member.vip", False), ("member.orders <= 3", 5), ("member.orders >= 3", None)):
        assert missing_in_words(next(leaves(tree(text))), seen, language="en", currency="EUR") is None
    amount = next(leaves(tree("event.amount > 20")))
    assert missing_in_words(amount, 1750, language="en", currency="EUR") == "€2.51 short"


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, "whole", "unknown"),
        (True, "bool", "yes"),
        (1250, "money", "€12.50"),
        (12000, "whole", "12,000"),
        (Decimal("0.5"), "decimal", "0.5"),
        ("gold", "text", "“gold”"),
        (("staff", "vip"), "tags", "“staff” and “vip”"),
        ((), "tags", "none"),
        (date(2027, 3, 8).toordinal(), "date", "8 March 2027"),
        (moment_of(datetime(2027, 3, 8, 23, 30, tzinfo=UTC)), "moment", "9 March 2027, 00:30"),
    ],
)
def test_values_are_told_by_their_type(value: object, kind: Type, words: str) -> None:
    assert value_in_words(value, kind, language="en", currency="EUR", zone="Europe/Madrid") == words


def test_a_missing_fact_is_named() -> None:
    name = Name("friend", "orders_90d", "whole")
    assert name_in_words(name, DOCUMENT, language="en") == "the number of purchases in the last 90 days (the friend)"
    assert name_in_words(name, DOCUMENT, language="nl", subject="friend") == (
        "het aantal aankopen in de afgelopen 90 dagen"
    )
