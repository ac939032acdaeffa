"""What an event opened: the referrals, or why there are none, in words.

Owns how the verbs that open referrals read a decision.
"""

from collections.abc import Sequence

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import SPAN
from sayso.core.engine.referrals import OPENING
from sayso.core.engine.rows import Reason
from sayso.core.engine.why import render
from sayso.domains.people.queries import refs_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.referrals.models import Referral
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

_BEFORE_IT_OPENS = (OPENING, "people.advocates", "people.friends")


class NothingOpened(DomainError):
    """No referral was opened, and the message says why not."""


def opened_by(workspace: Workspace, position: int) -> list[Referral]:
    """Return the referrals that the event at a place of the log opened, one for each program at most."""
    first = position * SPAN
    found = Referral.objects.filter(workspace=workspace, id__gte=first, id__lt=first + SPAN)
    return list(found.order_by("id"))


def why_nothing_opened(workspace: Workspace, reasons: Sequence[Reason]) -> str:
    """Return why no referral was opened, in words for the staff."""
    rulebook = rulebook_of(head_of(workspace))
    names = refs_of(workspace, {each.subject for each in reasons})
    said = []
    for reason in reasons:
        if reason.clause in _BEFORE_IT_OPENS:
            program = rulebook.versions.get((reason.program, reason.version))
            told = render(
                reason, program, language="en", audience="staff", names=lambda number: names.get(number, str(number))
            )
            said.append(told.as_text())
    return " ".join(said) or "no program that runs takes referrals"
