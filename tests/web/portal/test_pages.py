"""What the members' own pages show and do, to whose they are and to nobody else."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor
from sayso.domains.insight.portal.friends import friends_of
from sayso.domains.insight.portal.rewards import open_choices, rewards_of_mine
from sayso.domains.pages.consent_texts import write_text
from sayso.domains.people.consents import consents_of
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import member_named
from sayso.domains.people.update import ban_member
from sayso.domains.rewards.issue import issue_reward
from sayso.domains.sharing.models import Link
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, STARS, START, decide, event, open_bluebell, publish
from tests.domains.insight.members_page import EXAMPLE, me_in, open_full
from tests.web.portal.visiting import enter, fields, filled, page, path, routes, token

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("", "friends", "rewards", "rewards/why", "points", "me", "card/bring-a-friend")
LANGUAGES = ["en", "es", "it", "nl"]
DISCLOSURE = "If you join, I get a reward too."
ASKED = "€10 for orders of €30 or more."
MOST_BYTES = 30_000
NAMED = {"name": "Ida", "consents": {"shared": {"given": True, "version": 1, "language": "en"}}}


@pytest.fixture
def bluebell() -> Workspace:
    return open_full()


def message(shown: str) -> str:
    """What WhatsApp is handed."""
    found = re.search(r'href="https://wa\.me/\?text=([^"]*)"', shown)
    assert found is not None
    return unquote(html.unescape(found[1]))


# --- sharing --------------------------------------------------------------------------------------------------------


def test_sharing_comes_first_with_the_words_and_what_is_disclosed(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell))
    assert "Your friend gets €10. You choose your reward." in shown
    assert "Your friend’s gift is for orders of €30 or more." in shown
    assert "You get €20" not in shown
    assert re.findall(r'<li>(?:<span>[^<]*</span> )?<b class="figure">([^<]*)', shown) == ["€20", "€25", "2,500 stars"]
    assert "It counts when your friend spends €20 or more within 60 days." in shown
    assert shown.index("data-share") < shown.index("Your friends")
    sent = message(shown)
    assert sent.startswith("I drink Bluebell Coffee")
    assert re.search(r"https://testserver/w/bluebell/r/\w{8}\s", sent)
    assert sent.endswith(DISCLOSURE)
    assert "<svg" in shown
    for channel in ("mailto:?subject=", "sms:?&amp;body="):
        assert channel in shown


def test_every_channel_has_a_link_of_its_own(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell))
    assert len(set(re.findall(r'data-link="([^"]+)"', shown))) == 4


@pytest.mark.parametrize(
    "typed", ["Try my roaster", "", "{link}", "Look: LINK, it is good", f"nothing\n\n{DISCLOSURE}", "x" * 5000]
)
def test_whatever_is_typed_the_link_and_the_disclosure_stay(client: Client, bluebell: Workspace, typed: str) -> None:
    enter(client, bluebell)
    link = re.search(r'id="link"[^>]*value="([^"]+)"', page(client))
    assert link is not None
    said = typed.replace("LINK", link[1])
    answer = client.post(path("share/bring-a-friend"), {"message": said}, secure=True)
    sent = message(answer.content.decode())
    assert sent.count("/r/") == 1
    assert sent.endswith(f"{ASKED} {DISCLOSURE}")
    assert len(sent) < 1000
    if "it is good" in typed:
        assert re.fullmatch(rf"Look: \S+, it is good\s+{re.escape(ASKED)} {re.escape(DISCLOSURE)}", sent)


def test_who_passes_a_link_on_is_counted_and_who_looks_is_not(client: Client, bluebell: Workspace) -> None:
    def shares() -> dict[str, int]:
        return dict(Link.objects.filter(shares__gt=0).values_list("channel", "shares"))

    page(enter(client, bluebell))
    page(client, "card/bring-a-friend")
    assert shares() == {}
    for channel in ("whatsapp", "whatsapp", "qr"):
        answer = client.post(path("shares/bring-a-friend"), {"channel": channel}, secure=True)
        assert answer.status_code == 204
    headers = {"authorization": f"Bearer {token(bluebell, 'Ada')}"}
    assert (
        Client().post(path("shares/bring-a-friend"), {"channel": "qr"}, secure=True, headers=headers).status_code == 204
    )
    assert shares() == {"whatsapp": 2, "qr": 2}
    for wrong in ("smoke", ""):
        assert client.post(path("shares/bring-a-friend"), {"channel": wrong}, secure=True).status_code == 404
    assert client.post(path("shares/unknown"), {"channel": "qr"}, secure=True).status_code == 404


def test_several_programs_are_a_clear_choice(client: Client, bluebell: Workspace) -> None:
    publish(bluebell, EXAMPLE.replace("program: bring-a-friend", "program: office").replace("2027-01-01", "2026-01-01"))
    enter(client, bluebell)
    assert 'href="/w/bluebell/portal/share/office"' in page(client)
    assert 'aria-current="true"' in page(client, "share/office")
    assert client.get(path("share/unknown"), secure=True).status_code == 404


def test_who_may_not_recommend_is_told_when_they_may(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell, "Eva"))
    assert "<b>Not now.</b> Whoever bought at least once in the last 90 days" in html.unescape(shown)
    assert "data-share" not in shown
    above, _, folded = shown.partition("<details")
    assert "<h1>Bring a friend</h1>" in above
    for promise in ("Your friend gets", "It counts when", "For you, one of these"):
        assert promise not in above
    assert folded.startswith(' class="fold offers">')  # closed


def test_who_was_barred_sees_their_own_and_shares_nothing(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    ban_member(workspace=bluebell, member="Ada", actor=Actor("till"), now=START)
    assert "data-share" not in page(client)
    assert "3,420 stars" in page(client, "points")


def test_credit_stands_on_the_first_page_beside_the_points(client: Client) -> None:
    workspace = open_bluebell(FRIENDS)
    code = event("a-2", "member_updated", "Ada", props={"code": "ADA-10"})
    ben = event("b-1", "signup", "Ben", after=timedelta(hours=1), referral_code="ada-10")
    bought = event("b-2", "purchase", "Ben", after=timedelta(hours=2), amount_minor=2500)
    decide(workspace, [event("a-1", "signup", "Ada"), code, ben, bought])
    enter(client, workspace)
    assert "Credit. €20 on the way." in page(client)
    decide(workspace, [event("a-3", "survey_answered", "Ada", after=timedelta(days=15))])
    shown = page(client)
    assert '<span class="figure">€20</span>' in shown
    assert "on the way" not in shown


def test_without_recommendations_there_are_points_and_rewards(client: Client) -> None:
    workspace = open_bluebell(STARS)
    decide(workspace, [event("a-1", "purchase", "Ada", amount_minor=2500)])
    enter(client, workspace)
    assert client.get(path(), secure=True)["Location"] == path("points")
    shown = page(client, "points")
    assert "25 stars" in shown
    assert path("friends") not in shown


def test_a_card_is_printed_with_its_own_link(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell), "card/bring-a-friend")
    assert "<svg" in shown
    assert DISCLOSURE in shown
    assert "For orders of €30 or more" in shown
    assert client.get(path("card/unknown"), secure=True).status_code == 404


def test_who_may_not_recommend_gets_no_card_but_the_reason(client: Client, bluebell: Workspace) -> None:
    decide(bluebell, [event("x-1", "signup", "Xenia", after=timedelta(days=20))])
    answer = enter(client, bluebell, "Xenia").get(path("card/bring-a-friend"), secure=True)
    assert (answer.status_code, answer["Location"]) == (303, path("share/bring-a-friend"))
    assert "Not now" in page(client, "share/bring-a-friend")
    assert not Link.objects.filter(member=member_named(bluebell, "Xenia").id).exists()


# --- friends --------------------------------------------------------------------------------------------------------


def test_friends_are_shown_as_far_as_they_allow(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell), "friends")
    for said in ("Ben", "Chloé", "Dario", "Eva", "A friend, since 24 January", "Your reward arrives on 6 February"):
        assert said in shown
    for secret in ("Álvarez", "Noa", "@bluebell.example"):
        assert secret not in shown


def test_a_friend_is_reminded_once_in_the_members_own_name(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    (eva,) = [each for each in friends_of(me_in(bluebell)) if each.name == "Eva"]
    where = f"friends/{eva.id}/reminder"
    assert "until 24 March" in page(client, where)
    assert "wa.me" not in page(client, where)
    assert client.post(path(where), secure=True)["Location"] == path(where)
    shown = page(client, where)
    assert message(shown).startswith("Hi Eva! Have you tried")
    assert message(shown).endswith(DISCLOSURE)
    assert client.post(path(where), secure=True)["Location"] == path("friends")
    assert "You sent a reminder" in page(client, "friends")


def test_nobody_else_is_reminded(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    for each in friends_of(me_in(bluebell)):
        if each.name != "Eva":
            assert client.post(path(f"friends/{each.id}/reminder"), secure=True).status_code == 404


def test_only_who_asks_is_listed(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    assert "Take me off the list" not in page(client, "friends")
    shown = page(client, "friends")
    assert "My first name and how many friends I brought may stand in the list" in shown
    client.post(path("me/listing"), {**fields(shown), "asked-listed": "en-7"}, secure=True)
    assert "Take me off the list" not in page(client, "friends")
    client.post(path("me/listing"), fields(shown), secure=True)
    assert "Take me off the list" in page(client, "friends")
    assert consents_of(bluebell, member_named(bluebell, "Ada").id)["listed"].given
    client.post(path("me/listing"), fields(page(client, "friends")), secure=True)
    assert "Take me off the list" not in page(client, "friends")


# --- rewards --------------------------------------------------------------------------------------------------------


def test_a_reward_is_chosen_and_the_books_agree(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    reward = open_choices(me_in(bluebell))[0]
    where = path(f"rewards/{reward.id}/choice")
    answer = client.post(where, {"choice": "2"}, secure=True)
    assert answer["Location"] == path(f"rewards?done={reward.id}")
    assert "You chose 2,500 stars." in client.get(answer["Location"], secure=True).content.decode()
    assert "5,920 stars" in page(client, "points")
    assert "We handed over" in page(client, "rewards/why")
    assert client.post(where, {"choice": "0"}, secure=True).status_code == 404
    assert verify(bluebell) == []


@pytest.mark.parametrize("choice", ["", "3", "-1", "gift_card", "²", "9" * 40])
def test_what_is_not_offered_is_not_there(client: Client, bluebell: Workspace, choice: str) -> None:
    enter(client, bluebell)
    reward = open_choices(me_in(bluebell))[0]
    assert client.post(path(f"rewards/{reward.id}/choice"), {"choice": choice}, secure=True).status_code == 404


def test_the_arrival_of_a_reward_is_celebrated_once(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    shown = page(client)
    assert shown.count("Your reward is here!") == 1
    assert "Your reward is here!" not in page(client)
    assert "Your reward is here!" not in page(enter(Client(), bluebell), "rewards")


def test_a_reward_arrives_once_whether_in_our_page_or_inside_the_companys(client: Client, bluebell: Workspace) -> None:
    headers = {"authorization": f"Bearer {token(bluebell, 'Ada')}"}
    inside = client.get(path("rewards"), secure=True, headers=headers).content.decode()
    assert inside.count("Your reward is here!") == 1
    assert "Your reward is here!" not in page(enter(client, bluebell))


def test_a_reward_without_a_choice_is_celebrated_too(client: Client, bluebell: Workspace) -> None:
    (welcome,) = rewards_of_mine(me_in(bluebell, "Ben"))
    enter(client, bluebell, "Ben")
    assert "Your reward is here!" not in page(client, "rewards")
    issue_reward(workspace=bluebell, reward=welcome.number, proof="Handed over", actor=Actor("till"), now=START)
    assert "Your reward is here!" in page(client, "rewards")
    assert "Your reward is here!" not in page(client, "rewards")


def test_how_far_a_reward_is_reads_the_same_wherever_it_is_told(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    friends_page, rewards_page = page(client, "friends"), page(client, "rewards")
    assert "Your reward is here." in friends_page
    assert f'href="{path("rewards")}">Choose your reward' in friends_page
    held = "Your reward arrives on 6 February, unless the purchase is returned."
    assert held in friends_page
    assert held in rewards_page
    assert "is ready" not in friends_page + rewards_page


def test_what_was_used_is_put_away(client: Client, bluebell: Workspace) -> None:
    (welcome,) = rewards_of_mine(me_in(bluebell, "Ben"))
    issue_reward(workspace=bluebell, reward=welcome.number, proof="Handed over", actor=Actor("till"), now=START)
    enter(client, bluebell, "Ben")
    shown = page(client, "rewards")
    assert "A coupon worth €10 (for orders of €30 or more)" in shown
    assert "I have used it" in shown
    client.post(path(f"rewards/{welcome.id}/redemption"), secure=True)
    assert "I have used it" not in page(client, "rewards")
    assert client.post(path(f"rewards/{welcome.id}/redemption"), secure=True).status_code == 404


def test_where_a_reward_is_can_be_asked(client: Client, bluebell: Workspace) -> None:
    shown = html.unescape(page(enter(client, bluebell), "rewards/why"))
    assert "Your reward arrives on 6 February, unless the purchase is returned." in shown
    terms = "/w/bluebell/terms/bring-a-friend?version=1"
    assert f'<a href="{terms}">This follows from the terms of “Bring a friend”, version 1.</a>' in shown
    assert client.get(terms, secure=True).status_code == 200
    for foreign in ("Ben-", "Álvarez", "budget"):
        assert foreign not in shown


def test_nothing_of_another_member_is_there(client: Client, bluebell: Workspace) -> None:
    names = {
        "program": "bring-a-friend",
        "reward": open_choices(me_in(bluebell))[0].id,
        "referral": next(each.id for each in friends_of(me_in(bluebell)) if each.name == "Eva"),
    }
    enter(client, bluebell, "Ben")
    named = [route for route in routes() if "<str:" in str(route.pattern)]
    assert len(named) == 3
    for route in named:
        for wrong in (names, {**names, "reward": "rew_x", "referral": "ref_x"}):
            where = path(filled(route, wrong))
            assert client.post(where, {"choice": "0"}, secure=True).status_code == 404, route.name
            assert client.get(where, secure=True).status_code in (404, 405), route.name


# --- oneself --------------------------------------------------------------------------------------------------------


def test_a_language_is_kept(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    client.post(path("me/language"), {"language": "nl"}, secure=True)
    assert '<html lang="nl">' in page(client)
    assert Member.objects.get(ref="Ada", workspace=bluebell).language == "nl"
    client.post(path("me/language"), {"language": "xx"}, secure=True)
    assert Member.objects.get(ref="Ada", workspace=bluebell).language == "nl"


def test_what_a_member_allows_is_kept_with_its_text(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell, "Ben")
    assert re.search(r'id="consent-shared"[^>]* checked', page(client, "me"))
    shown = fields(page(client, "me"))
    write_text(workspace=bluebell, purpose="news", texts={"en": "You may sell all I have."}, now=START)
    client.post(path("me/consents"), {"consent-news": "1"}, secure=True)
    assert "news" not in consents_of(bluebell, member_named(bluebell, "Ben").id)
    client.post(path("me/consents"), {**shown, "consent-news": "1"}, secure=True)
    kept = consents_of(bluebell, member_named(bluebell, "Ben").id)
    assert (kept["shared"].given, kept["news"].given, kept["news"].version) == (False, True, 1)
    assert "Ben" not in page(enter(Client(), bluebell), "friends")


def test_everything_can_be_taken_away_right_after_signing_in(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    answer = client.get(path("me/data.json"), secure=True)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert json.loads(answer.content)["profile"][0]["member"] == "Ada"
    assert client.get(path("me/data.zip"), secure=True).content.startswith(b"PK")
    with travel(datetime.now(UTC) + timedelta(minutes=16)):
        for rest in ("me/data.json", "me/data.zip", "me/erasure"):
            assert client.get(path(rest), secure=True)["Location"] == path("sign-in?again=1")
        assert client.post(path("me/erasure"), {"sure": "1"}, secure=True)["Location"] == path("sign-in?again=1")
    assert Member.objects.filter(ref="Ada", workspace=bluebell).exists()


def test_erasing_asks_first_and_leaves_the_books_whole(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    page(client, "me/erasure")
    assert client.post(path("me/erasure"), {}, secure=True).status_code == 200
    assert Member.objects.filter(ref="Ada", workspace=bluebell).exists()
    gone = client.post(path("me/erasure"), {"sure": "1"}, secure=True)
    assert "Your data is erased" in gone.content.decode()
    assert client.get(path(), secure=True).status_code == 303
    assert not Identity.objects.filter(value="Ada", workspace=bluebell).exists()
    assert verify(bluebell) == []


# --- every page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(client: Client, bluebell: Workspace, language: str) -> None:
    enter(client, bluebell)
    said = {"en": "Friends", "es": "Amigos", "it": "Amici", "nl": "Vrienden"}
    for rest in PAGES:
        shown = page(client, rest, language=language)
        assert f'<html lang="{language}">' in shown
        assert f"<span>{said[language]}</span>" in shown


def test_a_new_member_finds_every_page_and_what_to_do_next(client: Client, bluebell: Workspace) -> None:
    decide(bluebell, [event("z-1", "signup", "Zoe"), event("z-2", "purchase", "Zoe", amount_minor=100)])
    enter(client, bluebell, "Zoe")
    for rest in PAGES:
        page(client, rest)
    assert "Nobody yet." in page(client, "friends")
    assert "Nothing here yet." in page(client, "rewards")


def test_what_people_and_programs_say_is_text_and_never_markup(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    text = EXAMPLE.replace("en: Bring a friend,", f'en: "{evil}",').replace(
        "en: I drink Bluebell Coffee", f"en: {evil} I drink"
    )
    workspace = open_bluebell(text)
    decide(workspace, [
        event("a-1", "purchase", "Ada", amount_minor=2500),
        event("a-2", "member_updated", "Ada", props={"code": "ADA-10", "attributes": {"first_name": evil}}),
        event("b-1", "signup", "Ben", after=timedelta(days=1), referral_code="ada-10",
              props={"name": evil, "consents": {"shared": {"given": True, "version": 1, "language": "en"}}}),
    ])  # fmt: skip
    set_brand(workspace=workspace, change=BrandChange(name=evil))
    enter(client, workspace)
    client.post(path("me/listing"), {**fields(page(client, "me")), "listed": "1"}, secure=True)
    for rest in PAGES:
        assert "<script>alert" not in page(client, rest)
    typed = client.post(
        path("share/bring-a-friend"), {"message": f'"><img src=x onerror=alert(1)> {evil}'}, secure=True
    )
    assert "<img src=x" not in typed.content.decode()
    assert "<script>alert" not in typed.content.decode()


def test_pages_are_light(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    for rest in PAGES:
        shown = page(client, rest)
        addresses = set(re.findall(r'(?:href|src)="(/(?:static|w/bluebell/(?:style|logo))[^"]*)"', shown))
        assert len(addresses) <= 3
        heavy = [each for each in addresses if "logo" not in each]
        assert sum(len(_body(client, each)) for each in heavy) <= MOST_BYTES


def _body(client: Client, address: str) -> bytes:
    answer = client.get(address, secure=True)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def test_more_friends_are_no_more_questions_to_the_database(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    asked = []
    for count in (0, 12):
        decide(bluebell, [
            event(f"n-{each}", "signup", f"New-{each}", after=timedelta(days=21), referral_code="ada-10", props=NAMED)
            for each in range(count)
        ])  # fmt: skip
        for rest in ("", "friends", "rewards"):
            page(client, rest)
            with CaptureQueriesContext(connection) as queries:
                page(client, rest)
            asked.append(len(queries))
    assert all(more <= few for few, more in zip(asked[:3], asked[3:], strict=True)), asked


def test_nothing_runs_but_our_own_script(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    for rest in PAGES:
        answer = client.get(path(rest), secure=True)
        assert "style=" not in answer.content.decode()
        assert "script-src 'self';" in answer["Content-Security-Policy"]
        assert not re.search(r"<script(?! src=)|\son\w+=", answer.content.decode())
