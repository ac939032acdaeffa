"""Why about recommendations: the advocate hears what a friend did or did not do, and nothing that is only theirs."""

from typing import Any

import pytest

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.why import Because, Heard, render, tell
from sayso.core.program.calendar import HOUR
from tests.core.documents import BRING_A_FRIEND
from tests.core.engine.history import CALENDAR, DAY, SHOP, STAFF, START, compiled, published
from tests.core.engine.questions import LANGUAGES, asked, friends


def recommended(*events: Arrival) -> MemoryStore:
    """Ada, who bought once, recommends Ben to Bluebell Coffee."""
    store = MemoryStore(Rulebook([compiled(BRING_A_FRIEND)], CALENDAR))
    ada = [
        Arrival(SHOP, "ada-code", "member_updated", "Ada", START, props={"code": "ADA"}),
        Arrival(SHOP, "ada-buys", "purchase", "Ada", START + HOUR, 3000, "EUR"),
        Arrival(SHOP, "ben-signs-up", "signup", "Ben", START + DAY, referral_code="ADA"),
    ]
    store.receive([published(BRING_A_FRIEND), *ada, *events])
    return store


def test_the_advocate_hears_that_the_step_is_missing_but_not_what_the_friend_spent() -> None:
    store = recommended(Arrival(SHOP, "ben-buys", "purchase", "Ben", START + 2 * DAY, 1234, "EUR"))
    (staff,) = asked(store, "Ada", "rewards.thanks")
    assert "Ben did not take the step “purchased”." in staff.as_text()
    assert (staff.seen, staff.needed, staff.missing) == ("€12.34", "at least €20", "€7.66 short")
    (member,) = asked(store, "Ada", "rewards.thanks", audience="member")
    assert member.as_text().startswith("A friend you recommended did not take the step “purchased”.")
    assert not {"Ben", "€12.34", "12"} & set(member.as_text().replace(".", " ").split())
    assert (member.fact, member.seen, member.missing) == ("", "", "")


BEHIND_IT = {
    "en": ("This is about a purchase by Ben on 4 January 2027, for €30.", "This is about a friend you recommended."),
    "es": (
        "Se trata de una compra de Ben el 4 de enero de 2027, por 30 €.",
        "Se trata de alguien a quien recomendaste.",
    ),
    "it": ("Si tratta di un acquisto di Ben in data 4 gennaio 2027, per 30 €.", "Si tratta di una persona che hai inv"),
    "nl": ("Het gaat om een aankoop van Ben op 4 januari 2027, voor € 30.", "Het gaat om iemand die je hebt aanbevo"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("days", [0, 40])
def test_what_a_friend_did_for_it_is_named_once_it_is_earned_and_when_it_is_let_go(language: str, days: int) -> None:
    """The hold ends by itself long after the purchase that it goes back to."""
    later = [Arrival(SHOP, "late", "visited", "Ada", START + (2 + days) * DAY + HOUR)]
    store = recommended(BEN_BUYS, *later)
    for place, audience in enumerate(("staff", "member")):
        told = [each.as_text().replace("\u00a0", " ") for each in asked(store, "Ada", "thanks", language, audience)]
        assert told
        assert all(BEHIND_IT[language][place] in text for text in told)
        assert audience == "staff" or not [text for text in told if "Ben" in text or "30" in text]
    (welcome,) = asked(store, "Ben", "rewards.welcome", language)
    assert not [each for each in BEHIND_IT[language] if each[:12] in welcome.as_text()]


def test_a_reward_that_is_held_is_earned_and_not_had() -> None:
    told = [_of_thanks("hold: 14d", Verdict.MET, audience) for audience in ("staff", "member")]
    assert told[0].startswith("Ada earned the reward “thanks”; it is held for 14 days first.")
    assert told[1].startswith("You earned the reward “thanks”; it is held for 14 days first.")


LOOKED_AT_FIRST = {
    "en": ("Ada earned the reward “thanks”; a person has to look at it first.", "You earned the reward “thanks”; we"),
    "es": ("Ada ha ganado la recompensa «gracias», pero antes tiene que", "Has ganado la recompensa «gracias», pero"),
    "it": ("Ada ha guadagnato il premio «grazie»; prima però deve", "Hai guadagnato il premio «grazie»; prima però lo"),
    "nl": ("Ada verdiende de beloning ‘dank’, maar eerst moet", "Je hebt de beloning ‘dank’ verdiend, maar eerst"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reward_that_a_person_looks_at_is_earned_and_not_had(language: str) -> None:
    told = [_of_thanks("review: true, hold: 14d", Verdict.MET, audience, language) for audience in ("staff", "member")]
    assert told[0].startswith(LOOKED_AT_FIRST[language][0])
    assert told[1].startswith(LOOKED_AT_FIRST[language][1])


BEN_BUYS = Arrival(SHOP, "ben-buys", "purchase", "Ben", START + 2 * DAY, 3000, "EUR")
WELCOME_APPROVED = Arrival(STAFF, "ok", "reward_approved", "Ben", START + 36 * HOUR, props={"clause": "welcome"})


def under_review(*events: Arrival) -> MemoryStore:
    """Ada recommends Ben, whose address is of the kind that the guard lets a person look at."""
    store = MemoryStore(Rulebook([compiled(BRING_A_FRIEND)], CALENDAR))
    recommended = [
        Arrival(SHOP, "ada-code", "member_updated", "Ada", START, props={"code": "ADA"}),
        Arrival(SHOP, "ada-buys", "purchase", "Ada", START + HOUR, 3000, "EUR"),
        Arrival(SHOP, "ben", "signup", "Ben", START + DAY, referral_code="ADA", props={"email_disposable": True}),
    ]
    store.receive([published(BRING_A_FRIEND), *recommended, *events])
    return store


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reward_of_a_referral_that_a_person_looks_at_is_earned_and_not_had(language: str) -> None:
    store = under_review(BEN_BUYS)
    for place, audience in enumerate(("staff", "member")):
        (told,) = asked(store, "Ada", "rewards.thanks", language, audience)
        assert told.as_text().startswith(LOOKED_AT_FIRST[language][place])
    (welcome,) = asked(store, "Ben", "rewards.welcome", "en")
    assert welcome.as_text().startswith("Ben earned the reward “welcome”; a person has to look at it first.")


def test_once_somebody_looked_at_the_referral_its_next_reward_only_waits_for_its_day() -> None:
    (told,) = asked(under_review(WELCOME_APPROVED, BEN_BUYS), "Ada", "rewards.thanks")
    assert told.as_text().startswith("Ada earned the reward “thanks”; it is held for 14 days first.")


def test_a_reward_that_waits_for_nothing_but_its_owners_choice_is_earned() -> None:
    assert _of_thanks("limit: 3", Verdict.MET, "staff").startswith("Ada earned the reward “thanks”. It says so")


CHOSEN = {
    "points": ("We handed over the reward “thanks” to Ada.", "We handed over the reward “thanks” to you."),
    "donation": ("Ada can have the reward “thanks” now.", "You can have the reward “thanks” now."),
}


@pytest.mark.parametrize("option", CHOSEN)
@pytest.mark.parametrize("place", [0, 1])
def test_what_its_owner_chose_is_told_once(option: str, place: int) -> None:
    """A choice saw what was chosen where other reasons about a reward saw its number."""
    choice = Arrival(STAFF, "c", "reward_chosen", "Ada", START + 40 * DAY, props={"clause": "thanks", "choice": option})
    (told,) = asked(recommended(BEN_BUYS, choice), "Ada", "thanks", audience=("staff", "member")[place])
    assert told.as_text().startswith(CHOSEN[option][place])


def test_only_every_fifth_counts() -> None:
    assert "number 3, and only every fifth counts." in _of_thanks("every: 5", Verdict.NOT_EVERY, "staff")


def _of_thanks(terms: str, verdict: Verdict, audience: Any, language: Any = "en") -> str:
    text = f"""
sayso: 1
program: friends
title: Bring a friend
currency: EUR
names: {{thanks: {{en: thanks, es: gracias, it: grazie, nl: dank}}}}
referral: {{window: 60d, steps: {{purchased: {{on: purchase}}}}, success: purchased}}
rewards:
  thanks: {{to: advocate, at: purchased, give: {{credit: 20 EUR}}, {terms}}}
"""
    reason = Reason("friends", 1, "rewards.thanks", verdict, -1, 3, 900)
    return render(reason, compiled(text), language=language, audience=audience, names=lambda _: "Ada").as_text()


def test_before_the_friend_buys_the_reward_waits_for_a_purchase_by_a_friend() -> None:
    (told,) = asked(recommended(), "Ada", "thanks")
    assert told.as_text() == (
        "Nothing has happened yet that the reward “thanks” listens to: a purchase by a recommended friend."
    )


def test_the_friend_hears_of_an_advocate_who_may_not_recommend_without_their_figures() -> None:
    store = recommended(
        Arrival(SHOP, "eva-code", "member_updated", "Eva", START + DAY, props={"code": "EVA"}),
        Arrival(SHOP, "dario", "signup", "Dario", START + 2 * DAY, referral_code="EVA"),
    )
    (staff,) = asked(store, "Dario", "people.advocates")
    assert "Eva" in staff.as_text()
    assert staff.seen == "0"
    (member,) = asked(store, "Dario", "people.advocates", audience="member")
    assert "Eva" not in member.as_text()
    assert member.seen == ""
    (advocate,) = asked(store, "Eva", "people.advocates", audience="member")
    assert (advocate.seen, advocate.needed) == ("0", "at least 1")


TURNED_AWAY = {
    "en": (
        "Ben came on the word of Eva. No referral was opened for Ben. Ben was recommended in this program before.",
        "A recommendation of yours did not count. That person was recommended in this program before.",
    ),
    "es": (
        (
            "Ben dijo venir de parte de Eva. No se abrió ninguna recomendación para Ben. "
            "Ya había una recomendación de Ben en este programa."
        ),
        "Una recomendación tuya no contó. Ya habían recomendado antes a esa persona en este programa.",
    ),
    "it": (
        (
            "Ben ha fatto il nome di Eva. Non è stata aperta nessuna segnalazione per Ben. "
            "C’era già una segnalazione per Ben in questo programma."
        ),
        "Un tuo consiglio non è stato contato. C’era già una segnalazione per quella persona in questo programma.",
    ),
    "nl": (
        (
            "Ben kwam op voorspraak van Eva. Er werd geen aanbeveling voor Ben geopend. "
            "Ben was al eerder aanbevolen in dit programma."
        ),
        "Een aanbeveling van jou telde niet. Die persoon was al eerder aanbevolen in dit programma.",
    ),
}


def turned_away(*events: Arrival) -> MemoryStore:
    """Eva, who bought once, is named by Ben too, whom Ada recommended before, and by whoever comes in some events."""
    eva = [
        Arrival(SHOP, "eva-code", "member_updated", "Eva", START + DAY, props={"code": "EVA"}),
        Arrival(SHOP, "eva-buys", "purchase", "Eva", START + DAY + HOUR, 3000, "EUR"),
    ]
    again = Arrival(SHOP, "ben-again", "signup", "Ben", START + 3 * DAY, referral_code="eva")
    return recommended(*eva, again, *events)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advocate_hears_of_a_friend_who_was_refused(language: str) -> None:
    store = turned_away()
    (staff,) = [each for each in asked(store, "Eva", "referral", language) if each.path == "referral"]
    (member,) = asked(store, "Eva", "referral", language, "member")
    assert staff.as_text().startswith(TURNED_AWAY[language][0])
    assert member.as_text().startswith(TURNED_AWAY[language][1])
    assert (member.verdict, member.seen) == (Verdict.ALREADY_REFERRED, "")


def test_every_refused_friend_is_told_of_and_the_reward_says_why_it_did_not_come() -> None:
    dario = Arrival(SHOP, "dario-buys", "purchase", "Dario", START + DAY, 3000, "EUR")
    late = Arrival(SHOP, "dario", "referral_attributed", "Dario", START + 4 * DAY, props={"advocate": "Eva"})
    store = turned_away(dario, late)
    for clause in (None, "rewards.thanks"):
        told = [each.as_text() for each in asked(store, "Eva", clause) if each.verdict is not None]
        assert [text.partition(".")[0] for text in told if "on the word of" in text] == [
            "Dario came on the word of Eva", "Ben came on the word of Eva",
        ]  # fmt: skip
        members = " ".join(each.as_text() for each in asked(store, "Eva", clause, audience="member"))
        assert "The condition for recommended friends was not met" in members
        assert "Dario" not in members


def test_an_advocate_who_may_not_recommend_reads_about_themselves() -> None:
    store = recommended(
        Arrival(SHOP, "eva-code", "member_updated", "Eva", START + DAY, props={"code": "EVA"}),
        Arrival(SHOP, "dario", "signup", "Dario", START + 2 * DAY, referral_code="EVA"),
    )
    (staff,) = asked(store, "Eva", "people.advocates")
    assert staff.as_text().startswith("Dario came on the word of Eva. A recommendation by Eva did not count. Eva did ")
    (member,) = asked(store, "Eva", "people.advocates", audience="member")
    assert (member.seen, member.needed) == ("0", "at least 1")


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.MET])
def test_a_refusal_of_any_kind_has_words_for_the_advocate(verdict: Verdict) -> None:
    heard = Heard(7, "signup", START, 901, ())
    for path in ("referral", "people.friends", "guard.same_person"):
        reason = Reason(friends().name, 1, path, verdict, -1, 900, 901)
        found = Because(900, heard, reason, friends(), turned_away=True)
        told = tell(found, language="nl", audience="member", names="SOMEBODY {}".format)
        assert len(told.sentences) == 3
        assert "SOMEBODY" not in told.as_text()


GAVE_WAY = {
    "en": ("Ada does not get the reward “thanks”: another", "You do not get the reward “thanks”: another"),
    "es": ("Ada no recibe la recompensa «gracias»: otra", "No recibes la recompensa «gracias»: otra"),
    "it": ("Ada non riceve il premio «grazie»: un’altra", "Non ricevi il premio «grazie»: un’altra"),
    "nl": ("Ada krijgt de beloning ‘dank’ niet: een andere", "Je krijgt de beloning ‘dank’ niet: een andere"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reward_of_a_referral_that_gave_way_says_so_and_what_came_in_its_place_waits_for_nobody(
    language: str,
) -> None:
    text = BRING_A_FRIEND.replace("{on: purchase, when: event.amount >= 20, within: 60d}", "{on: signup}")
    store = MemoryStore(Rulebook([compiled(text)], CALENDAR))
    advocates = [
        Arrival(SHOP, f"{who}-{kind}", kind, who, START + HOUR, 3000, "EUR", props={"code": who})
        for who in ("Ada", "Chloe")
        for kind in ("member_updated", "purchase")
    ]
    typed = Arrival(SHOP, "typed", "signup", "Ben", START + DAY, referral_code="ada", props={"known_address": True})
    proven = Arrival(SHOP, "proven", "signup", "Ben", START + 2 * DAY, referral_code="chloe")
    store.receive([published(text), *advocates, typed, proven])
    for place, audience in enumerate(("staff", "member")):
        (told,) = asked(store, "Ada", "rewards.thanks", language, audience)
        assert told.as_text().startswith(GAVE_WAY[language][place])
    for who, clause in (("Ben", "rewards.welcome"), ("Chloe", "rewards.thanks")):
        (given,) = asked(store, who, clause, language)
        assert given.verdict is Verdict.MET
        assert LOOKED_AT_FIRST[language][0][-15:] not in given.as_text()
