"""Taking a message: checked by its signature, turned into events, decided.

Owns the order of the steps. The log knows each event by its id for good, so a message that comes again makes nothing
new. It must not keep a message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import Arrival
from sayso.core.program.problems import Problem
from sayso.domains.connectors.incoming.enable import checked
from sayso.domains.connectors.incoming.mapping import stored_mapping
from sayso.domains.connectors.incoming.models import Source, Untaken
from sayso.domains.connectors.incoming.queries import source_at
from sayso.domains.connectors.incoming.signatures import Signed, Signing, verify
from sayso.domains.connectors.incoming.translate import Message, read_body, translate
from sayso.domains.decisions.committer import committer
from sayso.domains.decisions.effects import Told
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.sealing import unseal

_LONGEST_PROBLEM = 300
IGNORED, REFUSED, DIFFERS = "ignored", "refused", "differs"


class MessageRefused(DomainError, ValueError):
    """The mapping made something of the message that is no event.

    Attributes:
        problems: by rule and field.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the mapping makes something of this message that is no event")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a message.

    Attributes:
        message: its id.
        events: by id what became of each: `decided`, `set_aside`, or `known` when it was there already.
    """

    message: str
    events: Mapping[str, str] = field(default_factory=dict)


def accept_message(*, address: str, signed: Signed, now: datetime) -> Accepted:
    """Take a message that somebody sent; one that no rule is for is counted, and makes nothing.

    Args:
        address: the public id in the path to which it was sent.
        signed: the message.
        now: the time.

    Raises:
        NoSuchSource: nothing is taken at this address.
        BadSignature: it is not from there.
        NotReadable, MessageRefused: as they say.
        TooBusy, NotAnswered: it may be sent again.
    """
    source = source_at(address)
    workspace = Workspace.objects.get(pk=source.workspace_id)
    name = verify(signed, Signing(**source.signing), unseal(source.secret), now=now)
    message = Message(name, read_body(signed.body), signed.headers, now_in(workspace, now))
    made = translate(stored_mapping(source.mapping), message)
    if not made:
        _count(source, IGNORED, name, now)
        return Accepted(name)
    arrivals, problems = list[Arrival](), list[Problem]()
    for each in made:
        arrival, wrong = checked(source, workspace, each, now=now)
        arrivals += [arrival] if arrival else []
        problems += wrong
    if problems:
        _count(source, REFUSED, name, now, said=", ".join(each.path for each in problems))
        raise MessageRefused(problems)
    told = committer().decide(workspace.pk, arrivals, now=now)
    return Accepted(name, {each.answer.external_id: _status(source, each, now) for each in told})


def _status(source: Source, told: Told, now: datetime) -> str:
    answer = told.answer
    if answer.status == "refused" and not answer.position:
        _count(source, REFUSED, answer.external_id, now)
        raise MessageRefused([Problem(0, 0, "", f"The event cannot be stored: {answer.problem}.")])
    # A time of arrival differs whenever a message comes again; anything else somebody should look at.
    if answer.status == "refused" and list(answer.differs) != ["occurred_at"]:
        _count(source, DIFFERS, answer.external_id, now)
    return "known" if answer.status == "refused" or answer.repeated else answer.status


def _count(source: Source, outcome: str, name: str, now: datetime, *, said: str = "") -> None:
    """Count a message that made no event; what it said is not kept, since it may name people."""
    key = {
        "source": source.number, "day": now.toordinal(), "outcome": outcome, "workspace_id": source.workspace_id
    }  # fmt: skip
    with transaction.atomic():
        Untaken.objects.bulk_create([Untaken(**key)], ignore_conflicts=True)
        Untaken.objects.filter(**key).update(
            count=F("count") + 1, last_id=name, last_at=now, last_problem=said[:_LONGEST_PROBLEM]
        )
