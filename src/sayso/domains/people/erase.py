"""Erasing people: everything that says who somebody was goes, the books and the numbers stay (SEMANTICS 39).

Owns what is wiped. The member's own row was emptied by the decision; this takes what stands elsewhere: identities,
codes, the words in their events, and where events of others name them. It runs in the transaction of the decision.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from sayso.core.engine.events import TIMER
from sayso.core.engine.rows import ERASED
from sayso.domains.events.models import Event, Naming, State
from sayso.domains.events.naming import (
    NAMING_BY_REF,
    TOUCHES,
    mark_of,
    marks_of,
    named_codes,
    named_refs,
    touched_codes,
)
from sayso.domains.events.outcome import without_words
from sayso.domains.people.models import Celebrated, Identity, Member, PortalSession

CHUNK = 2000
_READ = ("position", "workspace", "props", "referral_code", "outcome")


@dataclass(frozen=True, slots=True)
class Names:
    """By what erased people were named until they were erased.

    Attributes:
        refs: what the company called them.
        codes: with which they recommended, folded to one case.
        until: place in the log of the erasure; who bears such a name later is somebody else.
    """

    refs: set[str]
    codes: set[str]
    until: int


def forgotten(workspace: int, members: Collection[int]) -> set[int]:
    """Return the numbers of all who are erased with some members: their own, and of those merged into them."""
    gone, found = set(members), set(members)
    while found:
        merged = Member.objects.filter(workspace=workspace, merged_into__in=found).values_list("id", flat=True)
        found = set(merged) - gone
        gone |= found
    return gone


def refs_of(workspace: int, gone: Collection[int]) -> set[str]:
    """Return what the company calls some members."""
    found = Identity.objects.filter(workspace=workspace, member__in=gone, kind="ref")
    return set(found.values_list("value", flat=True))


def erase_people(workspace: int, gone: Collection[int], names: Names) -> None:
    """Wipe what is left of members: their rows, their identities, and the words in their events.

    Args:
        workspace: the number of their workspace.
        gone: their numbers.
        names: by which events that were set aside name them.
    """
    Identity.objects.filter(workspace=workspace, member__in=gone).exclude(kind="account").delete()
    for model in (PortalSession, Celebrated):
        model._default_manager.filter(workspace=workspace, member__in=gone).delete()
    for number in gone:
        Member.objects.filter(workspace=workspace, id=number).update(
            ref=f"{ERASED}{number}", language="", country="", tags=[], groups=[], attributes={}, alike="[]"
        )
    wipe_events(workspace, Event.objects.filter(workspace=workspace, member__in=gone).exclude(type=TIMER))
    aside = Event.objects.filter(workspace=workspace, state=State.SET_ASIDE, position__lt=names.until)
    wipe_events(workspace, aside.filter(ref__in=names.refs))


def wipe_events(workspace: int, events: "QuerySet[Event]", *, but_code: bool = False) -> None:
    """Wipe the words in some events, and in what was decided about them.

    Args:
        workspace: the number of their workspace.
        events: which.
        but_code: leave the code of whoever recommended: it is theirs, and without it nothing is decided again alike.
    """
    rows = list(events.values_list("position", "outcome", "referral_code", "props"))
    codes = {position: code if but_code else "" for position, _, code, _ in rows}
    _rewrite(
        "props = '{}', referral_code = %s, ref = '', failure = '', outcome = %s",
        [(codes[position], without_words(outcome), workspace, position) for position, outcome, _, _ in rows],
    )
    lost = {position: marks_of(code, props) - marks_of(codes[position], {}) for position, _, code, props in rows}
    _unmark(workspace, [(mark, position) for position, marks in lost.items() for mark in marks])


def wipe_mentions(
    workspace: int,
    gone: Collection[int],
    names: Names,
    *,
    also: Collection[int],
    of_others: Callable[[set[str]], set[str]],
) -> None:
    """Wipe what names erased people in events of others: sign-ups, attributions, merges, whatever came of them.

    Of an event that was about them only the codes of others stay: a code that is nobody's may be how somebody wrote
    theirs.

    Args:
        workspace: the number of their workspace.
        gone: their numbers.
        names: by which they are named.
        also: places in the log of events that may be about them without naming them.
        of_others: returns which of some codes others have.
    """
    about = _about(workspace, gone, names, also)
    kept = of_others(set().union(*(named_codes(each.referral_code, each.props) for each in about)) - names.codes)
    changed, unmarked = [], []
    for event in about:
        props = _without_naming(event.props, names, kept)
        code = event.referral_code if event.referral_code.casefold() in kept else ""
        changed.append((json.dumps(props), code, without_words(event.outcome), workspace, event.position))
        lost = marks_of(event.referral_code, event.props) - marks_of(code, props)
        unmarked += [(mark, event.position) for mark in lost]
    _rewrite("props = %s, referral_code = %s, outcome = %s", changed)
    _unmark(workspace, unmarked)


def _about(workspace: int, gone: Collection[int], names: Names, also: Collection[int]) -> list[Event]:
    """The events that name erased people, and those of some others that were decided about them."""
    marks = [mark_of(name) for name in names.refs | names.codes]
    named = Naming.objects.filter(mark__in=marks, position__lt=names.until, workspace=workspace)
    places = sorted({*named.values_list("position", flat=True), *also})
    numbers, found = [f",{number}," for number in gone], []
    for first in range(0, len(places), CHUNK):
        events = Event.objects.filter(position__in=places[first : first + CHUNK], workspace=workspace).only(*_READ)
        found += [each for each in events if _is_named(each, names) or any(one in each.outcome for one in numbers)]
    return found


def _is_named(event: Event, names: Names) -> bool:
    by_ref = not names.refs.isdisjoint(named_refs(event.props))
    return by_ref or not names.codes.isdisjoint(named_codes(event.referral_code, event.props))


def _without_naming(props: Mapping[str, Any], names: Names, kept: set[str]) -> dict[str, Any]:
    dropped = {name for name in NAMING_BY_REF if str(props.get(name)) in names.refs}
    if not kept.issuperset(touched_codes(props)):
        dropped.add(TOUCHES)
    return {name: value for name, value in props.items() if name not in dropped}


def _rewrite(changes: str, rows: Iterable[tuple[str | int, ...]]) -> None:
    statement = f"UPDATE events_event SET {changes} WHERE workspace_id = %s AND position = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def _unmark(workspace: int, namings: Iterable[tuple[int, int]]) -> None:
    statement = "DELETE FROM events_naming WHERE mark = %s AND position = %s AND workspace_id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*naming, workspace) for naming in namings])
