"""What the landing page and the page after it promise is true of whatever a program gives: choices, several, later."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client, override_settings

from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.events.act import Actor
from sayso.domains.outreach.switches import set_mail
from sayso.domains.people.models import Member
from sayso.domains.people.update import Update, update_member
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.load_codes import load_codes
from sayso.domains.rewards.models import PoolCode
from sayso.domains.rewards.set_provider import Scope, set_provider
from sayso.domains.sharing.names import note_names
from sayso.domains.workspaces.models import Workspace
from tests.domains.outreach.post_office import settings_for
from tests.web.landing.visiting import LEADS, PAGE, PROGRAM, fields_of, fill_in, look, open_cafe, send, solve, token_of

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "title: {en: Bring a friend, es: Trae a un amigo}"
COUPON = "{to: friend, at: signed_up, give: {coupon: 10 EUR, minimum_order: 30 EUR, expires: 60d}}"
CHOICE = PROGRAM.replace(COUPON, "{to: friend, at: signed_up, give: {choice: [{gift_card: 5 EUR}, {donation: 6 EUR}]}}")
LATER = PROGRAM.replace(COUPON, "{to: friend, at: purchased, give: {gift_card: 5 EUR}, hold: 14d}")
SEVERAL = PROGRAM.replace(COUPON, f"{COUPON}\n  later: {{to: friend, at: purchased, give: {{gift_card: 5 EUR}}}}")
REVIEWED = PROGRAM.replace(COUPON, "{to: friend, at: signed_up, give: {coupon: 10 EUR}, review: true}")
SPENT = f"{PROGRAM}budget: {{amount: 25 EUR, per: quarter, when_spent: wait}}\n"
NEVER = f"{PROGRAM}budget: {{amount: 25 EUR, when_spent: stop}}\n"
BUYERS = PROGRAM.replace(
    "people: {friends: friend.is_new}",
    "facts:\n  orders_year: {count: purchase, within: 12 months}\n"
    "people: {advocates: member.orders_year >= 1, friends: friend.is_new}",
)
MORE_THANKS = f"{PROGRAM}  fifth: {{to: advocate, at: purchased, every: 5, give: {{credit: 50 EUR}}}}\n"


def pages_of(client: Client, program: str) -> tuple[str, str]:
    """The landing page of a program, and the page after the sign-up."""
    token = token_of(open_cafe(program))
    shown = look(client, t=token).content.decode()
    done = fill_in(client, asked={"t": token}, t=token)
    return unescape(shown), unescape(client.get(done["Location"], secure=True).content.decode())


def test_a_choice_is_made_on_the_members_own_page(client: Client) -> None:
    shown, after = pages_of(client, CHOICE)
    assert "You get a gift card worth €5 or a donation of €6 to a good cause as soon as you sign up." in shown
    assert "Get my welcome gift" in shown
    assert "Under “My rewards” you choose what you like." in after


def test_a_gift_that_comes_later_is_on_no_button_and_not_said_to_be_there(client: Client) -> None:
    shown, after = pages_of(client, LATER)
    assert "Sign me up" in shown
    assert "Whoever spends €20 or more within 60 days gets a gift card worth €5, 14 days later." in shown
    assert "Whoever spends €20 or more within 60 days gets a gift card worth €5, 14 days later." in after
    assert 'class="ticket"' not in after


def test_of_several_gifts_the_page_after_says_which_is_there_and_which_comes(client: Client) -> None:
    shown, after = pages_of(client, SEVERAL)
    for said in (shown, after):
        assert "Whoever spends €20 or more within 60 days gets a gift card worth €5." in said
    assert after.count('class="ticket"') == 1
    assert "A coupon worth €10" in after


def test_what_a_person_hands_over_is_no_code_in_the_making(client: Client) -> None:
    assert "It is yours. Somebody here sends it to you." in pages_of(client, PROGRAM)[1]


def test_a_code_in_the_making_is_looked_for_again(client: Client) -> None:
    token = token_of(open := open_cafe())
    set_provider(workspace=open, scope=Scope("coupon"), way="generated", now=datetime.now(UTC), settings={})
    done = fill_in(client, asked={"t": token}, t=token)
    assert "Your code is being made." in client.get(done["Location"], secure=True).content.decode()


def test_no_code_is_said_to_be_made_where_none_is_left(client: Client) -> None:
    with override_settings(**settings_for(25)):
        cafe, now = open_cafe(), datetime.now(UTC)
        set_mail(workspace=cafe, kind="welcome", on=True, now=now)
        load_codes(workspace=cafe, pool="fifteen", lines=[(1, "AAA-1")], now=now)
        PoolCode.objects.filter(workspace=cafe).update(reward=1)
        set_provider(workspace=cafe, scope=Scope("coupon"), way="pool", now=now, settings={"pool": "fifteen"})
        done = fill_in(client, asked={"t": token_of(cafe)}, t=token_of(cafe))
        said = client.get(done["Location"], secure=True).content.decode()
    assert "There is no code left just now" in said
    assert "data-coming" not in said
    assert "in your e-mail too" not in said


def test_a_reward_that_is_looked_at_first_is_kept(client: Client) -> None:
    assert "It is kept for you." in pages_of(client, REVIEWED)[1]


def spent(cafe: Workspace) -> Workspace:
    """A budget of 25 EUR from which two friends took 10 each."""
    for name in ("chloe", "dario"):
        token = token_of(cafe)
        assert fill_in(Client(), asked={"t": token}, t=token, email=f"{name}@example.com").status_code == 302
    return cafe


def test_where_the_budget_is_spent_both_pages_say_that_the_gift_waits(client: Client) -> None:
    with override_settings(**settings_for(25)):
        token = token_of(cafe := spent(open_cafe(SPENT)))
        set_mail(workspace=cafe, kind="welcome", on=True, now=datetime.now(UTC))
        shown = look(client, t=token).content.decode()
        done = fill_in(client, asked={"t": token}, t=token)
        after = client.get(done["Location"], secure=True).content.decode()
    assert "There is no budget left for the welcome gift right now. If you sign up, yours waits" in shown
    assert "Sign me up" in shown
    assert "as soon as you sign up" not in shown[shown.index("<main") :]
    assert "There is no budget left for it right now. Yours waits" in after
    assert "in your e-mail too" not in after


def test_where_nothing_is_left_for_ever_no_gift_is_promised(client: Client) -> None:
    token = token_of(spent(open_cafe(NEVER)))
    shown = look(client, t=token).content.decode()
    done = fill_in(client, asked={"t": token}, t=token)
    after = client.get(done["Location"], secure=True).content.decode()
    assert "whoever signs up now gets none" in shown
    assert "<h1>Welcome to Bluebell Coffee, on a friend’s word</h1>" in shown
    assert "coupon" not in after


def test_a_budget_that_reaches_is_not_spoken_of(client: Client) -> None:
    assert "budget left" not in pages_of(client, SPENT)[0]


def test_who_may_not_recommend_any_more_sends_nobody_to_a_promise(client: Client) -> None:
    cafe = open_cafe(BUYERS)
    shown = look(client, t=token_of(cafe)).content.decode()
    assert "This recommendation does not count right now" in shown
    assert "coupon" not in shown
    assert 'id="form"' not in shown
    assert 'id="form"' in look(client).content.decode()
    now = datetime.now(UTC)
    bought = Arrival("till", "a-1", "purchase", "ada", moment_of(now - timedelta(minutes=1)), 2500, "EUR")
    decide_batch(cafe.pk, [bought], now=now)
    assert "<b>Ada</b> thinks you would like this" in look(client, t=token_of(cafe)).content.decode()


def test_a_page_offers_the_languages_in_which_it_speaks(client: Client) -> None:
    open_cafe()
    assert re.findall(r'<a href="[^"]*" lang="(..)"', look(client).content.decode()) == ["en", "es"]
    for wanted, lang in (("es", "es"), ("nl", "en")):
        assert f'<html lang="{lang}"' in look(client, language=wanted).content.decode()


def test_a_page_of_plain_words_offers_every_language(client: Client) -> None:
    open_cafe(PROGRAM.replace(TITLE, "title: Bring a friend"))
    assert re.findall(r'<a href="[^"]*" lang="(..)"', look(client).content.decode()) == ["en", "es", "it", "nl"]
    assert '<html lang="nl"' in look(client, language="nl").content.decode()


def test_no_mail_is_promised_where_none_is_sent(client: Client) -> None:
    said = pages_of(client, PROGRAM)[1]
    assert "in your e-mail too" not in said


def test_a_mail_that_is_sent_is_told_of(client: Client) -> None:
    with override_settings(**settings_for(25)):
        workspace = open_cafe()
        set_mail(workspace=workspace, kind="welcome", on=True, now=datetime.now(UTC))
        done = fill_in(client, asked={"t": token_of(workspace)}, t=token_of(workspace))
        assert "in your e-mail too" in client.get(done["Location"], secure=True).content.decode()


def test_what_whoever_recommended_gets_is_said_and_that_there_is_more(client: Client) -> None:
    shown, after = pages_of(client, MORE_THANKS)
    for said in (shown, after):
        assert "If it works out, Ada gets €20 credit for it. That is not all: the terms say the rest." in said


def test_who_hands_in_a_contact_reads_what_they_get_themselves(client: Client) -> None:
    said = unescape(look(client, f"{PAGE}/lead", t=token_of(open_cafe(LEADS))).content.decode())
    assert "When your friend spends €20 or more within 60 days, you get €20 credit, 14 days later." in said


def test_who_hands_in_a_contact_is_asked_for_their_own_code(client: Client) -> None:
    open_cafe(LEADS)
    assert "Your code, or first and last name" in look(client, f"{PAGE}/lead").content.decode()
    assert "Their code, or first and last name" in look(client).content.decode()


@pytest.mark.parametrize(
    ("window", "said", "days"),
    [
        ("30d", "for 30 days.", 30),
        ("2 months", "for 60 days.", 60),
        ("1y", "for 90 days.", 90),
        ("12h", "for 1 day.", 1),
    ],
)
def test_a_device_remembers_no_longer_than_a_recommendation_counts(
    client: Client, window: str, said: str, days: int
) -> None:
    token = token_of(open_cafe(PROGRAM.replace("window: 60d", f"window: {window}")))
    assert f"Remember on this device who recommended Bluebell Coffee to me, {said}" in unescape(
        look(client, t=token).content.decode()
    )
    kept = client.post(f"{PAGE}/remember", {"t": token, "remembered": "1"}, secure=True)
    assert kept.cookies["sayso_click"]["max-age"] == days * 24 * 3600


OF_WHOM = {
    "en": ("Write who you are, or your code", "Write their name", "Write their e-mail address"),
    "es": ("Escribe quién eres, o tu código", "Escribe su nombre", "Escribe su correo electrónico"),
    "it": ("Scrivi chi sei, o il tuo codice", "Scrivi il suo nome", "Scrivi il suo indirizzo e-mail"),
    "nl": (
        "Vul in wie je bent, of je code",
        "Vul de naam van deze persoon in",
        "Vul het e-mailadres van deze persoon in",
    ),
}


@pytest.mark.parametrize("language", OF_WHOM)
def test_whoever_introduces_somebody_reads_whose_name_is_missing(client: Client, language: str) -> None:
    open_cafe(LEADS.replace(TITLE, "title: Bring a friend"))
    path = f"{PAGE}/lead"
    sent = fill_in(client, path, asked={"language": language}, language=language, name="", email="", advocate="")
    said = unescape(sent.content.decode())
    for words in OF_WHOM[language]:
        assert said.count(f">{words}<") == 2


def test_whoever_introduces_somebody_is_asked_about_themselves(client: Client) -> None:
    cafe, path, now = open_cafe(LEADS), f"{PAGE}/lead", datetime.now(UTC)
    ticked: dict[str, Any] = {"consent-contacted": "1"}
    assert "We do not know this code." in fill_in(client, path, advocate="ada-99", **ticked).content.decode()
    other = Update(codes=["ADA-11"], attributes={"name": "Ada Lovell", "city": "Sevilla"})
    update_member(workspace=cafe, member="ada-2", update=other, actor=Actor("api"), now=now)
    note_names(now)
    asked = fill_in(client, path, advocate="Ada Lovell", **ticked).content.decode()
    assert "Please say a little more about yourself" in asked
    assert "One more thing about you" in asked
    sent = {**fields_of(asked), "proof": solve(asked), "detail": "sevilla", **ticked}
    assert "Thank you for the introduction" in send(client, sent, path).content.decode()
    assert Referral.objects.get(workspace=cafe).advocate == Member.objects.get(workspace=cafe, ref="ada-2").id
