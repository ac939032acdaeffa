"""Mails that tell what happened: to whom, once, in whose words and language, and when none is sent."""

from datetime import UTC, datetime, timedelta

import pytest

from sayso.core.program.review import read_published
from sayso.domains.jobs.relay import relay
from sayso.domains.outreach.deliver import send_mails
from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.models import Mail, MailKind, MailState
from sayso.domains.outreach.switches import MailNotSendable, set_mail
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Brand, Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell
from tests.domains.outreach.mailing import ada_and_ben, hand_over, open_with, soon, told, turn_on
from tests.domains.outreach.post_office import TAKEN, PostOffice, html_of, signup, text_of

pytestmark = pytest.mark.django_db(transaction=True)

WORDED = (
    FRIENDS.replace("program: friends", "program: worded")
    + """
messages:
  welcome:
    subject: {en: "Hello from {{ company }}", nl: "Welkom bij {{ company }}"}
    text: |
      {% if advocate %}{{ advocate }} sent you.{% endif %}

      Yours: {{ reward }}, {{ code }}. {{ link }}
"""
)


@pytest.fixture
def bluebell() -> Workspace:
    return open_with(FRIENDS)


def test_ben_is_welcomed_with_his_coupon_and_ada_hears_that_he_came(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    letters = told(bluebell, office, *ada_and_ben())
    assert set(letters) == {"ada@example.com", "ben@example.com"}
    ben, ada = text_of(letters["ben@example.com"]), text_of(letters["ada@example.com"])
    assert letters["ben@example.com"]["Subject"] == "Welcome to Bluebell Coffee"
    assert "Ada recommended us" in ben
    assert "€10" in ben
    assert "BLUE-" in ben
    assert letters["ada@example.com"]["Subject"] == "Ben came to Bluebell Coffee through you"
    assert "BLUE-" not in ada
    for letter in letters.values():
        assert "Calle Mayor 1" in text_of(letter)
        assert "https://friends.example/w/bluebell/portal/" in text_of(letter)
        assert "https://friends.example/w/bluebell/portal/" in html_of(letter)


def test_a_name_cannot_begin_another_header(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    evil = "Blue\r\nBcc: eve@example.com\u2028X-Eve: 1"
    # Such a name is refused today; one may have been stored before.
    Brand.objects.filter(workspace=bluebell).update(name=evil)
    letters = told(bluebell, office, *ada_and_ben(name=evil))
    assert set(letters) == {"ada@example.com", "ben@example.com"}
    for letter in letters.values():
        assert letter["From"].addresses[0].display_name == "Blue Bcc: eve@example.com X-Eve: 1"
        assert letter["From"].addresses[0].addr_spec == "hello@bluebell.example"
        assert letter["Bcc"] is letter["X-Eve"] is None
        assert "eve@example.com" not in str(letter["To"])
        assert letter["Subject"].startswith(("Welcome to Blue", "Blue came to Blue"))
    assert not any("eve" in each for each in office.recipients)


def test_a_coupon_says_what_it_takes_to_use_it_and_not_what_it_costs(office: PostOffice) -> None:
    coupon = "coupon: 10 EUR, minimum_order: 30 EUR, expires: 60d, cost: 4 EUR"
    workspace = open_with(FRIENDS.replace("coupon: 10 EUR, expires: 60d", coupon))
    turn_on(workspace, "welcome")
    ben = " ".join(text_of(told(workspace, office, *ada_and_ben())["ben@example.com"]).split())
    assert "€10" in ben
    assert "(for orders of €30 or more, valid for 60 days)" in ben
    ends = Reward.objects.get(workspace=workspace).due_at
    assert ends is not None
    last = (ends - timedelta(hours=1)).astimezone(workspace.zone)
    assert f"Use it by {last.day} {last:%B %Y}." in ben
    assert "€4" not in ben


def test_each_cause_makes_one_mail_however_often_it_is_told(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    assert len(told(bluebell, office, *ada_and_ben())) == 2
    assert told(bluebell, office, *ada_and_ben()) == {}
    assert sorted(Mail.objects.values_list("kind", "state")) == [
        ("friend_joined", "sent"), ("reward_ready", "skipped"), ("welcome", "sent"),
    ]  # fmt: skip
    assert Mail.objects.get(kind="reward_ready").reason == "the welcome tells of it"


def test_one_moment_has_room_for_more_mails_than_it_has_numbers(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moment has 1,024 numbers of its own; here as with the last one of them, which comes up a few times only."""
    chances = iter([1023] * 9)
    monkeypatch.setattr("secrets.randbits", lambda _: next(chances))
    for cause in (1, 2, 3):
        assert enqueue_mail(bluebell.pk, MailToSend(MailKind.WELCOME, cause, member=1), now=START) is not None
    assert enqueue_mail(bluebell.pk, MailToSend(MailKind.WELCOME, 3, member=1), now=START) is None
    first, *others = Mail.objects.order_by("number").values_list("number", flat=True)
    assert others == [first + 1, first + 2]


def test_where_two_programs_run_the_advocate_hears_of_a_sign_up_once(office: PostOffice) -> None:
    two = open_with(FRIENDS, FRIENDS.replace("program: friends", "program: others").replace("stars", "moons"))
    turn_on(two)
    told(two, office, *ada_and_ben())
    kinds = list(Mail.objects.values_list("kind", flat=True))
    assert (kinds.count("friend_joined"), kinds.count("welcome")) == (1, 2)


def test_a_welcome_waits_for_the_code_and_no_longer(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    decide(bluebell, ada_and_ben())
    while relay(datetime.now(UTC)):
        pass
    made = Mail.objects.get(kind="welcome").made_at
    assert made is not None
    assert [each["To"] for each in office.empty(made)] == ["ada@example.com"]
    hand_over()
    (welcome,) = office.empty(made + timedelta(seconds=4))
    assert "BLUE-" in text_of(welcome)


def test_a_code_that_does_not_come_follows_the_welcome(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    decide(bluebell, ada_and_ben())
    while relay(datetime.now(UTC)):
        pass
    welcome = next(each for each in office.empty(soon()) if each["To"] == "ben@example.com")
    assert "BLUE-" not in text_of(welcome)
    hand_over()
    (late,) = office.empty(soon())
    assert "BLUE-" in text_of(late)


def test_what_is_told_of_a_reward_lets_the_welcome_go_first(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell, "welcome", "reward_ready")
    decide(bluebell, ada_and_ben())
    hand_over()
    office.at_data = "451 later"
    office.empty(datetime.now(UTC))
    waiting = Mail.objects.get(kind="reward_ready")
    welcome = Mail.objects.get(kind="welcome")
    assert (waiting.state, welcome.state) == (MailState.PENDING, MailState.PENDING)
    assert waiting.next_at is not None
    assert welcome.next_at is not None
    assert waiting.next_at > welcome.next_at
    office.at_data = "550 never"
    send_mails(welcome.next_at)
    office.at_data = TAKEN
    (told,) = office.empty(waiting.next_at + timedelta(seconds=5))
    assert told["Subject"] == "Your reward from Bluebell Coffee is here"


def test_nothing_is_sent_that_was_not_turned_on(bluebell: Workspace, office: PostOffice) -> None:
    assert told(bluebell, office, *ada_and_ben()) == {}
    assert not Mail.objects.exists()
    turn_on(bluebell, "friend_joined")
    set_mail(workspace=bluebell, kind="friend_joined", on=False, now=START)
    bluebell.refresh_from_db()
    assert not bluebell.listens.startswith("referral")


def test_a_friend_who_did_not_allow_it_is_not_named(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    letters = told(bluebell, office, *ada_and_ben(consents={}))
    assert letters["ada@example.com"]["Subject"] == "A friend came to Bluebell Coffee through you"
    assert "Ben" not in text_of(letters["ada@example.com"])


def test_the_headers_let_everybody_stop_with_one_click(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    letter = told(bluebell, office, *ada_and_ben())["ada@example.com"]
    assert letter["List-Unsubscribe"].startswith("<https://friends.example/w/bluebell/mail/stop/")
    assert all(b"\r\nList-Unsubscribe: <https://" in raw for raw in office.raw)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["From"] == "Bluebell Coffee <hello@bluebell.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "en"
    assert letter["Message-ID"] == f"<{Mail.objects.get(kind='friend_joined').id}.{bluebell.pk}@bluebell.example>"


def test_a_reward_is_announced_to_whom_it_belongs(office: PostOffice) -> None:
    choice = "give: {choice: [{credit: 20 EUR}, {donation: 25 EUR}]}"
    workspace = open_with(FRIENDS.replace("give: {credit: 20 EUR}, hold: 14d", choice))
    turn_on(workspace, "reward_to_choose")
    bought = event("b-2", "purchase", "Ben", after=timedelta(hours=2), amount_minor=2500)
    letters = told(workspace, office, *ada_and_ben(), bought)
    assert set(letters) == {"ada@example.com"}
    text = " ".join(text_of(letters["ada@example.com"]).split())
    assert "recommending us to Ben" in text
    assert "€20" in text
    assert "€25" in text


@pytest.mark.parametrize(
    ("give", "kind"),
    [("coupon: 10 EUR", "reward_ready"), ("choice: [{credit: 9 EUR}, {donation: 9 EUR}]", "reward_to_choose")],
)
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It is for you because Ada recommended us to you."),
        ("es", "Es para ti porque Ada te habló de nosotros."),
        ("it", "È per te, perché Ada ti ha parlato di noi."),
        ("nl", "Dit is voor jou, omdat Ada ons aan je heeft aanbevolen."),
    ],
)
def test_the_friend_is_not_thanked_for_recommending(
    office: PostOffice, give: str, kind: str, language: str, sentence: str
) -> None:
    workspace = open_with(FRIENDS.replace("give: {coupon: 10 EUR, expires: 60d}", f"give: {{{give}}}"))
    turn_on(workspace, kind)
    ada, code, ben = ada_and_ben()
    known = event("b-0", "member_updated", "Ben", props={"language": language})
    letters = told(workspace, office, ada, code, known, ben)
    assert sentence in " ".join(text_of(letters["ben@example.com"]).split())


@pytest.mark.parametrize(("of_ben", "whom"), [({}, "Ben"), ({"consents": {}}, "a friend")])
def test_after_the_hold_the_advocate_is_told_once_and_for_whom(
    bluebell: Workspace, office: PostOffice, of_ben: dict[str, object], whom: str
) -> None:
    turn_on(bluebell, "reward_ready")
    bought = event("b-2", "purchase", "Ben", after=timedelta(hours=2), amount_minor=2500)
    assert set(told(bluebell, office, *ada_and_ben(**of_ben), bought)) == {"ben@example.com"}
    letters = told(bluebell, office, event("a-3", "survey_answered", "Ada", after=timedelta(days=15)))
    ada = text_of(letters["ada@example.com"])
    assert "€20" in ada
    assert f"It is our thanks for recommending us to {whom}." in ada
    assert told(bluebell, office, event("a-4", "survey_answered", "Ada", after=timedelta(days=16))) == {}


def test_the_companys_own_words_are_used_and_escaped(office: PostOffice) -> None:
    workspace = open_with(WORDED)
    turn_on(workspace, "welcome")
    arrivals = ada_and_ben()
    ada = signup("a-1", "Ada", "ada@example.com", props={"name": "<b>Ada</b>{{link}}"})
    letter = told(workspace, office, ada, *arrivals[1:])["ben@example.com"]
    assert letter["Subject"] == "Hello from Bluebell Coffee"
    assert "<b>Ada</b>{{link}} sent you." in text_of(letter)
    assert "&lt;b&gt;Ada&lt;/b&gt;{{link}} sent you." in html_of(letter)
    assert "BLUE-" in text_of(letter)


def test_words_that_cannot_be_used_give_way_to_ours(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    # As published before the check read templates.
    monkeypatch.setattr("sayso.domains.programs.publish.check_program", read_published)
    workspace = open_with(WORDED.replace("{{ code }}", "{% for i in (1..9) %}x{% endfor %}"))
    turn_on(workspace, "welcome")
    assert told(workspace, office, *ada_and_ben())["ben@example.com"]["Subject"] == "Welcome to Bluebell Coffee"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("es", "Te damos la bienvenida a Bluebell Coffee"),
        ("it", "Ti diamo il benvenuto in Bluebell Coffee"),
        ("nl-BE", "Welkom bij Bluebell Coffee"),
        ("fr", "Welcome to Bluebell Coffee"),
    ],
)
def test_everybody_reads_their_own_language(
    bluebell: Workspace, office: PostOffice, language: str, subject: str
) -> None:
    turn_on(bluebell, "welcome")
    ada, code, ben = ada_and_ben()
    known = event("b-0", "member_updated", "Ben", props={"language": language})
    letter = told(bluebell, office, ada, code, known, ben)["ben@example.com"]
    assert letter["Subject"] == subject
    assert letter["Content-Language"] == (language[:2] if language != "fr" else "en")


def test_who_was_erased_gets_nothing(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell)
    decide(bluebell, ada_and_ben())
    hand_over()
    decide(bluebell, [event("b-9", "member_erased", "Ben", after=timedelta(days=1))])
    assert [letter["To"] for letter in office.empty(soon())] == ["ada@example.com"]
    assert set(Mail.objects.filter(state=MailState.SKIPPED).values_list("reason", flat=True)) == {
        "the member was erased"
    }


def test_news_that_are_days_old_are_recorded_and_not_sent(bluebell: Workspace, office: PostOffice) -> None:
    turn_on(bluebell, "welcome", "friend_joined")
    later = event("e-1", "signup", "Eva", after=timedelta(days=5))
    assert told(bluebell, office, *ada_and_ben(), later) == {}
    assert set(Mail.objects.values_list("state", "reason")) == {("skipped", "it was too late to be sent")}


def test_nothing_is_turned_on_that_nobody_could_stop(bluebell: Workspace) -> None:
    with pytest.raises(MailNotSendable, match="nobody could stop"):
        turn_on(bluebell, "welcome")


def test_members_of_other_workspaces_hear_nothing(bluebell: Workspace, office: PostOffice) -> None:
    calm = open_bluebell(FRIENDS, name="calm")
    turn_on(bluebell)
    assert told(calm, office, *ada_and_ben()) == {}
