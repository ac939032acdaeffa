"""Why: what was decided about a member is found wherever it stands in the log."""

from datetime import timedelta

import pytest

from sayso.core.engine.decision import Verdict
from sayso.core.engine.why import Because
from sayso.domains.decisions.clock import move_clock
from sayso.domains.decisions.why import Question, answer_why
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, event, open_bluebell

pytestmark = pytest.mark.django_db

VOICE = """
sayso: 1
program: voice
title: Voice
currency: EUR
budget: {amount: 10 EUR, per: month}
rewards: {answered: {to: member, on: survey_answered, give: {credit: 10 EUR}}}
"""


def verdicts_about(workspace: Workspace, member: str) -> list[Verdict]:
    answers = answer_why(workspace, Question(member, "rewards.answered", "staff", "en"))
    return [Verdict(each.found.reason.verdict) for each in answers if isinstance(each.found, Because)]


def test_what_waited_for_a_budget_is_told_as_issued_once_it_was() -> None:
    bluebell = open_bluebell(VOICE)
    decide(bluebell, [event("s-1", "survey_answered", "Ben"), event("s-2", "survey_answered", "Eva")])
    assert verdicts_about(bluebell, "Ben") == [Verdict.MET, Verdict.ISSUED]
    assert verdicts_about(bluebell, "Eva") == [Verdict.BUDGET_WAITS]
    move_clock(workspace=bluebell, to=START + timedelta(days=31), now=START)
    assert verdicts_about(bluebell, "Eva") == [Verdict.MET, Verdict.ISSUED]
    assert verdicts_about(bluebell, "Ben") == [Verdict.MET, Verdict.ISSUED]


def test_an_advocate_is_told_of_the_friend_who_was_refused_after_a_merge_too() -> None:
    bluebell = open_bluebell(FRIENDS)
    refused = [
        event("e-1", "member_updated", "Eva", props={"code": "EVA"}),
        event("b-3", "signup", "Ben", after=timedelta(hours=3), referral_code="eva"),
    ]
    decide(bluebell, [*ada_recommends_ben(), *refused], size=1)
    for name in ("Eva", "Dario"):
        (told,) = answer_why(bluebell, Question(name, "referral", "staff", "en"))
        assert told.words.sentences[0].startswith("Ben came on the word of ")
        assert told.words.verdict is Verdict.ALREADY_REFERRED
        (member,) = answer_why(bluebell, Question(name, "referral", "member", "en"))
        assert "Ben" not in member.words.as_text()
        merged = event("m-1", "member_merged", "Dario", after=timedelta(hours=4), props={"other": "Eva"})
        decide(bluebell, [merged])


def test_what_a_friend_did_under_another_name_is_told_once_both_are_one() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [each for each in ada_recommends_ben() if each.external_id != "b-2"])
    decide(bluebell, [event("o-1", "purchase", "cust-7", after=timedelta(hours=2), amount_minor=2500)])
    merged = event("m-1", "member_merged", "cust-7", after=timedelta(hours=3), props={"other": "Ben"})
    decide(bluebell, [merged])
    (told,) = answer_why(bluebell, Question("Ada", "rewards.thanks", "staff", "en"))
    assert told.words.verdict is Verdict.NO_REFERRAL
    assert "There is no open recommendation of cust-7." in told.words.sentences


def test_the_factor_of_a_level_is_read_from_the_log() -> None:
    doubled = FRIENDS.replace("give: 1 per 1 EUR", "give: 1 per 1 EUR, multiply: {silver: 2}")
    bluebell = open_bluebell(doubled)
    bought = [event(f"p-{day}", "purchase", "Ben", after=timedelta(days=day), amount_minor=10000) for day in (0, 1)]
    decide(bluebell, bought)
    (told,) = answer_why(bluebell, Question("Ben", "shopping", "member", "es"))
    assert told.words.sentences[1].endswith(" son el doble.")


def test_what_is_handed_over_as_it_is_released_is_told_once() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    move_clock(workspace=bluebell, to=START + timedelta(days=20), now=START)
    for audience in ("staff", "member"):
        (told,) = answer_why(bluebell, Question("Ada", "rewards.thanks", audience, "en"))
        assert told.words.verdict is Verdict.ISSUED
