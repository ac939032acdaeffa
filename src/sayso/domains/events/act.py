"""Doing something in somebody's name: one event of a type that means something to Sayso, stored once.

Owns how a verb of any room becomes an event, and what a repeat is: the same key for the same thing. It must not know
what the event does.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.engine.rows import Reason
from sayso.core.program.problems import Problem, in_one_line
from sayso.domains.events.answer import Answer
from sayso.domains.events.queries import moments_of
from sayso.domains.events.receive import receive
from sayso.domains.events.submit import submit
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

_RANDOM_BITS = 74


class NotSayable(DomainError, ValueError):
    """What is to be done says something that cannot be; `problems` says what."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(in_one_line(problems))
        self.problems = tuple(problems)


class KeyReused(DomainError, ValueError):
    """The key was given before, for something else."""


class Undecided(DomainError):
    """It was stored and could not be decided: a person looks at it, and it is decided later.

    Attributes:
        position: its place in the log.
        failure: what kept it from being decided.
    """

    def __init__(self, position: int, failure: str) -> None:
        super().__init__(failure)
        self.position, self.failure = position, failure


@dataclass(frozen=True, slots=True)
class Actor:
    """In whose name something is done.

    Attributes:
        source: the system that asks; ids are unique within it.
        by: the person or key that answers for it; empty for nobody in particular.
        once: what is asked twice under one such key is done once; empty when it shall be done each time.
    """

    source: str
    by: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done, as the event that says so.

    Attributes:
        verb: names what is done, so that one key may stand for several verbs: `approve`.
        type: of the event.
        member: the company's name for whom it is about; empty for nobody.
        props: what the event says.
        about: the external id, in the same source, of the event that this one is about.
    """

    verb: str
    type: str
    member: str = ""
    props: dict[str, Any] = field(default_factory=dict)
    about: str = ""
    referral_code: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed.

    Attributes:
        position: its place in the log.
        repeated: it was done before, and this is what came of it then.
        reasons: why each clause came out as it did.
    """

    position: int
    repeated: bool
    reasons: Sequence[Reason]


def was_done(workspace: Workspace, deed: Deed, actor: Actor) -> bool:
    """Say whether something was asked under this key before: then nothing needs to be checked again."""
    return bool(_moment(workspace, deed, actor))


def act(*, workspace: Workspace, deed: Deed, actor: Actor, now: datetime) -> Done:
    """Store what is done as an event, and have it decided.

    Args:
        workspace: where.
        deed: what.
        actor: in whose name.
        now: the time; in a test workspace it happens at what its clock shows.

    Raises:
        NotSayable: it says something that cannot be; nothing was stored.
        KeyReused: the key was given before, for something else.
        Undecided: it was set aside.
    """
    at = _moment(workspace, deed, actor) or now_in(workspace, now)
    answer = _submit(workspace, _sent(deed, actor, at), actor, now)
    if answer.status == "refused" and actor.once:
        # Somebody else sent the same a moment ago: it happened when they say.
        first = _moment(workspace, deed, actor) or at
        answer = answer if first == at else _submit(workspace, _sent(deed, actor, first), actor, now)
    if answer.status == "refused":
        raise KeyReused(f"this key was used before: {answer.problem}")
    if answer.status == "set_aside":
        raise Undecided(answer.position, answer.problem)
    return Done(answer.position, answer.repeated, answer.reasons)


def _submit(workspace: Workspace, raw: dict[str, Any], actor: Actor, now: datetime) -> Answer:
    received = receive(raw, source=actor.source, latest=None)
    if isinstance(received, list):
        raise NotSayable(received)
    return submit(workspace, [received], now=now)[0]


def _sent(deed: Deed, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "id": id_of(deed, actor),
        "type": deed.type,
        "member": deed.member,
        "occurred_at": at.isoformat(),
        "referral_code": deed.referral_code,
        "refers_to": deed.about,
        "props": {name: value for name, value in deed.props.items() if value is not None},
    }


def _moment(workspace: Workspace, deed: Deed, actor: Actor) -> datetime | None:
    """When it was done, under its key, before."""
    if not actor.once:
        return None
    name = id_of(deed, actor)
    return moments_of(workspace, source=actor.source, ids=[name]).get(name)


def id_of(deed: Deed, actor: Actor) -> str:
    """Return the external id under which something is stored; a new one each time where it has no key."""
    return f"{deed.verb}-{actor.once or fresh_id()}"


def fresh_id() -> str:
    """Return an id that nobody gave yet, and that sorts by when it was made (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(_RANDOM_BITS)
    high, low = chance >> 62, chance & ((1 << 62) - 1)
    number = milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
