"""What a replay is told of a contact whose words were wiped: what the guard saw in them, so that it holds it again.

Owns how the signs come back from the reasons that were given then (DESIGN 5, a replay is exact). It must not say who
anybody was: that a contact was the advocate themselves is said by the company's name for the advocate.
"""

from collections.abc import Mapping, Sequence

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import LEAD, SPAN, Event
from sayso.core.engine.rows import Reason
from sayso.domains.people.queries import merged_numbers
from sayso.domains.sharing.models import Code
from sayso.domains.workspaces.models import Workspace

_HELD = (Verdict.GUARD_REVIEW, Verdict.GUARD_BLOCKED)
_SAME_PERSON, _DISPOSABLE = "guard.same_person", "guard.disposable_email"


def put_signs_back(workspace: Workspace, event: Event, reasons: Sequence[Reason], refs: Mapping[int, str]) -> None:
    """Give a lead that was wiped the signs for which the guard held it; leave every other event as it is.

    Args:
        workspace: whose log it is from.
        event: from the log; it is changed.
        reasons: what was given for it then.
        refs: what the company calls its members, by number.
    """
    if event.type != LEAD or event.props or not event.referral_code:
        return
    held = {each.clause for each in reasons if each.verdict in _HELD}
    if _DISPOSABLE in held:
        event.props = {"email_disposable": True}
    if _SAME_PERSON in held:
        event.identities = tuple(("ref", refs[number]) for number in _advocate(workspace, event))


def _advocate(workspace: Workspace, event: Event) -> list[int]:
    """The numbers of whoever recommends, also those that were merged since, as far as the event could know them."""
    owner = Code.objects.filter(code=event.referral_code.casefold(), workspace=workspace).first()
    numbers = merged_numbers(workspace, owner.member) if owner else ()
    return sorted(number for number in numbers if number // SPAN < event.position)
