"""Forgetting old clicks, and tries that no longer count: duties of the worker.

Owns how long they are kept. What a click opened is a referral by then, which stays.
"""

from datetime import datetime, timedelta

from django.conf import settings

from sayso.domains.sharing.models import Click, Try
from sayso.domains.sharing.tries import SPAN
from sayso.domains.sharing.write_clicks import first_number

PIECE = 2000


def clean_clicks(now: datetime) -> bool:
    """Delete a piece of the clicks that are older than the operator keeps them; whether there may be more.

    Args:
        now: the time.
    """
    # Over all workspaces: how long they are kept is the operator's setting. Their numbers begin with the time, which in
    # a test workspace is another one than its clock's.
    old = Click.objects.filter(number__lt=first_number(now - timedelta(days=settings.CLICKS_KEPT_DAYS)))
    numbers = list(old.order_by("number").values_list("number", "workspace_id")[:PIECE])
    for workspace in {workspace for _, workspace in numbers}:
        mine = [number for number, other in numbers if other == workspace]
        Click.objects.filter(number__in=mine, workspace=workspace).delete()
    return len(numbers) == PIECE


def clean_tries(now: datetime) -> bool:
    """Delete the tries that no longer count.

    Args:
        now: the time, by the calendar.
    """
    # Over all workspaces: they mean nothing any more, whosever they are.
    Try.objects.filter(made_at__lt=now - SPAN).delete()
    return False
