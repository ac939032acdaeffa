"""Carrying a request out once, however often it is sent, where no event of the log says that it was.

Owns the kept answers. What is decided as an event needs none of this: an event is stored once (`events.act`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from sayso.core.domain_error import DomainError
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import KeptAnswer, Workspace

KEPT = timedelta(days=30)
# What an answer shows the first time only: it stands nowhere afterwards, not even here.
SHOWN_ONCE = frozenset({"secret"})


class RequestReused(DomainError, ValueError):
    """The key was given before, with another request."""


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request that shall be carried out once.

    Attributes:
        key: what its sender named it; empty when it shall be carried out each time.
        route: which request it is.
        body: all that it says.
    """

    key: str
    route: str
    body: bytes


def once(
    *,
    workspace: Workspace,
    asked: KeyedRequest,
    work: Callable[[], dict[str, Any]],
    now: datetime,
    beside_events: bool = False,
) -> dict[str, Any]:
    """Carry a request out, or return what was answered when it was.

    The work and the note of it are one transaction; a repeat that comes at the same time waits for the answer.

    Args:
        workspace: where.
        asked: the request.
        work: carries it out, and returns the answer as plain JSON values.
        now: the time.
        beside_events: the work takes no turn among those that decide events, so that it may last.

    Raises:
        RequestReused: the key was given before, with another request.
    """
    if not asked.key:
        return work()
    fingerprint = sha256(asked.body).digest()
    with transaction.atomic() if beside_events else locked(connection, workspace.pk):
        KeptAnswer.objects.filter(workspace=workspace, kept_at__lt=now - KEPT).delete()
        kept, is_first = KeptAnswer.objects.get_or_create(
            key=asked.key, route=asked.route, workspace=workspace,
            defaults={"fingerprint": fingerprint, "kept_at": now},
        )  # fmt: skip
        if is_first:
            answer = work()
            kept.answer = {**answer, **dict.fromkeys(SHOWN_ONCE & answer.keys())}
            kept.save(update_fields=["answer"])
            return answer
    if bytes(kept.fingerprint) != fingerprint:
        raise RequestReused("this Idempotency-Key was used before, with another request")
    return dict(kept.answer)
