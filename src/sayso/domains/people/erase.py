"""Erasing people: everything that says who somebody was goes, the books and the numbers stay (SEMANTICS 39).

Owns what is wiped. The member's own row was emptied by the decision; this takes what stands elsewhere: identities,
codes, the words in their events, and where events of others name them. It runs in the transaction of the decision.
"""

import json
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import QuerySet

from sayso.core.engine.events import TIMER
from sayso.domains.events.models import Event, State
from sayso.domains.events.outcome import without_words
from sayso.domains.people.models import Identity, Member

# Props by which an event of one member names another.
NAMING_PROPS = ("touches", "advocate", "other")


def erase_people(workspace: int, members: Collection[int]) -> set[int]:
    """Wipe what is left of members, and of those merged into them.

    Args:
        workspace: the number of their workspace.
        members: their numbers; their own rows are empty already.

    Returns:
        The numbers of all who were wiped.
    """
    gone = _with_merged(workspace, members)
    identities = Identity.objects.filter(workspace=workspace, member__in=gone).exclude(kind="account")
    refs = list(identities.filter(kind="ref").values_list("value", flat=True))
    identities.delete()
    for number in gone - set(members):
        Member.objects.filter(workspace=workspace, id=number).update(
            ref=f"erased-{number}", language="", country="", tags=[], groups=[], attributes={}, alike="[]"
        )
    _wipe(workspace, Event.objects.filter(workspace=workspace, member__in=gone).exclude(type=TIMER))
    _wipe(workspace, Event.objects.filter(workspace=workspace, state=State.SET_ASIDE, ref__in=refs))
    return gone


def _with_merged(workspace: int, members: Collection[int]) -> set[int]:
    gone, found = set(members), set(members)
    while found:
        merged = Member.objects.filter(workspace=workspace, merged_into__in=found).values_list("id", flat=True)
        found = set(merged) - gone
        gone |= found
    return gone


def _wipe(workspace: int, events: "QuerySet[Event]") -> None:
    rows = events.values_list("position", "outcome")
    _rewrite(
        "props = '{}', referral_code = '', ref = '', failure = '', outcome = %s",
        [(without_words(outcome), workspace, position) for position, outcome in rows],
    )


def wipe_mentions(workspace: int, *, friends: Collection[int], codes: Collection[str]) -> None:
    """Wipe where events of the people whom somebody recommended name that somebody.

    Args:
        workspace: the number of their workspace.
        friends: numbers of the people who were recommended.
        codes: the codes with which they were, folded to one case.
    """
    events = Event.objects.filter(workspace=workspace, member__in=friends).exclude(props={}, referral_code="")
    changed = []
    for event in events:
        kept = {name: value for name, value in event.props.items() if name not in NAMING_PROPS}
        code = "" if event.referral_code.casefold() in codes else event.referral_code
        if kept != event.props or code != event.referral_code:
            changed.append((json.dumps(kept), code, workspace, event.position))
    _rewrite("props = %s, referral_code = %s", changed)


def _rewrite(changes: str, rows: Iterable[tuple[str | int, ...]]) -> None:
    statement = f"UPDATE events_event SET {changes} WHERE workspace_id = %s AND position = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
