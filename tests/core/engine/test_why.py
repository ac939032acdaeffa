"""Every reason can be told: to the staff with clause, fact, value and what is missing; to the member nothing unsafe."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from string import Formatter
from typing import Any

import pytest

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import SPAN, Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import CompiledProgram, Edition, Rulebook
from sayso.core.engine.why import Silence, UnknownClause, render, tell
from sayso.core.engine.why.clauses import place_of
from sayso.core.engine.why.phrases import PHRASES
from sayso.core.program.calendar import HOUR
from sayso.core.program.explain.condition_words import condition_in_words
from sayso.core.program.explain.phrases import PHRASES as TERMS
from tests.core.engine.history import CALENDAR, DAY, SHOP, START, compiled, published
from tests.core.engine.questions import LANGUAGES, asked, friends

BADGES = """
sayso: 1
program: regulars
title: {en: Regulars, es: Habituales, it: Abituali, nl: Vaste klanten}
currency: EUR
attributes: {risk: whole}
facts:
  orders_90d: {count: purchase, within: 90d}
  spent_ever: {sum: purchase.amount}
people:
  groups:
    trusted: member.risk <= 3
badges:
  regular:
    name: {en: Regular, es: Habitual, it: Abituale, nl: Vaste klant}
    on: purchase
    if: member.orders_90d >= 5
  spender: {on: purchase, if: member.spent_ever > 100}
  tagged: {on: purchase, if: '"vip" in member.tags'}
  distant: {on: purchase, if: member.country != "ES"}
  unrisky: {on: purchase, if: member.risk <= 3}
  reviewer: {on: review_written}
points:
  unit: stars
  earn:
    quick: {on: purchase, for: trusted, give: 5}
    twice: {on: survey_answered, give: 10, limit: 2 per month}
    capped: {on: survey_answered, give: 30, cap: 40 per month}
"""


def regulars(*events: Arrival) -> MemoryStore:
    """The program of badges over some events."""
    store = MemoryStore(Rulebook([compiled(BADGES)], CALENDAR))
    store.receive([published(BADGES), *events])
    return store


def purchases(count: int, member: str = "900") -> list[Arrival]:
    """So many purchases of 10 EUR, a day apart."""
    return [Arrival(SHOP, f"b-{n}", "purchase", member, START + n * DAY, 1000, "EUR") for n in range(count)]


# --- why did 900 not get the badge? ---------------------------------------------------------------------------------

EXPECTED = {
    "en": "900 did not get the “Regular” badge. What counts is the number of purchases in the last 90 days: it was 3, "
    "and at least 5 is needed (2 short). It says so at badges.regular, in version 1 of “Regulars”.",
    "es": "900 no obtuvo la insignia «Habitual». Lo que cuenta es el número de compras en los últimos 90 días: era 3, "
    "y hace falta al menos 5 (faltan 2). Lo dice badges.regular, en la versión 1 de «Habituales».",
    "it": "900 non ha ottenuto il distintivo «Abituale». Ciò che conta è il numero di acquisti negli ultimi 90 giorni: "
    "era 3, e serve almeno 5 (mancano 2). Lo dice badges.regular, nella versione 1 di «Abituali».",
    "nl": "900 kreeg de badge ‘Vaste klant’ niet. Het gaat om het aantal aankopen in de afgelopen 90 dagen: dat was 3, "
    "en nodig is minstens 5 (2 te weinig). Dat staat bij badges.regular, in versie 1 van ‘Vaste klanten’.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_did_900_not_get_the_badge(language: str) -> None:
    (told,) = asked(regulars(*purchases(4)), "900", "badges.regular", language)
    assert told.as_text() == EXPECTED[language]
    assert (told.verdict, told.path, told.version) == (Verdict.CONDITION, "badges.regular", 1)
    assert "3" in told.seen
    assert "5" in told.needed
    assert "2" in told.missing
    assert told.fact


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_member_hears_the_same_as_you(language: str) -> None:
    (told,) = asked(regulars(*purchases(4)), "900", "regular", language, "member")
    assert (told.seen, bool(told.missing)) == ("3", True)
    assert "900" not in told.as_text()


def test_with_enough_purchases_it_is_given_and_then_had() -> None:
    (told,) = asked(regulars(*purchases(6)), "900", "regular")
    assert told.sentences[0] == "900 got the “Regular” badge."
    (told,) = asked(regulars(*purchases(7)), "900", "regular")
    assert told.verdict is Verdict.HAS_BADGE


def test_money_is_told_with_its_currency() -> None:
    (told,) = asked(regulars(*purchases(4)), "900", "spender")
    assert (told.seen, told.needed) == ("€30", "more than €100")


def test_what_is_unknown_is_named() -> None:
    (told,) = asked(regulars(*purchases(1)), "900", "distant")
    assert "the country: we do not know it" in told.as_text()


@pytest.mark.parametrize("clause", ["tagged", "unrisky"])
def test_what_we_think_of_a_member_is_ours(clause: str) -> None:
    store = regulars(*purchases(1))
    (staff,) = asked(store, "900", clause)
    (member,) = asked(store, "900", clause, audience="member")
    assert staff.fact
    assert (member.fact, member.seen, member.needed) == ("", "", "")
    assert "A condition of the terms was not met." in member.as_text()


def test_the_group_is_explained_to_the_staff_alone() -> None:
    store = regulars(*purchases(1))
    (staff,) = asked(store, "900", "quick")
    (member,) = asked(store, "900", "quick", audience="member")
    assert "trusted" in staff.as_text()
    assert "risk" in staff.as_text()
    assert not {"trusted", "risk"} & set(member.as_text().replace("“", " ").replace("”", " ").split())


def test_what_the_document_calls_its_clauses_and_groups_stands_in_the_answer() -> None:
    text = BADGES + "names: {quick: {en: quick shopping, es: compra rápida}, trusted: {en: the trusted, es: de fiar}}\n"
    store = MemoryStore(Rulebook([compiled(text)], CALENDAR))
    store.receive([published(text), *purchases(1)])
    (english,) = asked(store, "900", "quick")
    assert english.as_text().startswith(
        "900 did not get stars for “quick shopping”. 900 is not in the group “the trusted”."
    )
    (spanish,) = asked(store, "900", "quick", "es")
    assert "«compra rápida»" in spanish.as_text()
    assert "«de fiar»" in spanish.as_text()


def test_limits_and_caps_say_what_the_terms_allow() -> None:
    surveys = [Arrival(SHOP, f"s-{n}", "survey_answered", "Ada", START + n * HOUR) for n in range(3)]
    store = regulars(*surveys)
    (limited,) = asked(store, "Ada", "twice")
    assert "The limit was reached; so far it was 2. It is given at most twice a month." in limited.as_text()
    (capped,) = asked(regulars(*surveys[:2]), "Ada", "capped")
    assert capped.as_text().startswith("Ada got 10 stars. The cap shortened it.")


# --- questions about what did not happen ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clause_that_heard_nothing_says_what_it_listens_to(language: str) -> None:
    (told,) = asked(regulars(*purchases(1)), "900", "badges.reviewer", language)
    assert told.verdict is None
    if language == "en":
        assert told.as_text() == "Nothing has happened yet that the “Reviewer” badge listens to: a review."


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_came_before_the_program_held_is_told_so(language: str) -> None:
    later = compiled(BADGES, Edition(valid_from=START + 9 * DAY, position=1))
    store = MemoryStore(Rulebook([later], CALENDAR))
    store.receive([published(BADGES, at=START), *purchases(2)])
    (told,) = asked(store, "900", "badges.regular", language)
    assert told.verdict is None
    if language == "en":
        assert told.as_text() == (
            "The “Regular” badge: what came before the program held counts and earns nothing; the latest was on "
            "3 January 2027: a purchase."
        )
    (reviewer,) = asked(store, "900", "badges.reviewer", language)
    assert reviewer.as_text() != told.as_text()


def test_without_a_clause_every_clause_answers_the_newest_first() -> None:
    told = asked(regulars(*purchases(3)), "900", None)
    assert {each.path for each in told} >= {"badges.regular", "badges.spender", "points.earn.quick"}


def test_a_member_of_whom_nothing_is_known_hears_what_every_clause_listens_to() -> None:
    store = regulars(Arrival(SHOP, "u", "member_updated", "Ben", START, props={"language": "nl"}))
    told = asked(store, "Ben", None)
    assert told
    assert all(each.verdict is None for each in told)


def test_a_clause_that_nobody_wrote_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownClause) as caught:
        asked(regulars(*purchases(1)), "900", "regulr")
    assert caught.value.instead == "badges.regular"


# --- every verdict --------------------------------------------------------------------------------------------------

SEEN = [None, 0, 3, 7 * SPAN, "purchased", "approved"]
OURS = ("", "refund", "points", "points.expire", "points.remind", "member", "reward_approved")
PLACES = (
    "rewards.thanks", "rewards.ambassador", "rewards.staff", "staff_grants", "points.earn.survey", "badges.ambassador",
    "referral", "referral.steps.purchased", "people.advocates", "tiers", "guard.same_person", "guard.speed",
)  # fmt: skip


def every_reason(verdict: Verdict) -> Iterator[tuple[Reason, CompiledProgram | None]]:
    """Reasons with a verdict at every kind of place, about member 900, each with one thing that may be seen."""
    program = friends()
    for number, path in enumerate(PLACES):
        yield Reason(program.name, 1, path, verdict, -1, SEEN[(number + verdict) % len(SEEN)], 900), program
    for number, path in enumerate(OURS):
        yield Reason("", 0, path, verdict, -1, SEEN[(number + verdict) % len(SEEN)], 900), None


UNSAFE = {
    "en": ("guard", "budget", "device", "e-mail"),
    "es": ("control", "presupuesto", "dispositivo", "correo"),
    "it": ("controllo", "budget", "dispositivo", "mail"),
    "nl": ("controle", "budget", "apparaat", "mail"),
}


@pytest.mark.parametrize("audience", ["staff", "member"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_words_and_members_read_nothing_of_others_the_guard_or_the_budget(
    language: Any, audience: Any
) -> None:
    for verdict in Verdict:
        for reason, program in every_reason(verdict):
            told = render(reason, program, language=language, audience=audience, names="SOMEBODY {}".format)
            assert told.sentences or verdict is Verdict.MET, reason
            assert all((text[0].isupper() or not text[0].isalpha()) and text[-1] == "." for text in told.sentences)
            text = told.as_text()
            assert "{" not in text
            if audience == "member":
                assert "SOMEBODY" not in text
                waits = verdict is Verdict.NOT_OPEN  # a reward of theirs may be said to wait
                assert waits or not [word for word in UNSAFE[language] if word in text.lower()], told


OF_NAMES = "sayso: 1\nprogram: names\ntitle: Names\ncurrency: EUR\n"
GIFT = "to: member, on: purchase, give: {credit: 1 EUR}"
# Every name that some phrase has and that a document may give to something of its own.
NAMES_OF_PHRASES = sorted(
    {part for key in (*PHRASES["en"], *TERMS["en"]) for part in key.split(".") if re.fullmatch("[a-z][a-z_]*", part)}
)


@cache
def _named_as_phrases() -> CompiledProgram:
    return compiled(OF_NAMES + "rewards:\n" + "".join(f"  {name}: {{{GIFT}}}\n" for name in NAMES_OF_PHRASES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clause_may_be_named_as_any_phrase_is(language: Any) -> None:
    program = _named_as_phrases()
    assert {"review", "block", "allow", "referrals", "speed"} <= set(NAMES_OF_PHRASES)
    verdicts = cycle((Verdict.CONDITION, Verdict.GUARD_REVIEW, Verdict.WAITS_FOR_STEP))
    for name in NAMES_OF_PHRASES:
        for path in (f"rewards.{name}", f"badges.{name}", f"referral.steps.{name}", f"points.earn.{name}"):
            for verdict in (Verdict.GUARD_BLOCKED, next(verdicts)):
                reason = Reason(program.name, 1, path, verdict, -1, name, 900)
                told = render(reason, program, language=language, audience="staff", names=str).as_text()
                assert "{" not in told
                assert verdict is not Verdict.GUARD_BLOCKED or name.replace("_", " ") in told, (path, told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_attribute_or_a_fact_may_be_named_as_any_phrase_that_speaks_of_terms(language: Any) -> None:
    for name in ("attribute", "count", "days_since", "event", "of", "sum"):
        for own in (f"attributes: {{{name}: whole}}", f"facts: {{{name}: {{count: purchase}}}}"):
            program = compiled(f"{OF_NAMES}{own}\nrewards: {{gift: {{if: member.{name} + 1 > 3, {GIFT}}}}}\n")
            tree = program.rules["rewards.gift.if"].condition.tree
            assert "{" not in condition_in_words(tree, program.document, language=language)


def test_the_languages_have_the_same_phrases_with_the_same_places() -> None:
    def places(phrase: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(phrase) if name}

    for language in LANGUAGES:
        assert PHRASES[language].keys() == PHRASES["en"].keys()
        for key, phrase in PHRASES[language].items():
            assert places(phrase) == places(PHRASES["en"][key]), (language, key)


def test_every_verdict_has_a_phrase_for_the_staff_and_one_for_the_member() -> None:
    known = PHRASES["en"].keys()
    for verdict in Verdict:
        assert verdict is Verdict.MET or {f"{verdict.name.lower()}.{who}" for who in ("staff", "member")} <= known


def test_places_know_whom_they_are_about() -> None:
    document = friends().document
    assert place_of("rewards.thanks", document).subject == "advocate"
    assert place_of("rewards.welcome", document).subject == "friend"
    assert place_of("people.advocates", document).subject == "advocate"
    assert place_of("referral.steps.purchased", document).kind == "step"
    assert place_of("rewards.staff", document).kind == "grant"


def test_silence_is_told_for_a_clause_without_an_event_of_its_own() -> None:
    told = tell(Silence(friends(), "tiers", None), language="en", audience="member", names=str)
    assert told.as_text() == "Nothing has happened yet."
