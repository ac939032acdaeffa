"""What is left of erased people in the events of others (promise 10 of DESIGN 8).

Owns how it is seen without knowing their names any more: by what was decided about them. It must not wipe anything.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from sayso.core.engine.decision import Verdict
from sayso.core.engine.referrals import OPENING
from sayso.core.engine.rows import Reason
from sayso.domains.events.models import Event
from sayso.domains.events.naming import NAMING_BY_REF, NAMING_PROPS, named_codes
from sayso.domains.events.outcome import reasons_of
from sayso.domains.people.models import Member
from sayso.domains.sharing.models import Code
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.promises import Broken

CHUNK = 2000
# Said where nobody was recognised by the code or name that an event gave.
_NOBODY = frozenset({Verdict.UNKNOWN_CODE, Verdict.NO_REFERRAL, Verdict.NOT_FOUND})


def traces_of_erased(workspace: Workspace) -> Iterator[Broken]:
    """Yield the events of others that still name somebody who was erased."""
    erased = set(Member.objects.filter(workspace=workspace, status="erased").values_list("id", flat=True))
    if not erased:
        return
    codes = set(Code.objects.filter(workspace=workspace).values_list("code", flat=True))
    for event in _mentioning(workspace).order_by("position").iterator(chunk_size=CHUNK):
        opening = [reason for reason in reasons_of(event.outcome) if reason.clause == OPENING]
        if _names_one_of(event, opening, erased, codes) or _names_nobody_now(event, opening, codes):
            yield Broken(10, "event", str(event.position), "it still names a member who was erased")


def _mentioning(workspace: Workspace) -> "QuerySet[Event]":
    """The events that name somebody besides their own member, each looked at: what marks them may itself be wrong."""
    names_somebody = Q(referral_code__gt="") | Q(props__has_any_keys=list(NAMING_PROPS))
    found = Event.objects.filter(names_somebody, workspace=workspace)
    return found.only("position", "workspace", "props", "referral_code", "outcome")


def _names_one_of(event: Event, opening: list[Reason], erased: set[int], codes: set[str]) -> bool:
    """Whether what was decided is about somebody who was erased, and the event still says whom it meant."""
    about = any(isinstance(reason.seen, int) and reason.seen in erased for reason in opening)
    left = not codes.issuperset(named_codes(event.referral_code, event.props))
    return about and (left or not event.props.keys().isdisjoint(NAMING_BY_REF))


def _names_nobody_now(event: Event, opening: list[Reason], codes: set[str]) -> bool:
    """Whether a code was recognised then, and none of the event's codes is anybody's now."""
    named = named_codes(event.referral_code, event.props)
    recognised = bool(opening) and _NOBODY.isdisjoint(reason.verdict for reason in opening)
    return recognised and bool(named) and named.isdisjoint(codes)
