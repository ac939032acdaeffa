"""What people consented to, and took back: each consent by its purpose, with the version of the text that it was asked
with.

Owns the purposes, how a consent stands in an event, and reading it from the log, where it happened. The texts
themselves are kept by `pages`. It must not ask anybody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.core.engine.events import MEMBER_UPDATED
from sayso.domains.events.act import Actor, Deed, act
from sayso.domains.events.models import Event
from sayso.domains.people.queries import history_owners, member_called, merged_numbers
from sayso.domains.workspaces.models import Workspace

# `news`: the company may write about what is new. `shared`: whoever recommended may see the first name and the steps,
# and remind once. `remembered`: a cookie keeps who recommended. `listed`: the first name stands in the list of those
# who recommended most. `contacted`: the company may write once to somebody whom an advocate handed in.
NEWS, SHARED, REMEMBERED, LISTED, CONTACTED = "news", "shared", "remembered", "listed", "contacted"
PURPOSES = (NEWS, SHARED, REMEMBERED, LISTED, CONTACTED)
PROP = "consents"


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """One answer to a question for consent.

    Attributes:
        version, language: of the text that was asked with.
    """

    given: bool
    version: int
    language: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody answered last, and when."""

    purpose: str
    given: bool
    version: int
    language: str
    at: datetime


def as_prop(answers: Mapping[str, ConsentAnswer]) -> dict[str, Any]:
    """Return answers, by purpose, as they stand in an event's props under `consents`."""
    return {
        purpose: {"given": asked.given, "version": asked.version, "language": asked.language}
        for purpose, asked in answers.items()
    }


def consents_of(workspace: Workspace, member: int) -> dict[str, Consent]:
    """Return what a member consented to or refused, by purpose: the last word on each; who was never asked has none.

    Args:
        workspace: whose member.
        member: their number.
    """
    numbers = merged_numbers(workspace, member)
    events = Event.objects.filter(member__in=numbers, workspace=workspace, props__has_key=PROP)
    found: dict[str, Consent] = {}
    for event in events.order_by("occurred_at", "position"):
        answers = event.props[PROP]
        if isinstance(answers, dict) and event.occurred_at is not None:
            found |= {purpose: _read(purpose, said, event.occurred_at) for purpose, said in answers.items()}
    return {purpose: found[purpose] for purpose in PURPOSES if purpose in found}


def consenting(workspace: Workspace, members: Collection[int], purpose: str) -> set[int]:
    """Return those of some members who consented to something, and have not taken it back.

    As in `consents_of`, what was said by whoever was merged into them is theirs.

    Args:
        workspace: whose members.
        members: their numbers.
        purpose: one of `PURPOSES`.
    """
    owners = history_owners(workspace, members)
    events = Event.objects.filter(member__in=owners, workspace=workspace, props__has_key=PROP)
    given: dict[int, bool] = {}
    for number, props in events.order_by("occurred_at", "position").values_list("member", "props"):
        answers = props[PROP]
        if isinstance(answers, dict) and purpose in answers:
            said = answers[purpose]
            given[owners[number]] = (said.get("given") if isinstance(said, dict) else said) is True
    return {number for number, is_given in given.items() if is_given}


def answer_consents(
    *, workspace: Workspace, member: str, answers: Mapping[str, ConsentAnswer], actor: Actor, now: datetime
) -> dict[str, Consent]:
    """Note what a member consents to or takes back, and return how their consents stand then.

    Args:
        workspace: whose member.
        member: the company's name for them, or their id.
        answers: by purpose.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: nobody is called that.
    """
    found = member_called(workspace, member)
    deed = Deed("consent", MEMBER_UPDATED, found.ref, {PROP: as_prop(answers)})
    act(workspace=workspace, deed=deed, actor=actor, now=now)
    return consents_of(workspace, found.id)


def _read(purpose: str, said: Any, at: datetime) -> Consent:
    told = said if isinstance(said, dict) else {"given": said}
    version = told.get("version")
    return Consent(
        purpose,
        told.get("given") is True,
        version if isinstance(version, int) else 0,
        str(told.get("language", "")),
        at,
    )
