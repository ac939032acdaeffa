"""What events are called on the console: those that mean something to Sayso itself, and facts of the company's.

Owns these words. What came of an event is told by the rooms that decide. It must not look anything up.
"""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from sayso.core.engine import events
from sayso.core.engine.run import NOT_THERE
from sayso.core.program.explain.phrases import EVENTS
from sayso.core.program.explain.voice import Language
from sayso.domains.decisions.pausing import FAILURE
from sayso.domains.insight.lately import Happened

_OURS = {
    events.INVITED: gettext_lazy("invitation"),
    events.MEMBER_UPDATED: gettext_lazy("details changed"),
    events.MEMBER_MERGED: gettext_lazy("merged with another account"),
    events.MEMBER_ERASED: gettext_lazy("erased"),
    events.MEMBER_BANNED: gettext_lazy("barred"),
    events.POINTS_MOVED_IN: gettext_lazy("points brought along"),
    events.REFERRAL_ATTRIBUTED: gettext_lazy("recommendation entered by the staff"),
    events.REFERRAL_MOVED_IN: gettext_lazy("recommendation brought along"),
    events.REWARD_CHOSEN: gettext_lazy("reward chosen"),
    events.REWARD_APPROVED: gettext_lazy("reward approved"),
    events.REWARD_DENIED: gettext_lazy("reward denied"),
    events.REWARD_GRANTED: gettext_lazy("reward given by the staff"),
    events.REWARD_ISSUED: gettext_lazy("reward handed over"),
    events.REWARD_REDEEMED: gettext_lazy("reward used"),
    events.REWARD_REVERSED: gettext_lazy("reward taken back"),
    events.PROGRAM_PUBLISHED: gettext_lazy("program published"),
    events.PROGRAM_PAUSED: gettext_lazy("program paused"),
    events.PROGRAM_RESUMED: gettext_lazy("program resumed"),
    events.RATE_SET: gettext_lazy("exchange rate set"),
    events.CLOCK_MOVED: gettext_lazy("clock moved"),
    events.TIMER: gettext_lazy("something fell due"),
}


def is_ours(name: str) -> bool:
    """Whether a type of event is Sayso's own, of which no clause is asked."""
    return name in _OURS


def event_name(name: str, language: Language) -> str:
    """Return what a type of event is called; one that the company named itself, as people would write it."""
    if name in _OURS:
        return str(_OURS[name])
    known = EVENTS[language].get(name)
    return known.one if known else name.replace("_", " ")


def event_sentence(happened: Happened, moment: str) -> str:
    """Return what an event of the workspace itself did; empty where its clauses, or its name, say all there is.

    Args:
        happened: the event.
        moment: when it happened, as the reader writes it.
    """
    said = {"program": happened.program, "version": happened.version, "moment": moment}
    sentence = {
        events.PROGRAM_PUBLISHED: gettext("Published %(program)s, version %(version)s."),
        events.PROGRAM_PAUSED: gettext("%(program)s takes no new friends for now."),
        events.PROGRAM_RESUMED: gettext("%(program)s takes new friends again."),
        events.CLOCK_MOVED: gettext("The test clock was moved to %(moment)s."),
    }.get(happened.type, "")
    return sentence % said if sentence else ""


def failure_sentence(happened: Happened) -> str:
    """Return why an event was set aside; what no program of the company and no later event mends, as it was written."""
    failure = happened.failure
    if failure == FAILURE:
        return gettext("Deciding is paused.")
    before, waits, _ = failure.partition(f", {NOT_THERE}")
    if waits:
        return gettext("It speaks of %(event)s, which is not known yet.") % {"event": before.removeprefix("refers to ")}
    return failure
