"""What there is to gain, said to the advocate, and things said to whoever has them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from sayso.core.program.document import GIFT_KINDS, Choice, Gift
from sayso.core.program.explain import explain
from sayso.core.program.explain.offers import offers_in, terms_for_members
from sayso.core.program.explain.recommending import offers_in_words
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.things import thing_in_words
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.scalars import LANGUAGES
from tests.core.documents import BRING_A_FRIEND, EXAMPLES, reviewed


def read(text: str) -> tuple[Reader, dict[str, str]]:
    found = reviewed(text)
    assert found.document is not None
    reader = Reader(voice_of("en"), found.document)
    offers = offers_in_words(found.document, found.conditions, language="en")
    return reader, {each.name: each.sentence for each in offers}


def test_the_offer_is_said_to_the_advocate() -> None:
    _, said = read(BRING_A_FRIEND)
    assert said["welcome"] == (
        "When your friend signs up, they get a coupon worth €10 (for orders of €30 or more, valid for 60 days)."
    )
    assert said["thanks"] == (
        "When your friend spends €20 or more within 60 days, you get your choice of a gift card worth €20, a donation "
        "of €25 to a good cause or 2,500 stars, 14 days later, at most ten times a quarter."
    )
    assert said["ambassador"].startswith("For every fifth friend of yours who spends €20 or more")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_offer_tells_what_it_costs_the_company(path: Path, language: Language) -> None:
    found = reviewed(path.read_text(encoding="utf-8"))
    assert found.document is not None
    cost = voice_of(language).say("detail.cost", amount="").strip()
    for offer in offers_in_words(found.document, found.conditions, language=language):
        assert cost not in offer.sentence


def test_when_a_reward_comes_is_said_briefly() -> None:
    found = reviewed(BRING_A_FRIEND)
    assert found.document is not None
    _, thanks, ambassador = offers_in_words(found.document, found.conditions, language="en")
    brief = "It counts when your friend spends €20 or more within 60 days."
    assert (thanks.brief, ambassador.brief) == (f"{brief} Your reward arrives 14 days after that.", brief)


def test_a_choice_is_told_as_one_and_no_option_as_the_reward() -> None:
    found = reviewed(BRING_A_FRIEND)
    assert found.document is not None
    welcome, thanks, ambassador = offers_in_words(found.document, found.conditions, language="en")
    assert (welcome.short, welcome.condition, welcome.options) == ("€10", "for orders of €30 or more", ())
    assert welcome.certain
    assert (thanks.short, thanks.certain) == ("", True)
    assert thanks.options == (("Gift card", "€20", ""), ("Donation", "€25", ""), ("", "2,500 stars", ""))
    assert (ambassador.counted, ambassador.certain) == (True, False)


def test_what_is_for_a_group_is_offered_to_the_group() -> None:
    text = BRING_A_FRIEND.replace("    hold: 14d ", "    for: inner_circle\n    hold: 14d ")
    found = reviewed(text)
    assert found.document is not None
    for groups, names in (((), ["welcome", "ambassador"]), (["inner_circle"], ["welcome", "thanks", "ambassador"])):
        offers = offers_in_words(found.document, found.conditions, language="en", groups=groups)
        assert [each.name for each in offers] == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_thing_has_words(language: Language) -> None:
    found = reviewed(BRING_A_FRIEND)
    assert found.document is not None
    reader = Reader(voice_of(language), found.document)
    for kind in GIFT_KINDS:
        value = "ambassador" if kind == "badge" else 5
        gift = Gift.model_validate({kind: "a mug"}) if kind in ("gift", "service", "rate", "invitation") else None
        thing = thing_in_words(kind, None if gift else value, gift, reader)
        assert thing.label
        assert thing.text
        assert not gift or thing.amount == "a mug"


def test_an_option_is_said_as_its_document_writes_it() -> None:
    reader, _ = read(BRING_A_FRIEND)
    (choice,) = reader.document.rewards["thanks"].give or ()
    assert isinstance(choice, Choice)
    things = [
        thing_in_words(gift.kind, value, gift, reader)
        for gift, value in zip(choice.choice, (2000, 2500, 2500), strict=True)
    ]
    assert [(each.label, each.amount, each.text) for each in things] == [
        ("Gift card", "€20", "a gift card worth €20"),
        ("Donation", "€25", "a donation of €25 to a good cause"),
        ("Stars", "2,500", "2,500 stars"),
    ]


def test_the_terms_promise_no_reminder_that_nobody_sends() -> None:
    found = reviewed(BRING_A_FRIEND)
    assert found.document is not None
    assert found.document.points is not None
    assert found.document.points.expire is not None
    assert found.document.points.expire.remind
    terms = terms_for_members(found.document, found.conditions, language="en")
    said = " ".join(each.text for section in terms.sections for each in section.sentences)
    assert "expire" in said
    assert "remind" not in said


BUDGET = "{amount: 5000 EUR, per: quarter, when_spent: wait}"
WAITS = "wait for the next quarter, the oldest first; whatever is still waiting after two quarters lapses."


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (BUDGET, WAITS),
        ("{amount: 5000 EUR, per: quarter, when_spent: stop}", "no more rewards are given until the next quarter."),
        ("{amount: 5000 EUR, when_spent: wait}", "no more rewards are given."),  # there is no next period
    ],
)
def test_the_terms_say_what_becomes_of_a_reward_without_budget_and_not_how_much_there_is(
    budget: str, said: str
) -> None:
    """What waits for budget may lapse (SEMANTICS 29): whoever it was promised to is told before."""
    found = reviewed(BRING_A_FRIEND.replace(BUDGET, budget))
    assert found.document is not None
    whole = explain(found.document, found.conditions, language="en")
    assert said in " ".join(each.text for section in whole.sections for each in section.sentences)
    for language in get_args(Language):
        terms = terms_for_members(found.document, found.conditions, language=language)
        (section,) = [each for each in terms.sections if each.key == "budget"]
        text = " ".join(each.text for each in section.sentences)
        assert "000" not in text
        assert said in text or language != "en"


BANK = EXAMPLES[0].with_name("bank.yaml").read_text(encoding="utf-8")
STEPS = {
    "en": "deposits €100 or more within 30 days and activates the card within 60 days of that",
    "es": "ingresa 100 € o más en un plazo de 30 días y activa la tarjeta a más tardar 60 días después",
    "it": "versa almeno 100 € entro 30 giorni e attiva la carta al più tardi 60 giorni dopo",
    "nl": "€ 100 of meer stort binnen 30 dagen en de kaart activeert uiterlijk 60 dagen later",
}
LOOKED_AT = {
    "en": "A person on our side looks at it first.",
    "es": "Antes lo revisa una persona de nuestro equipo.",
    "it": "Prima lo controlla una persona del nostro team.",
    "nl": "Iemand van ons kijkt er eerst naar.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_step_on_the_way_to_a_reward_is_left_out_where_it_is_read_alone(language: Language) -> None:
    """A step in the middle counts too, whichever comes first, and each has its time (SEMANTICS 17)."""
    found = reviewed(BANK.replace("hold: 30d", "hold: 30d\n    review: true"))
    assert found.document is not None
    thanks = offers_in_words(found.document, found.conditions, language=language)[1]
    landing = offers_in(found.document, found.conditions, language=language)[1]
    for text in (thanks.sentence, thanks.brief, landing.sentence):
        assert STEPS[language] in text.replace("\u00a0", " ")
        assert LOOKED_AT[language] in text


def test_a_step_that_ends_before_the_last_one_asks_for_no_more_than_itself() -> None:
    _, said = read(BANK)
    assert "within 30 days, they get" in said[next(iter(said))]


BELONGS = {
    "en": "does not belong to “staff”",
    "es": "no pertenece a «",
    "it": "non fa parte di «",
    "nl": "niet bij ‘personeel’ hoort",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_members_are_not_told_how_the_company_marks_its_people(language: Language) -> None:
    found = reviewed(BRING_A_FRIEND)
    assert found.document is not None
    told = terms_for_members(found.document, found.conditions, language=language)
    assert BELONGS[language] in " ".join(each.text for section in told.sections for each in section.sentences)
    whole = explain(found.document, found.conditions, language=language)
    assert BELONGS[language] not in " ".join(each.text for section in whole.sections for each in section.sentences)
