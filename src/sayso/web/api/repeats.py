"""Requests that change something without an event: under an Idempotency-Key they are carried out once.

Owns how such a request is told from another one. Where the answers are kept is `workspaces.once`.
"""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from pydantic import BaseModel

from sayso.domains.workspaces.once import KeyedRequest, once
from sayso.web.api.access import caller_of

A = TypeVar("A", bound=BaseModel)


def carried_out(request: HttpRequest, answer: type[A], work: Callable[[], A], *, beside_events: bool = False) -> A:
    """Carry a request out, or return what was answered when it was.

    Args:
        request: it passed its gate.
        answer: what `work` returns.
        work: carries it out.
        beside_events: as `workspaces.once` takes it.

    Raises:
        RequestReused: its Idempotency-Key came before, with another body.
    """
    caller = caller_of(request)
    kept = once(
        workspace=caller.workspace,
        asked=KeyedRequest(caller.once, f"{request.method} {request.path}", request.body),
        work=lambda: work().model_dump(mode="json"),
        now=caller.now,
        beside_events=beside_events,
    )
    return answer.model_validate(kept)


def bound_to_its_key(request: HttpRequest) -> None:
    """Let the Idempotency-Key of a request stand for this body and no other, where doing it again changes nothing.

    Nothing is carried out here, so what is to be done takes its own transaction, and may be set aside in it.

    Raises:
        RequestReused: its Idempotency-Key came before, with another body.
    """
    caller = caller_of(request)
    asked = KeyedRequest(caller.once, f"{request.method} {request.path}", request.body)
    once(workspace=caller.workspace, asked=asked, work=dict, now=caller.now, beside_events=True)
