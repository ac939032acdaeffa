"""Programs in plain sentences: every example as it is kept, and the four languages alike in what they can say."""

import re
from pathlib import Path
from string import Formatter

import pytest

from sayso.core.program.explain import Section, Sentence, explain
from sayso.core.program.explain.phrases import EVENTS, PHRASES, UNKNOWN_EVENT, Phrase
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.values import Duration, Limit, Money, Percent
from tests.core.documents import faultless
from tests.core.program.keep_explanations import EVERYTHING, KEPT, PROGRAMS, READERS, explained, kept

AGAIN = "run `python -m tests.core.program.keep_explanations` and read what changed"
OTHERS = [language for language in READERS if language != "en"]


@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_an_explanation_reads_as_it_is_kept_and_shows_no_bare_name_and_no_gap(
    program: Path, language: Language
) -> None:
    text = explained(program, language)
    assert text == kept(program, language).read_text(encoding="utf-8"), AGAIN
    assert not re.search(r"[a-z]_[a-z]|[{}]|None|\.\.| ,|  ", text)


def test_nothing_is_kept_of_a_program_that_is_gone() -> None:
    assert {path.name for path in KEPT.glob("*.txt")} == {kept(p, each).name for p in PROGRAMS for each in READERS}


def places(phrase: Phrase) -> set[str]:
    """The names of the places in a phrase, over all its plural forms."""
    forms = [phrase] if isinstance(phrase, str) else list(phrase.values())
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_phrases(language: Language) -> None:
    assert PHRASES[language].keys() == PHRASES["en"].keys()


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_has_the_same_places_in_every_language(language: Language) -> None:
    different = {
        key: (places(phrase), places(PHRASES[language][key]))
        for key, phrase in PHRASES["en"].items()
        if places(phrase) - {"n"} != places(PHRASES[language][key]) - {"n"}
    }
    assert not different


@pytest.mark.parametrize("language", READERS)
def test_every_phrase_with_plural_forms_has_the_general_one(language: Language) -> None:
    forms = {key: phrase for key, phrase in PHRASES[language].items() if not isinstance(phrase, str)}
    assert all("other" in phrase and len(places(phrase["other"])) for phrase in forms.values())


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_knows_the_same_events(language: Language) -> None:
    assert EVENTS[language].keys() == EVENTS["en"].keys()


@pytest.mark.parametrize("language", READERS)
def test_the_words_of_every_event_have_their_places(language: Language) -> None:
    for name, event in EVENTS[language].items():
        assert "{quantity}" in event.has, name
        assert "{amount}" in event.spends or not event.spends, name
        assert "{amount}" in event.spent or not event.spent, name
        assert "{money}" in event.per_money or not event.per_money, name
        assert bool(event.per_money) == bool(EVENTS["en"][name].per_money), name
    assert "{name}" in UNKNOWN_EVENT[language].does


@pytest.mark.parametrize(
    ("language", "amount", "half", "thousands", "share"),
    [
        ("en", "€20", "€2.50", "€5,000", "2.5%"),
        ("es", "20\u00a0€", "2,50\u00a0€", "5.000\u00a0€", "2,5\u00a0%"),
        ("it", "20\u00a0€", "2,50\u00a0€", "5.000\u00a0€", "2,5%"),
        ("nl", "€\u00a020", "€\u00a02,50", "€\u00a05.000", "2,5%"),
    ],
)
def test_amounts_and_shares_are_written_the_readers_way(
    language: Language, amount: str, half: str, thousands: str, share: str
) -> None:
    voice = voice_of(language)
    assert [voice.minor(minor, "EUR") for minor in (2000, 250, 500_000)] == [amount, half, thousands]
    assert voice.share(Percent(250)) == share
    assert voice.money(Money(500, "JPY")).replace("\u00a0", "") in ("¥500", "500JPY", "JP¥500", "500¥")


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(1), "once only"),
        (Limit(2, "month"), "at most twice a month"),
        (Limit(10, "quarter"), "at most ten times a quarter"),
        (Limit(40, Duration(days=90)), "at most 40 times in any 90 days"),
        (Limit(3), "at most three times in all"),
    ],
)
def test_limits_are_said_as_people_say_them(limit: Limit, words: str) -> None:
    assert voice_of("en").limit(limit) == words


def test_ordinals_beyond_the_spelled_ones_are_written_in_digits() -> None:
    assert [voice_of("en").ordinal(n) for n in (2, 5, 11, 12, 21, 22, 23, 100)] == [
        "second", "fifth", "11th", "12th", "21st", "22nd", "23rd", "100th",
    ]  # fmt: skip
    assert [voice_of(language).ordinal(12) for language in OTHERS] == ["12.ª", "12ª", "12e"]


def test_spanish_keeps_its_sounds_apart_and_joins_its_articles() -> None:
    voice = voice_of("es")
    assert voice.all_of(["Francia", "Italia"]) == "Francia e Italia"
    assert voice.all_of(["agua", "hielo"]) == "agua y hielo"
    assert voice.one_of(["7 €", "8 €"]) == "7 € u 8 €"
    assert voice.say("ask.after", wait="30 días", event="el alta") == "30 días después del alta"


def test_sentences_of_one_place_stand_together() -> None:
    section = Section("x", "X", (Sentence("One.", "a"), Sentence("Two.", "a"), Sentence("Three.", "b")))
    assert section.paragraphs() == ["One. Two.", "Three."]


def test_every_part_of_the_program_that_uses_everything_is_told() -> None:
    text = explained(EVERYTHING, "en")
    told = ["people at home", "spring", "hosts", "10% cashback", "300 beans from friend number 3 on"]
    assert [word for word in told if word not in text] == []


NAMED = """
sayso: 1
program: named
title: Named
currency: EUR
attributes: {size: whole, vip_since: date}
people:
  groups:
    inner_circle: '"early bird" in member.tags and member.size >= 3'
    left_alone: '"late_bird" in member.tags'
points:
  unit: drops
  name: {en: {one: drop, other: drops}, es: {one: gota, other: gotas}, nl: druppels}
  earn:
    first: {on: pouring, give: 1}
    more: {on: pouring, give: 2, for: inner_circle}
names:
  size: {en: people at home, es: personas en casa}
  inner_circle: {en: the inner circle, es: círculo íntimo}
  early bird: {en: early riser, es: madrugador}
  pouring: {en: coffee poured, es: café servido}
"""


def test_what_things_are_called_stands_in_the_reader_s_language() -> None:
    parsed = faultless(NAMED)
    assert parsed.document is not None
    texts = {each: explain(parsed.document, parsed.conditions, language=each).as_text() for each in READERS}
    assert "is tagged “early riser”" in texts["en"]
    assert "belongs to the group “the inner circle”" in texts["en"]
    assert "al menos 3 como «personas en casa»" in texts["es"]
    assert "Al grupo «círculo íntimo» pertenece quien tiene la etiqueta «madrugador»" in texts["es"]
    assert "«café servido»" in texts["es"]
    assert "‘the inner circle’" in texts["nl"]
    assert "“late bird”" in texts["en"]
    assert "“left alone”" in texts["en"]
    assert "“vip since”" in texts["en"]


def test_points_are_singular_and_plural_where_the_document_knows_both() -> None:
    parsed = faultless(NAMED)
    assert parsed.document is not None
    for language, one, two in (("en", "1 drop", "2 drops"), ("es", "1 gota", "2 gotas"), ("nl", "1 punt", "2 dr")):
        text = explain(parsed.document, parsed.conditions, language=language).as_text()  # type: ignore[arg-type]
        assert one in text
        assert two in text
    assert "Our points are called drops." in explain(parsed.document, parsed.conditions, language="en").as_text()
