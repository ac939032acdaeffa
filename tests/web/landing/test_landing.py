"""The landing page: what it says, the sign-up with its reward, and who is kindly refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.pages.consent_texts import write_text
from sayso.domains.pages.counting import page_counts
from sayso.domains.pages.figures import page_figures
from sayso.domains.pages.variants import variant_for
from sayso.domains.people.consents import NEWS, SHARED, consents_of
from sayso.domains.people.models import Member
from sayso.domains.people.update import Update, erase_member, update_member
from sayso.domains.programs.pause import pause_program
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.models import Reward
from sayso.domains.sharing.names import note_names
from sayso.domains.workspaces.brand import add_host
from sayso.domains.workspaces.models import Workspace
from sayso.web.landing import form_page, gate
from sayso.web.landing.drawing import _font
from sayso.web.landing.gate import Gatekeeper
from tests.web.landing.visiting import (
    BROWSER,
    LEADS,
    PAGE,
    PAGE_PART,
    PROGRAM,
    fields_of,
    fill_in,
    look,
    open_cafe,
    send,
    solve,
    token_of,
)


@pytest.fixture
def bluebell(transactional_db: None) -> Workspace:
    return open_cafe(PROGRAM + PAGE_PART)


@pytest.fixture
def introducing(transactional_db: None) -> Workspace:
    return open_cafe(LEADS)


@pytest.fixture
def plain(transactional_db: None) -> Workspace:
    return open_cafe()


def test_the_page_says_who_recommends_what_there_is_to_gain_and_to_whom(client: Client, bluebell: Workspace) -> None:
    shown = look(client, t=token_of(bluebell))
    said = shown.content.decode()
    assert "<b>Ada</b> thinks you would like this" in said
    assert "You get a coupon worth €10 (for orders of €30 or more, valid for 60 days) as soon as you sign up." in said
    assert "If it works out, Ada gets €20 credit for it." in said
    order = (
        "<h1>", "Beans roasted yesterday", "For people who make coffee", 'name="email"', "Take the", "Lucía",
        "How do I use it?", "When the friend spends",
    )  # fmt: skip
    places = [said.index(each, said.index("<main")) for each in order]
    assert places == sorted(places)
    assert "Lovell" not in said
    assert "advocate" not in fields_of(said)
    assert shown["Referrer-Policy"] == "same-origin"


def test_a_page_without_words_of_its_own_speaks_from_the_program(client: Client, plain: Workspace) -> None:
    said = look(client).content.decode()
    assert "<h1>A coupon worth €10 for you</h1>" in said
    assert "Get my €10" in said
    assert set(fields_of(said)) >= {"name", "email", "advocate"}
    spanish = client.get(PAGE, secure=True, headers={"accept-language": "es"}).content.decode()
    assert "Un cupón de 10\xa0€ para ti" in spanish
    assert "¿Quién nos recomendó?" in spanish


def test_a_friend_signs_up_and_sees_the_reward_at_once(client: Client, bluebell: Workspace) -> None:
    token = token_of(bluebell)
    boxes = {"consent-shared": "1", "phone": "+34 600 000 001"}
    answer = fill_in(client, asked={"t": token}, t=token, **boxes)
    assert answer.status_code == 302
    welcome = client.get(answer["Location"], secure=True)
    said = welcome.content.decode()
    assert "Welcome, Ben!" in said
    assert "A coupon worth €10" in said
    assert welcome["Referrer-Policy"] == "no-referrer"
    event = Event.objects.get(workspace=bluebell, type="signup")
    assert event.props["shown_version"] == {"friends": 1}
    assert event.props["touches"][0]["source"] == "token"
    assert Referral.objects.get(workspace=bluebell).friend == event.member
    assert Reward.objects.filter(workspace=bluebell, beneficiary=event.member).count() == 1
    answered = consents_of(bluebell, event.member)
    assert {name: each.given for name, each in answered.items()} == {SHARED: True, NEWS: False}
    ref = Member.objects.get(workspace=bluebell, id=event.member).ref
    assert ref.startswith("web-")
    assert ref not in said


@pytest.mark.parametrize(("path", "ticked"), [(PAGE, "news"), (f"{PAGE}/lead", "contacted")])
def test_consent_is_noted_under_the_text_that_was_shown(
    client: Client, introducing: Workspace, path: str, ticked: str
) -> None:
    token = token_of(introducing)
    page = look(client, path, t=token).content.decode()
    write_text(workspace=introducing, purpose=ticked, texts={"en": "You may sell all I have."}, now=datetime.now(UTC))
    typed = {"name": "Ben", "email": "ben@example.com", f"consent-{ticked}": "1", "t": token}
    sent = {**fields_of(page), "proof": solve(page), **typed}
    assert sent[f"asked-{ticked}"] == "en-1"
    for never_shown in ("en-3", "nl-1", "en-", "", f"en-{'9' * 40}"):
        assert send(client, {**sent, f"asked-{ticked}": never_shown}, path).status_code == 422
    send(client, sent, path)
    event = Event.objects.get(workspace=introducing, type__in=("signup", "lead"))
    assert event.props["consents"][ticked] == {"given": True, "version": 1, "language": "en"}


def test_the_same_form_sent_twice_is_one_sign_up(client: Client, bluebell: Workspace) -> None:
    page = look(client, t=token_of(bluebell)).content.decode()
    sent = {**fields_of(page), "proof": solve(page), "name": "Ben", "email": "ben@example.com", "phone": "+34600000001"}
    first, second = send(client, sent), send(client, sent)
    assert first.status_code == second.status_code == 302
    assert Event.objects.filter(workspace=bluebell, type="signup").count() == 1
    other = send(client, {**sent, "email": "other@example.com"})
    assert other.status_code == 422


def test_somebody_who_signed_up_before_sees_no_code_of_theirs(client: Client, plain: Workspace) -> None:
    token = token_of(plain)
    assert fill_in(client, asked={"t": token}, t=token).status_code == 302
    again = fill_in(Client(), asked={"t": token}, t=token)
    assert again.status_code == 200
    assert "Good to see you again" in again.content.decode()


def test_a_code_that_is_typed_counts_and_a_wrong_one_is_told_kindly(client: Client, plain: Workspace) -> None:
    wrong = fill_in(client, advocate="nobody")
    assert wrong.status_code == 422
    assert "We cannot find this recommendation" in wrong.content.decode()
    assert 'value="ben@example.com"' in wrong.content.decode()
    assert not Event.objects.filter(workspace=plain, type="signup").exists()
    assert fill_in(client, advocate=" Ada-10 ").status_code == 302
    assert Referral.objects.filter(workspace=plain).count() == 1


@pytest.mark.parametrize("email", ["ada.l@gmail.com", "adal+friend@gmail.com", "a.d.a.l@googlemail.com"])
def test_an_advocate_is_not_their_own_friend(client: Client, plain: Workspace, email: str) -> None:
    said = fill_in(client, asked={"t": token_of(plain)}, t=token_of(plain), email=email)
    assert said.status_code == 200
    assert "This one is for a friend" in said.content.decode()
    assert not Event.objects.filter(workspace=plain, type="signup").exists()


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(client: Client, bluebell: Workspace) -> None:
    shown = fill_in(client, asked={"t": token_of(bluebell)}, email="no address", phone="")
    said = shown.content.decode()
    assert shown.status_code == 422
    assert "Please check these 2 things" in said
    assert 'aria-describedby="email-wrong"' in said
    assert 'href="#field-phone"' in said
    assert 'value="no address"' in said
    assert 'value="Ben Ostrom"' in said


@pytest.mark.parametrize(
    ("path", "company", "postcode"),
    [
        (PAGE, "Write your company", "Write your postcode"),
        (f"{PAGE}/lead", "Write their company", "Write their postcode"),
    ],
)
def test_each_line_above_the_form_names_its_field(
    client: Client, transactional_db: None, path: str, company: str, postcode: str
) -> None:
    cafe = open_cafe(f"{LEADS}page: {{form: [name, company, postcode]}}\n")
    shown = fill_in(client, path, asked={"t": token_of(cafe)}, t=token_of(cafe), name="n" * 101)
    said = unescape(shown.content.decode())
    assert shown.status_code == 422
    assert f'<a href="#field-company">{company}</a>' in said
    assert f'<a href="#field-postcode">{postcode}</a>' in said
    assert re.search('<a href="#field-name">“[^”]*ame” takes at most 100 characters</a>', said)


def test_without_script_the_form_works_after_a_moment_and_less_often(
    client: Client, plain: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = look(client, t=token_of(plain)).content.decode()
    sent = {**fields_of(page), "name": "Ben", "email": "ben@example.com"}
    hasty = send(client, sent)
    assert "That was quick" in hasty.content.decode()
    monkeypatch.setattr(gate, "LEAST_SECONDS", 0.0)
    assert send(client, {**sent, **_hidden(hasty.content.decode())}).status_code == 302
    for number in range(2):
        _without_script(client, plain, f"friend-{number}@example.com")
    crowd = _without_script(client, plain, "one-more@example.com")
    assert (crowd.status_code, crowd["Retry-After"]) == (429, "60")


def _hidden(page: str) -> dict[str, str]:
    return {name: value for name, value in fields_of(page).items() if name == "ticket"}


def _without_script(client: Client, workspace: Workspace, email: str):  # type: ignore[no-untyped-def]
    page = look(client, t=token_of(workspace)).content.decode()
    return send(client, {**fields_of(page), "name": "Ben", "email": email})


def test_robots_that_fill_everything_in_learn_nothing(client: Client, plain: Workspace) -> None:
    answer = fill_in(client, asked={"t": token_of(plain)}, t=token_of(plain), fax_number="1")
    assert answer.status_code == 200
    assert "Thank you" in answer.content.decode()
    assert not Event.objects.filter(workspace=plain, type="signup").exists()


def test_a_thousand_forms_by_one_machine_are_a_handful_of_sign_ups(client: Client, plain: Workspace) -> None:
    token = token_of(plain)
    answers = [fill_in(client, asked={"t": token}, t=token, email=f"b{number}@example.com") for number in range(14)]
    assert [each.status_code for each in answers] == [302] * 10 + [429] * 4


def test_a_ticket_is_good_for_its_page_and_a_sum_for_its_ticket(client: Client, introducing: Workspace) -> None:
    page, other = (look(client, t=token_of(introducing)).content.decode() for _ in range(2))
    sent = {**fields_of(page), "name": "Ben", "email": "ben@example.com"}
    assert send(client, {**sent, "ticket": sent["ticket"] + "x"}).status_code == 422
    assert "That was quick" in send(client, {**sent, "proof": solve(other)}).content.decode()
    lead_page = look(client, f"{PAGE}/lead", t=token_of(introducing)).content.decode()
    assert send(client, {**sent, "ticket": fields_of(lead_page)["ticket"], "proof": "1"}).status_code == 422


def test_a_form_needs_its_token(plain: Workspace) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, {"name": "Ben"}).status_code == 403
    page = look(strict, t=token_of(plain)).content.decode()
    sent = {**fields_of(page), "proof": solve(page), "name": "Ben", "email": "ben@example.com"}
    referer = {"referer": "https://testserver" + PAGE, "user-agent": BROWSER}
    assert strict.post(PAGE, sent, secure=True, headers=referer).status_code == 302


def test_no_cookie_but_the_forms_own_is_set_without_consent(client: Client, plain: Workspace) -> None:
    token = token_of(plain)
    assert set(look(client, t=token).cookies) == {"__Host-sayso_csrf"}
    kept = client.post(f"{PAGE}/remember", {"t": token, "remembered": "1"}, secure=True)
    cookie = kept.cookies["sayso_click"]
    assert (cookie["path"], cookie["httponly"], cookie["secure"], cookie["samesite"]) == (
        "/w/bluebell/",
        True,
        True,
        "Lax",
    )
    back = look(client).content.decode()
    assert "<b>Ada</b>" in back
    assert "This device remembers" in back
    assert fill_in(client).status_code == 302
    assert Event.objects.get(workspace=plain, type="signup").props["touches"][0]["source"] == "cookie"
    assert client.cookies["sayso_click"].value == ""


def test_whoever_wants_to_be_left_alone_is_not_asked_for_a_cookie(client: Client, plain: Workspace) -> None:
    alone = client.get(PAGE, {"t": token_of(plain)}, secure=True, headers={"sec-gpc": "1"})
    assert "Not today?" not in alone.content.decode()
    answer = client.post(
        f"{PAGE}/remember", {"t": token_of(plain), "remembered": "1"}, secure=True, headers={"sec-gpc": "1"}
    )
    assert "sayso_click" not in answer.cookies


def test_a_variant_sticks_to_the_click_and_is_counted(client: Client, bluebell: Workspace) -> None:
    made = [token_of(bluebell, ago=timedelta(minutes=minute)) for minute in range(1, 101)]
    sides: dict[str, list[str]] = {"": [], "warm": []}
    for each in made:
        sides[variant_for("friends", ["warm"], each)].append(each)
    tokens = [*sides[""][:4], *sides["warm"][:4]]
    for token in tokens:
        wanted = variant_for("friends", ["warm"], token)
        for _ in range(2):
            assert ("Something warm" in look(client, t=token).content.decode()) == (wanted == "warm")
    warm = sides["warm"][0]
    assert fill_in(client, asked={"t": warm}, t=warm, phone="+34600000001").status_code == 302
    client.head(PAGE, {"t": warm}, secure=True, headers={"user-agent": BROWSER})
    client.get(PAGE, {"t": warm}, secure=True, headers={"user-agent": BROWSER, "sec-purpose": "prefetch"})
    client.get(PAGE, {"t": warm}, secure=True, headers={"user-agent": "Googlebot/2.1"})
    page_counts.write()
    figures = page_figures(bluebell, "friends")
    assert sum(each.shown for each in figures.variants) == 17
    assert [(each.name, each.signed_up) for each in figures.variants] == [("", 0), ("warm", 1)]
    assert Event.objects.get(workspace=bluebell, type="signup").props["page"]["variant"] == "warm"


def test_a_token_that_was_changed_or_belongs_elsewhere_is_no_recommendation(client: Client, plain: Workspace) -> None:
    token = token_of(plain)
    # Not the last letter: some of its bits may mean nothing.
    changed = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
    for forged in (changed, "x" * 2000, "<script>", "é"):
        said = look(client, t=forged).content.decode()
        assert "Ada" not in said
        assert "advocate" in fields_of(said)


def test_what_has_ended_or_rests_is_said(client: Client, plain: Workspace) -> None:
    pause_program(workspace=plain, program="friends", actor=Actor("api"), now=datetime.now(UTC))
    resting = look(client)
    assert resting.status_code == 200
    assert "Taking a break" in resting.content.decode()
    assert 'id="form"' not in resting.content.decode()
    assert look(client, "/w/bluebell/p/unknown").status_code == 404


def test_a_program_that_is_over_is_gone(client: Client, transactional_db: None) -> None:
    open_cafe(PROGRAM.replace("currency: EUR", "currency: EUR\nruns: {until: 2020-01-01}"))
    over = look(client)
    assert over.status_code == 410
    assert "This offer has ended" in over.content.decode()
    assert client.get("/w/bluebell/terms/friends", secure=True).status_code == 200


def test_machines_read_the_offer_and_the_picture_is_made_from_it(client: Client, bluebell: Workspace) -> None:
    said = look(client).content.decode()
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', said)
    assert text
    offer, asked = json.loads(text[1])["@graph"]
    assert offer["offeredBy"]["name"] == "Bluebell Coffee"
    assert asked["mainEntity"][0]["name"] == "How do I use it?"
    place = re.search(r'og:image" content="https://testserver([^"]+)"', said)
    assert place
    picture = client.get(place[1].replace("&amp;", "&"), secure=True)
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)
    assert "immutable" in picture["Cache-Control"]
    unstamped = client.get(place[1].partition("?")[0], secure=True)
    assert "immutable" not in unstamped["Cache-Control"]
    assert "Accept-Language" in unstamped["Vary"]
    drawn = {bytes(_font(40).getmask(letter)) for letter in "é€ñìë\u00a0\uffff"}
    assert len(drawn) == 7  # a letter that the font has not would look like the last one


def test_an_advocate_hands_in_a_contact_with_their_consent(client: Client, introducing: Workspace) -> None:
    path, token = f"{PAGE}/lead", token_of(introducing)
    missing = fill_in(client, path, asked={"t": token}, email="eva@example.com", name="Eva")
    assert missing.status_code == 422
    assert "Please ask them first" in missing.content.decode()
    both = fill_in(client, path, asked={"t": token}, email="eva", name="Eva").content.decode()
    assert "Please ask them first" in both
    assert 'href="#field-email"' in both
    ticked: dict[str, Any] = {"name": "Eva", "consent-contacted": "1"}
    done = fill_in(client, path, asked={"t": token}, email="eva@example.com", **ticked)
    assert "Thank you for the introduction" in done.content.decode()
    lead_event = Event.objects.get(workspace=introducing, type="lead")
    assert lead_event.props["consents"]["contacted"]["given"] is True
    assert Referral.objects.get(workspace=introducing).friend == lead_event.member
    again = fill_in(client, path, asked={"t": token}, email="eva@example.com", **ticked)
    assert Event.objects.filter(workspace=introducing, type="lead").count() == 1
    # Neither who recommends here nor who is known here is to be found out with the form.
    nobody = fill_in(client, path, advocate="Nobody Atall", email="dario@example.com", **ticked)
    for answer in (again, nobody):
        assert _main(answer) == _main(done)


def test_the_click_on_the_link_of_somebody_who_was_erased_is_no_recommendation(
    client: Client, introducing: Workspace
) -> None:
    token = token_of(introducing)
    client.cookies["sayso_click"] = token
    erase_member(workspace=introducing, member="ada", actor=Actor("api"), now=datetime.now(UTC))
    said = look(client, t=token).content.decode()
    assert "A friend thinks" not in said
    assert "advocate" in fields_of(said)
    ticked: dict[str, Any] = {"consent-contacted": "1"}
    assert fill_in(client, f"{PAGE}/lead", t=token, **ticked).status_code == 422


def test_the_same_pages_stand_at_the_root_of_the_companys_own_host(
    client: Client, plain: Workspace, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "friends.bluebell.example"]  # type: ignore[attr-defined]
    add_host(workspace=plain, host="friends.bluebell.example")
    own = {"host": "friends.bluebell.example", "user-agent": BROWSER}
    said = client.get("/p/friends", {"t": token_of(plain)}, secure=True, headers=own).content.decode()
    assert 'action="/p/friends"' in said
    assert 'href="https://friends.bluebell.example/p/friends"' in said
    assert client.get("/p/friends", secure=True, headers={**own, "host": "evil.example"}).status_code == 400


def test_a_name_leads_to_the_advocate_and_tells_nobody_whether_there_is_one(client: Client, plain: Workspace) -> None:
    note_names(datetime.now(UTC))
    known = fill_in(client, advocate="Ada Lovell")
    unknown = fill_in(Client(), advocate="Nobody Known", email="chloe@example.com")
    assert known.status_code == unknown.status_code == 200
    assert _main(known) == _main(unknown)
    assert Referral.objects.filter(workspace=plain).count() == 1
    own = fill_in(Client(), advocate="Ada Lovell", email="ada.l@gmail.com")
    somebody_elses = fill_in(Client(), advocate="Nobody Known", email="ben@example.com")
    assert _main(own) == _main(somebody_elses)


def test_whoever_types_the_address_of_a_customer_makes_them_nobodys_friend_for_good(
    client: Client, plain: Workspace
) -> None:
    """Taken over from another system, they never bought here: by the program's word they would be new."""
    taken_over = Update(email="dario@example.com", attributes={"name": "Dario Conti"})
    update_member(workspace=plain, member="dario-7", update=taken_over, actor=Actor("api"), now=datetime.now(UTC))
    sent = fill_in(client, asked={"t": token_of(plain)}, name="Mallory", email="Dario@example.com")
    assert sent.status_code == 302
    welcome: Any = client.get(sent["Location"], secure=True, headers={"user-agent": BROWSER})
    said = _main(welcome)
    assert "Somebody has a look first." in said
    assert "Dario" not in said
    assert '<p class="code">' not in said
    assert Referral.objects.get(workspace=plain).status == "in_review"
    assert set(Reward.objects.filter(workspace=plain).values_list("state", flat=True)) == {"in_review"}


def test_a_name_that_several_bear_asks_for_one_more_detail(client: Client, plain: Workspace) -> None:
    other = Update(codes=["ADA-11"], attributes={"name": "Ada Lovell", "city": "Sevilla"})
    update_member(workspace=plain, member="ada-2", update=other, actor=Actor("api"), now=datetime.now(UTC))
    note_names(datetime.now(UTC))
    asked = fill_in(client, advocate="Ada Lovell")
    assert asked.status_code == 422
    assert "Please say a little more about them" in asked.content.decode()
    assert "Sevilla" not in asked.content.decode()
    said = asked.content.decode()
    sent = {**fields_of(said), "proof": solve(said), "detail": "sevilla"}
    assert send(client, sent).status_code == 200
    assert Referral.objects.get(workspace=plain).advocate == Member.objects.get(workspace=plain, ref="ada-2").id


def test_names_are_tried_ten_times_a_minute(client: Client, plain: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        fill_in(client, advocate=f"Nobody Known{number}", email=f"b{number}@example.com")
    # What counts here are the names.
    monkeypatch.setattr(form_page, "gatekeeper", Gatekeeper())
    said = fill_in(client, advocate="Ada Lovell", email="eva@example.com")
    assert "Too many names and codes" in said.content.decode()


def _main(answer: HttpResponse) -> str:
    said = answer.content.decode()
    return said[said.index("<main") : said.index("</main>")]


def test_an_account_has_a_page_with_words_of_its_own(client: Client, transactional_db: None) -> None:
    cafe = open_cafe(
        f"{PROGRAM}{PAGE_PART}  accounts: {{harbour: {{headline: Coffee for the harbour, form: [email]}}}}\n"
    )
    token, path = token_of(cafe), f"{PAGE}/for/harbour"
    said = look(client, path, t=token).content.decode()
    assert "<h1>Coffee for the harbour</h1>" in said
    assert "Beans roasted yesterday" in said
    assert 'href="https://testserver/w/bluebell/p/friends/for/harbour"' in said
    assert 'name="phone"' not in said
    done = fill_in(client, path, asked={"t": token}, t=token)
    assert done["Location"].startswith(f"{PAGE}/welcome?")
    assert Event.objects.get(workspace=cafe, type="signup").props["page"]["account"] == "harbour"
    assert look(client, f"{PAGE}/for/nobody").status_code == 404


def test_a_slash_at_the_end_leads_to_the_page(client: Client, bluebell: Workspace, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "friends.bluebell.example"]  # type: ignore[attr-defined]
    add_host(workspace=bluebell, host="friends.bluebell.example")
    for path, host in ((PAGE, "testserver"), ("/p/friends", "friends.bluebell.example")):
        answer = client.get(f"{path}/?t=x&language=nl", secure=True, headers={"host": host})
        assert (answer.status_code, answer["Location"]) == (301, f"{path}?t=x&language=nl")
    for path in ("/w/bluebell/nothing/", "/w/bluebell/r/unknown/", "/w/bluebell/p/unknown", "/api/v1/programs/"):
        assert client.get(path, secure=True).status_code == 404
    assert client.post(f"{PAGE}/", secure=True).status_code == 404
