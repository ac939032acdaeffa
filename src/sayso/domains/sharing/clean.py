"""Forgetting old clicks, tries that no longer count, and whom somebody invited in vain: duties of the worker.

Owns how long they are kept. What a click or an invitation opened is a referral by then, which stays.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from sayso.core.engine.events import SPAN
from sayso.core.program.calendar import Calendar, datetime_of, moment_of
from sayso.core.program.document import ReferralRules
from sayso.core.program.values import Duration
from sayso.domains.events.models import Event
from sayso.domains.jobs.forget import forget_piece
from sayso.domains.people.erase import wipe_events
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.sharing import tries
from sayso.domains.sharing.models import Click, Invitation, Salt, Try
from sayso.domains.sharing.write_clicks import first_number
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import Head, locked
from sayso.domains.workspaces.models import Workspace

PIECE = 2000
# A program that gives friends more time from now on still finds these.
KEPT_AFTER_WINDOW = timedelta(days=30)
# Where many steps may take many years each, the last ends after the calendar does; no more is added from here on.
OLDER_THAN_ANYTHING = timedelta(days=36_525)
# Few, since events wait meanwhile.
INVITATIONS_PIECE = 200


def clean_clicks(now: datetime) -> bool:
    """Delete a piece of the clicks that are older than the operator keeps them; whether there may be more.

    Args:
        now: the time.
    """
    # Over all workspaces: how long they are kept is the operator's setting. Their numbers begin with the time, which in
    # a test workspace is another one than its clock's.
    old = Click.objects.filter(number__lt=first_number(now - timedelta(days=settings.CLICKS_KEPT_DAYS)))
    return forget_piece(old.order_by("number"), most=PIECE)


def forget_invitations(now: datetime) -> bool:
    """Forget the hashes of those who were invited and did not come in the time that a program gives them.

    Args:
        now: the time, by the calendar.

    Returns:
        Whether there may be more.
    """
    invited = Workspace.objects.filter(pk__in=Salt.objects.values("workspace"))
    left = [_forget_invitations(workspace, now_in(workspace, now)) for workspace in invited]
    return any(left)


def _forget_invitations(workspace: Workspace, now: datetime) -> bool:
    with locked(connection, workspace.pk) as head:
        since = now - longest_window(head, now) - KEPT_AFTER_WINDOW
        old = Invitation.objects.filter(workspace=workspace, friend=0, invited_at__lt=since).order_by("invited_at")
        numbers = list(old.values_list("id", flat=True)[:INVITATIONS_PIECE])
        positions = [number // SPAN for number in numbers]
        wipe_events(workspace.pk, Event.objects.filter(position__in=positions, workspace=workspace))
        Invitation.objects.filter(id__in=numbers, workspace=workspace).delete()
    return len(numbers) == INVITATIONS_PIECE


def longest_window(head: Head, now: datetime) -> timedelta:
    """Return for how long a recommendation may still count, whichever version of whichever program it comes under.

    Args:
        head: of the workspace whose programs are asked.
        now: what its clock shows.
    """
    return _longest(head, now, lambda rules: (rules.window,))


def longest_referral(head: Head, now: datetime) -> timedelta:
    """Return for how long a referral may still take a step, counted from the recommendation (SEMANTICS 17).

    That is the window and the times of the steps together, of whichever version of whichever program has the most. A
    step that may come whenever it likes adds nothing: no time would be long enough.

    Args:
        head: of the workspace whose programs are asked.
        now: what its clock shows.
    """
    return _longest(head, now, lambda rules: (rules.window, *_times_of_steps(rules)))


def _times_of_steps(rules: ReferralRules) -> list[Duration]:
    return [each.within for each in rules.steps.values() if each.within]


def _longest(head: Head, now: datetime, lengths: Callable[[ReferralRules], tuple[Duration, ...]]) -> timedelta:
    calendar = Calendar(head.timezone)
    documents = (each.document for each in rulebook_of(head).versions.values())
    found = {lengths(each.referral) for each in documents if each.referral}
    return max((_one_after_the_other(calendar, now, each) for each in found), default=timedelta())


def _one_after_the_other(calendar: Calendar, now: datetime, lengths: Iterable[Duration]) -> timedelta:
    end = now
    for length in lengths:
        if end - now < OLDER_THAN_ANYTHING:
            end = datetime_of(calendar.deadline(moment_of(end), length))
    return end - now


def clean_tries(now: datetime) -> bool:
    """Delete the tries that no longer count.

    Args:
        now: the time, by the calendar.
    """
    # Over all workspaces: they mean nothing any more, whosever they are.
    Try.objects.filter(made_at__lt=now - tries.SPAN).delete()
    return False
