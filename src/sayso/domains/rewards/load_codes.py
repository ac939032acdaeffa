"""Loading codes into a pool."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Max

from sayso.core.domain_error import DomainError
from sayso.domains.rewards.models import Order, OrderState, Pool, PoolCode, Way
from sayso.domains.workspaces.models import Workspace

LONGEST = 100
CHUNK = 1000
MOST_TOLD = 20

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_CODE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class PoolNotUsable(DomainError, ValueError):
    """A pool's name is made of small letters, digits, hyphens and underscores, and begins with a letter."""


@dataclass(slots=True)
class Loaded:
    """What became of the lines of a file.

    Attributes:
        new: codes that were not there.
        known: how many were there already, in this pool or another, or stood twice in the file.
        wrong: how many lines hold no code.
        told: the first of the wrong lines, as (line, what is wrong).
    """

    new: int = 0
    known: int = 0
    wrong: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)


def load_codes(
    *, workspace: Workspace, pool: str, lines: Iterable[tuple[int, str]], now: datetime, low: int | None = None
) -> Loaded:
    """Load codes into a pool, which is made when it is not there.

    What was loaded stays when it breaks off, so a file may be loaded again: codes that are there are passed over.
    Orders that wait for codes are served at once.

    Args:
        workspace: whose.
        pool: its name.
        lines: numbers of lines and what stands there.
        now: the time.
        low: with fewer left than these the pool is shown as low; None leaves it as it is.

    Raises:
        PoolNotUsable: the name is none.
    """
    if not _NAME.fullmatch(pool):
        raise PoolNotUsable(f"{pool!r} is no name for a pool; write small letters, digits, hyphens and underscores")
    found, _ = Pool.objects.get_or_create(workspace=workspace, name=pool, defaults={"created_at": now})
    if low is not None:
        Pool.objects.filter(workspace=workspace, name=pool).update(low=max(low, 0))
    loaded, rest = Loaded(), iter(_codes(lines, outcome := Loaded()))
    while chunk := list(islice(rest, CHUNK)):
        new = _load(workspace, found.name, list(dict.fromkeys(chunk)))
        loaded.new += new
        loaded.known += len(chunk) - new
    loaded.wrong, loaded.told = outcome.wrong, outcome.told
    waiting = Order.objects.filter(workspace=workspace, state=OrderState.PENDING, way=Way.POOL, next_at__gt=0)
    waiting.update(next_at=now)
    return loaded


def _codes(lines: Iterable[tuple[int, str]], outcome: Loaded) -> Iterator[str]:
    """Yield the codes, and note the lines that hold none."""
    for number, text in lines:
        code = text.strip()
        if not code:
            continue
        if len(code) <= LONGEST and _CODE.fullmatch(code):
            yield code
            continue
        outcome.wrong += 1
        if len(outcome.told) < MOST_TOLD:
            why = f"has {len(code)} characters, at most {LONGEST} are taken" if len(code) > LONGEST else "is no code"
            outcome.told.append((number, why))


def _load(workspace: Workspace, pool: str, codes: list[str]) -> int:
    """Add the codes that are not there yet, in their order; how many these are."""
    with transaction.atomic():
        # Who loads into the same pool at the same time waits, so that places are given once.
        Pool.objects.select_for_update().get(workspace=workspace, name=pool)
        mine = PoolCode.objects.filter(workspace=workspace, pool=pool)
        last = mine.aggregate(last=Max("place"))["last"] or 0
        known = set(PoolCode.objects.filter(workspace=workspace, code__in=codes).values_list("code", flat=True))
        fresh = [code for code in codes if code not in known]
        rows = [
            PoolCode(code=code, workspace=workspace, pool=pool, place=place)
            for place, code in enumerate(fresh, last + 1)
        ]
        # A load into another pool may add one of them at this moment; whoever is later leaves it.
        PoolCode.objects.bulk_create(rows, ignore_conflicts=True)
        return mine.filter(place__gt=last).count()
