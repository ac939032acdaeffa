"""Timers that are due: whose fire before an event, in which order, and what one comes to.

Owns the firing, for the live loop, the sweep and replays alike. It must not decide events.
"""

from collections.abc import Iterable

from sayso.core.engine.decide import decide_timer
from sayso.core.engine.decision import Decided, Decision
from sayso.core.engine.events import Event
from sayso.core.engine.evolve import evolve
from sayso.core.engine.facts import Facts, NotLoaded
from sayso.core.engine.log import Log, Ran, timer_event
from sayso.core.engine.notices import notices_of
from sayso.core.engine.rows import Timer
from sayso.core.engine.rulebook import Rulebook
from sayso.core.program.calendar import Moment

# So many timers fire in one batch at most; the rest is the next one's, so that no transaction grows without end.
MOST_TIMERS = 2000


def subjects_before(rulebook: Rulebook, facts: Facts, member: int, referral_code: str) -> list[int]:
    """Whose timers are fired before an event: its member's, their advocates', the code owner's, the budgets'.

    Args:
        member: the event's member; 0 while nobody.
        referral_code: the code that the event names, or an empty text.
    """
    subjects = list(rulebook.budget_programs)
    if member:
        subjects.append(member)
        for number in facts.friend_referrals.find(member) or ():
            referral = facts.referrals.find(number)
            if referral:
                subjects.append(referral.advocate)
    if referral_code:
        code = facts.codes.find(referral_code.casefold())
        if code:
            subjects.append(code.member)
    return subjects


def fire_due(rulebook: Rulebook, facts: Facts, log: Log, subjects: Iterable[int], ran: Ran) -> bool:
    """Fire the due timers of some subjects, earliest first, and those that they set in turn.

    A timer that needs what was not loaded ends the batch before it; when it is the first, it is set aside, since
    loading again would find no more.

    Args:
        ran: the batch so far, to which each is added.

    Returns:
        Whether none is due any more; a batch from a store ends when it is long enough.
    """
    decided = ran.decided
    while (timer := earliest(facts, subjects, log.clock)) is not None:
        if len(decided) - ran.taken >= MOST_TIMERS and not facts.timers.whole:
            return False
        try:
            decided.append(fire(rulebook, facts, log, timer))
        except NotLoaded as error:
            if decided:
                raise
            decided.append(_set_aside(facts, timer_event(timer, log, rulebook), timer, error))
    return True


def fire(rulebook: Rulebook, facts: Facts, log: Log, timer: Timer) -> Decided:
    """Fire one timer; one that fails is set aside, and gone."""
    event = timer_event(timer, log, rulebook)
    try:
        decision = decide_timer(rulebook, facts, event, timer)
    except NotLoaded:
        log.position -= 1
        raise
    except Exception as error:
        return _set_aside(facts, event, timer, error)
    fold_in(facts, event, decision, log)
    return Decided(event, decision)


def fold_in(facts: Facts, event: Event, decision: Decision, log: Log) -> None:
    """Let the next event see what this one changed; what is to be told is found while both states are at hand."""
    if log.listens:
        decision.notices = notices_of(facts, event, decision, log.listens)
    evolve(facts, decision)


def _set_aside(facts: Facts, event: Event, timer: Timer, error: Exception) -> Decided:
    facts.timers.rows[timer.subject].pop(timer.id, None)
    facts.gone.add(timer.id)
    return Decided(event, None, None, f"{type(error).__name__}: {error}")


def earliest(facts: Facts, subjects: Iterable[int], now: Moment) -> Timer | None:
    """The timer of these subjects that fires first; None when none of them has one that is due."""
    first: Timer | None = None
    for subject in subjects:
        if facts.due.get(subject, 0) > now:
            continue
        held = facts.timers.find(subject)
        if not held:
            continue
        mine = min(held.values(), key=order_of)
        facts.due[subject] = mine.due_at
        if mine.due_at <= now and (first is None or order_of(mine) < order_of(first)):
            first = mine
    return first


def order_of(timer: Timer) -> tuple[Moment, int]:
    """By what timers are put in the order in which they fire."""
    return timer.due_at, timer.id
