"""`/portal/rewards`: what a member may choose, use and expect, and why something came or did not.

Owns what these pages show, and the way from a form to the verbs on rewards.
"""

from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from sayso.core.engine.decision import Verdict
from sayso.core.engine.why import Explained
from sayso.domains.decisions.why import Question, answer_why
from sayso.domains.events.act import Actor
from sayso.domains.insight.portal.rewards import OwnReward, own_reward, rewards_of_mine
from sayso.domains.rewards.choose import choose_reward
from sayso.domains.rewards.redeem import redeem_reward
from sayso.domains.rewards.rule import ChoiceNotOffered, RewardNotOpen
from sayso.domains.workspaces.ids import number_of
from sayso.web.portal.lines import because, reward_line
from sayso.web.portal.visit import PortalVisit, for_member
from sayso.web.site.pages import VERSION

_ACTOR = Actor("portal", by="member")
_COMING = ("held", "waiting", "in_review", "approved")
_CAME_TO_NOTHING = ("reversed", "denied", "expired", "lapsed")
_OVER = ("redeemed", *_CAME_TO_NOTHING)
_MOST_REASONS = 20
_ABOUT = ("rewards.", "referral", "people.", "guard.", "budget")


@require_safe
@for_member
def rewards(visit: PortalVisit) -> HttpResponse:
    """Show the rewards: to choose, to use, to expect, and those that are over."""
    found = rewards_of_mine(visit.me)
    joy = visit.celebrate({each.number for each in found if each.state in ("open", "issued")})
    to_choose = [each for each in found if each.state == "open"]
    lines = [(each, reward_line(each)) for each in found]
    done = visit.request.GET.get("done", "")
    return visit.show(
        "rewards.html",
        "rewards",
        open=[(each, because(each), joy and each is to_choose[0]) for each in to_choose],
        yours=[each for each in lines if each[0].state == "issued"],
        coming=[each for each in lines if each[0].state in _COMING],
        over=[each for each in lines if each[0].state in _OVER],
        joy=joy,
        done=next((each for each in found if each.id == done), None),
    )


@require_POST
@for_member
def choice(visit: PortalVisit, reward: str) -> HttpResponse:
    """Take one of the things that a reward offers."""
    mine = _mine(visit, reward)
    chosen = visit.request.POST.get("choice", "")
    if not (chosen.isascii() and chosen.isdigit() and int(chosen) < len(mine.options)):
        raise Http404
    try:
        choose_reward(workspace=visit.workspace, reward=mine.number, choice=int(chosen), actor=_ACTOR, now=visit.now)
    except (RewardNotOpen, ChoiceNotOffered):
        return visit.go("rewards")
    return visit.go(f"rewards?done={mine.id}")


@require_POST
@for_member
def redemption(visit: PortalVisit, reward: str) -> HttpResponse:
    """Note that the member used what they have."""
    mine = _mine(visit, reward)
    if not mine.can_be_used:
        raise Http404
    # Used up or lapsed in the meantime: the page says so.
    with suppress(RewardNotOpen):
        redeem_reward(workspace=visit.workspace, reward=mine.number, actor=_ACTOR, now=visit.now)
    return visit.go("rewards")


@require_safe
@for_member
def why(visit: PortalVisit) -> HttpResponse:
    """Say why each reward came, waits or did not come, in words that are safe to show."""
    question = Question(visit.member.ref, None, "member", visit.language)
    told = [
        _answer(visit, each.words) for each in answer_why(visit.workspace, question) if _is_about_rewards(each.words)
    ]
    lines = [(each, reward_line(each)) for each in rewards_of_mine(visit.me)]
    return visit.show(
        "why.html",
        "rewards",
        answers=list(dict.fromkeys(told))[:_MOST_REASONS],
        coming=[each for each in lines if each[0].state in _COMING],
        # The latest decision about a clause hides what became of an earlier reward of it.
        over=[each for each in lines if each[0].state in _CAME_TO_NOTHING],
    )


def _answer(visit: PortalVisit, words: Explained) -> tuple[str, str, str]:
    """What came out, from which terms that follows, and where they stand; the last two are empty where none say so."""
    if words.verdict is None or (words.program, words.version) not in visit.me.rulebook.versions:
        return words.as_text(), "", ""
    *came, source = words.sentences
    return " ".join(came), source, visit.site.path(f"/terms/{words.program}?{VERSION}={words.version}")


def _is_about_rewards(words: Explained) -> bool:
    """Points and tiers have pages of their own; that nobody was referred is no answer to anybody's question."""
    return words.path.startswith(_ABOUT) and words.verdict is not Verdict.NO_REFERRAL


def _mine(visit: PortalVisit, name: str) -> OwnReward:
    """The member's own reward of this id; anybody else's is not there."""
    number = number_of("rew", name)
    found = own_reward(visit.me, number) if number is not None else None
    if found is None:
        raise Http404
    return found
