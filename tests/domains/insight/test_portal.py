"""What a member sees of themselves, and how little of anybody else."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps

from sayso.domains.events.act import Actor
from sayso.domains.insight.portal.export import as_csv, as_json, cell, own_data
from sayso.domains.insight.portal.friends import friend_by_referral, friends_of
from sayso.domains.insight.portal.leaders import leaders_for
from sayso.domains.insight.portal.offer import recommending, slugs_for
from sayso.domains.insight.portal.rewards import open_choices, own_reward, rewards_of_mine
from sayso.domains.insight.portal.standing import badges_of, roads_of, standings_of
from sayso.domains.insight.portal.wallet import movements_of_mine, wallets_of_mine
from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.models import MailKind
from sayso.domains.outreach.suppress import stop_mails_to
from sayso.domains.people.consents import ConsentAnswer
from sayso.domains.people.update import erase_member
from sayso.domains.referrals.listing import answer_listing, is_listed
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.queries import NoSuchReferral
from sayso.domains.referrals.remind import MayNotRemind, remind_friend
from sayso.domains.rewards.choose import choose_reward
from sayso.domains.rewards.issue import issue_reward
from sayso.domains.sharing.invite import Guest, Invitee, invite
from sayso.domains.workspaces.ids import number_of
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, event, open_bluebell
from tests.domains.insight.members_page import YES, me_in, open_full
from tests.domains.rewards.gifts import GIFTS, NOW, buys, the_reward

pytestmark = pytest.mark.django_db(transaction=True)

LISTED = ConsentAnswer(True, 1, "en")
POINTS = """
sayso: 1
program: friends
title: Friends
currency: EUR
points: {unit: stars, earn: {visiting: {on: checkin, give: 10}}}
"""


@pytest.fixture
def bluebell() -> Workspace:
    return open_full()


def friend(workspace: Workspace, who: str, name: str) -> int:
    """The number of a referral of somebody, by the friend's name."""
    found = next(each for each in friends_of(me_in(workspace, who)) if each.name == name)
    return number_of("ref", found.id) or 0


def test_friends_are_shown_with_what_they_allowed(bluebell: Workspace) -> None:
    noa, eva, dario, chloe, ben = friends_of(me_in(bluebell))
    assert (noa.name, noa.step, noa.since, noa.until, noa.stage) == ("", "", "", "", "under_way")
    assert (eva.name, eva.step, eva.since, eva.next_step, eva.until) == (
        "Eva", "Signed up", "23 January", "Purchased", "24 March",
    )  # fmt: skip
    assert (dario.reward, dario.arrives) == ("held", "6 February")
    assert [each.reward for each in (chloe, ben)] == ["open", "open"]
    assert [each.recommended for each in (noa, eva)] == ["24 January", "23 January"]
    assert "Álvarez" not in str([noa, eva, dario, chloe, ben])


def test_a_friend_who_takes_the_word_back_is_named_no_more(bluebell: Workspace) -> None:
    no = {"shared": {"given": False, "version": 1, "language": "en"}}
    decide(bluebell, [event("e-2", "member_updated", "Eva", after=timedelta(days=21), props={"consents": no})])
    assert "Eva" not in [each.name for each in friends_of(me_in(bluebell))]
    assert not any(each.may_be_reminded for each in friends_of(me_in(bluebell)))


def test_a_friend_is_reminded_once(bluebell: Workspace) -> None:
    me, number = me_in(bluebell), friend(bluebell, "Ada", "Eva")
    assert [each.name for each in friends_of(me) if each.may_be_reminded] == ["Eva"]
    remind_friend(workspace=bluebell, referral=number, advocate=me.numbers, now=START)
    shown = friend_by_referral(me_in(bluebell), number)
    assert shown is not None
    assert (shown.may_be_reminded, shown.reminded) == (False, "30 January")
    with pytest.raises(MayNotRemind):
        remind_friend(workspace=bluebell, referral=number, advocate=me.numbers, now=START)


def test_who_said_nothing_or_only_just_came_or_is_done_is_not_reminded(bluebell: Workspace) -> None:
    new = {"name": "Ida", "consents": YES}
    decide(bluebell, [event("i-1", "signup", "Ida", after=timedelta(days=19), referral_code="ada-10", props=new)])
    me = me_in(bluebell)
    rows = Referral.objects.filter(workspace=bluebell).exclude(id=friend(bluebell, "Ada", "Eva"))
    assert rows.count() == 5
    for row in rows:
        with pytest.raises(MayNotRemind):
            remind_friend(workspace=bluebell, referral=row.id, advocate=me.numbers, now=START)


def test_nobody_reminds_a_friend_of_somebody_else(bluebell: Workspace) -> None:
    ben, number = me_in(bluebell, "Ben"), friend(bluebell, "Ada", "Eva")
    assert friend_by_referral(ben, number) is None
    with pytest.raises(NoSuchReferral):
        remind_friend(workspace=bluebell, referral=number, advocate=ben.numbers, now=START)


def test_rewards_come_with_their_words(bluebell: Workspace) -> None:
    first = rewards_of_mine(me_in(bluebell))[0]
    assert (first.state, first.friend, first.is_for_friend) == ("open", "Chloé", True)
    assert [(each.label, each.amount) for each in first.options] == [
        ("Gift card", "€20"), ("Donation", "€25"), ("Stars", "2,500"),
    ]  # fmt: skip
    assert [each.due for each in rewards_of_mine(me_in(bluebell)) if each.state == "held"] == ["6 February"]
    (welcome,) = rewards_of_mine(me_in(bluebell, "Ben"))
    assert (welcome.text, welcome.friend, welcome.is_for_friend) == (
        "a coupon worth €10 (for orders of €30 or more)", "", False,
    )  # fmt: skip


def test_a_choice_that_was_made_is_in_the_wallet(bluebell: Workspace) -> None:
    reward = open_choices(me_in(bluebell))[0]
    choose_reward(workspace=bluebell, reward=reward.number, choice="points", actor=Actor("portal"), now=START)
    me = me_in(bluebell)
    shown = own_reward(me, reward.number)
    assert shown is not None
    assert (shown.state, [each.text for each in shown.things], shown.options) == ("issued", ["2,500 stars"], ())
    assert wallets_of_mine(me)[0].amount == "5,920 stars"
    latest = movements_of_mine(me)[0][0]
    assert (latest.amount, latest.reason, latest.account) == ("+2,500 stars", "release", "available")


def test_what_is_on_its_way_is_not_added_up_twice() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    moved = [(each.account, each.amount) for each in movements_of_mine(me_in(bluebell))[0]]
    assert ("held", "€20") in moved


def test_what_happened_is_called_as_the_program_says_that_has_a_name_for_it() -> None:
    named = POINTS.replace("program: friends", "program: gym").replace("unit: stars", "unit: drops")
    bluebell = open_bluebell(POINTS, named + "names: {checkin: {en: visit to the gym}}\n")
    decide(bluebell, [event("a-1", "checkin", "Ada")])
    assert {each.deed for each in movements_of_mine(me_in(bluebell))[0]} == {"Event “visit to the gym”"}


def test_somebody_elses_reward_is_not_there(bluebell: Workspace) -> None:
    number = open_choices(me_in(bluebell))[0].number
    assert own_reward(me_in(bluebell, "Ben"), number) is None


def test_the_way_to_the_next_reward_and_tier(bluebell: Workspace) -> None:
    me = me_in(bluebell)
    (road,) = roads_of(me, me.programs[0])
    assert (road.prize, road.done, road.left, road.of) == ("the “Ambassador” badge and €50 credit", 3, 2, 5)
    assert [stone.text for stone in road.stones] == ["B", "C", "D", "4", "€50"]
    (standing,) = standings_of(me)
    assert (standing.tier, standing.next_tier, standing.missing, standing.share) == (
        "Silver", "Gold", "1,580 stars", 68,
    )  # fmt: skip
    assert badges_of(me) == []


def test_after_the_fifth_friend_the_road_begins_anew(bluebell: Workspace) -> None:
    for who in ("Ida", "Jan"):
        come = event(f"{who}-1", "signup", who, after=timedelta(days=21), referral_code="ada-10")
        decide(bluebell, [come, event(f"{who}-2", "purchase", who, after=timedelta(days=22), amount_minor=2500)])
    me = me_in(bluebell)
    (road,) = roads_of(me, me.programs[0])
    assert (road.done, road.left) == (0, 5)
    assert badges_of(me) == ["Ambassador"]


def test_the_offer_and_its_links(bluebell: Workspace) -> None:
    me = me_in(bluebell)
    (offer,) = recommending(me)
    assert (offer.friend_gets, offer.advocate_gets, offer.condition, offer.rests) == ("€10", "", "", False)
    assert offer.advocate_chooses == (("Gift card", "€20", ""), ("Donation", "€25", ""), ("", "2,500 stars", ""))
    slugs = slugs_for(me, offer)
    assert set(slugs) == set(offer.channels)
    assert slugs_for(me_in(bluebell), offer) == slugs


def test_who_may_not_recommend_is_told_what_is_missing(bluebell: Workspace) -> None:
    (offer,) = recommending(me_in(bluebell, "Eva"))
    assert offer.condition.startswith("Whoever bought at least once in the last 90 days")


def test_a_new_member_has_nothing_yet(bluebell: Workspace) -> None:
    decide(bluebell, [event("z-1", "signup", "Zoe")])
    me = me_in(bluebell, "Zoe")
    assert (friends_of(me), rewards_of_mine(me), movements_of_mine(me), badges_of(me)) == ([], [], ([], 0), [])
    assert [each.amount for each in wallets_of_mine(me)] == ["0 stars"]
    assert roads_of(me, me.programs[0])[0].left == 5


def test_only_who_asked_stands_on_the_list(bluebell: Workspace) -> None:
    me = me_in(bluebell)
    assert leaders_for(me, "bring-a-friend") == []
    answer_listing(workspace=bluebell, member=me.member, asked=LISTED, now=START)
    (leader,) = leaders_for(me_in(bluebell), "bring-a-friend")
    assert (leader.rank, leader.name, leader.friends, leader.is_me) == (1, "Ada", 3, True)
    answer_listing(workspace=bluebell, member=me.member, asked=ConsentAnswer(False, 1, "en"), now=START)
    assert leaders_for(me_in(bluebell), "bring-a-friend") == []


def test_who_is_erased_leaves_the_list(bluebell: Workspace) -> None:
    me = me_in(bluebell)
    answer_listing(workspace=bluebell, member=me.member, asked=LISTED, now=START)
    erase_member(workspace=bluebell, member="Ada", actor=Actor("portal"), now=START)
    assert not is_listed(bluebell, me.member.id)


def test_movements_come_page_by_page(bluebell: Workspace) -> None:
    decide(bluebell, [
        event(f"p-{number}", "purchase", "Ada", after=timedelta(days=21, minutes=number), amount_minor=500)
        for number in range(45)
    ])  # fmt: skip
    me = me_in(bluebell)
    first, before = movements_of_mine(me)
    rest, end = movements_of_mine(me, before=before)
    assert (len(first), len(rest), end) == (30, 17, 0)
    assert rest[-1].amount == "+3,010 stars"


def test_the_data_of_a_member_is_whole_and_only_theirs(bluebell: Workspace) -> None:
    data = json.loads(as_json(own_data(me_in(bluebell))))
    assert data["profile"][0]["attributes"] == {"first_name": "Ada"}
    assert {"kind": "email", "value": "ada@bluebell.example"} in data["identities"]
    assert [each["friend"] for each in data["friends"]] == ["Ben", "Chloé", "Dario", "Eva", ""]
    assert len(data["rewards"]) == 3
    assert [each["type"] for each in data["events"]] == ["signup", "member_updated", "purchase", "purchase"]
    for foreign in ("Álvarez", "ben@", "Noa", "cost"):
        assert foreign not in json.dumps(data, ensure_ascii=False)
    ben = json.loads(as_json(own_data(me_in(bluebell, "Ben"))))
    assert ben["recommended"][0]["status"] == "completed"
    assert "Ada" not in json.dumps(ben)
    assert "ada" not in json.dumps(ben).casefold().replace("canada", "")


def test_what_shows_the_staff_that_something_was_handed_over_is_theirs() -> None:
    bluebell = open_bluebell(GIFTS)
    buys(bluebell, "Ada")
    actor = Actor("staff", "Eva")
    issue_reward(workspace=bluebell, reward=the_reward(bluebell).id, proof="taken by Dario", actor=actor, now=NOW)
    data = own_data(me_in(bluebell))
    assert data["rewards"][0]["state"] == "issued"
    assert "Dario" not in str(data)


# Where each table that names a member stands in what they may take away, or why it does not.
TAKEN_AWAY = {
    "events.Event": "events",
    "jobs.Notice": "passed on and deleted within seconds",
    "ledger.Balance": "wallets",
    "ledger.Lot": "wallets",
    "ledger.Transfer": "movements",
    "outreach.Mail": "mails",
    "outreach.SignInCode": "good for ten minutes, deleted after a day",
    "people.Celebrated": "which of the rewards were shown",
    "people.Identity": "identities",
    "people.Member": "profile",
    "people.PortalSession": "sign_ins",
    "referrals.Listed": "consents",
    "referrals.Participation": "standing",
    "referrals.Referral": "friends",
    "rewards.Reward": "rewards",
    "sharing.AdvocateName": "the name in the profile, folded",
    "sharing.Code": "codes",
    "sharing.Invitation": "invitations",
    "sharing.Link": "links",
    "webhooks.Delivery": "what the company's own systems were told of the events",
}


def test_every_table_that_names_a_member_is_thought_of(bluebell: Workspace) -> None:
    names = {"member", "advocate", "friend", "beneficiary", "owner", "debit_owner", "merged_into"}
    naming = {
        model._meta.label
        for model in apps.get_models()
        if names & {field.name for field in model._meta.get_fields()} and model.__module__.startswith("sayso.")
    }
    assert naming == set(TAKEN_AWAY)
    tables = own_data(me_in(bluebell)).keys()
    assert {said for said in TAKEN_AWAY.values() if " " not in said} <= tables


def test_what_was_written_to_a_member_and_whom_they_invited_is_theirs(bluebell: Workspace) -> None:
    household = event("h-1", "member_updated", "Ada", after=timedelta(days=22), props={"account": "The Lovells"})
    decide(bluebell, [household])
    guest = Invitee(advocate="Ada", guest=Guest(email="noa@bluebell.example"), channel="email")
    invite(workspace=bluebell, invitation=guest, actor=Actor("till"), now=START)
    me = me_in(bluebell)
    enqueue_mail(bluebell.pk, MailToSend(MailKind.REWARD_READY, 7, me.member.id), now=START)
    stop_mails_to(workspace=bluebell, member=me.member.id, now=START)
    data = own_data(me_in(bluebell))
    assert (data["profile"][0]["household"], data["profile"][0]["mails_stopped"]) == ("The Lovells", True)
    assert [(each["channel"], each["came"]) for each in data["invitations"]] == [("email", False)]
    assert [(each["kind"], each["state"]) for each in data["mails"]] == [("reward_ready", "pending")]
    assert "noa@" not in json.dumps(data)


def test_the_tables_open_as_text(bluebell: Workspace) -> None:
    archive = zipfile.ZipFile(io.BytesIO(as_csv(own_data(me_in(bluebell)))))
    assert "events.csv" in archive.namelist()
    assert archive.read("rewards.csv").decode().splitlines()[0].startswith("reward,program,version,clause,state")
    assert [cell(value) for value in ("=1+1", "@x", "-2", -2, None, ["a"])] == [
        "'=1+1", "'@x", "'-2", "-2", "", '["a"]',
    ]  # fmt: skip
