"""Leases: a row that one worker works on, until a moment, under a token of its own.

Owns claiming and the fenced write. Whoever was asleep past its lease finds that another has the row: its token is no
longer there, and its write changes nothing. It must not know what the rows mean.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction

from sayso.domains.workspaces.moments import MomentField

_TOKEN_BITS = 62


class Leased(models.Model):
    """A row that workers take turns on.

    Attributes:
        leased_until: until when it is somebody's; None when it never was.
        lease_token: whose it is; 0 for nobody's.
    """

    leased_until = MomentField()
    lease_token = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    def keep(self, **values: Any) -> bool:
        """Write values if the row is still ours; whether it was."""
        mine = type(self)._default_manager.filter(pk=self.pk, lease_token=self.lease_token).exclude(lease_token=0)
        kept = mine.update(**values) == 1
        for name, value in values.items():  # only now: a write that fails leaves us the token to write with again
            setattr(self, name, value)
        return kept

    def renew(self, *, now: datetime, seconds: float) -> bool:
        """Keep the row for longer; whether it was still ours."""
        return self.keep(leased_until=now + timedelta(seconds=seconds))

    def release(self, **values: Any) -> bool:
        """Write values and let the row go; whether it was still ours."""
        return self.keep(**values, lease_token=0, leased_until=None)


L = TypeVar("L", bound=Leased)


def claim(rows: "models.QuerySet[L]", *, limit: int, now: datetime, seconds: float) -> list[L]:
    """Take some rows that are nobody's, or whose holder went silent, in the order of the query.

    Args:
        rows: which may be taken, in which order.
        limit: how many at most.
        now: the time.
        seconds: how long they are ours.
    """
    with transaction.atomic():
        free = rows.filter(leased_until__lte=now).select_for_update(skip_locked=True)
        taken = list(free[:limit])
        if taken:
            _mark(taken, token=secrets.randbits(_TOKEN_BITS) | 1, until=now + timedelta(seconds=seconds))
    return taken


def _mark(taken: Sequence[L], *, token: int, until: datetime) -> None:
    for row in taken:
        row.lease_token, row.leased_until = token, until
    rows = type(taken[0])._default_manager.filter(pk__in=[row.pk for row in taken])
    rows.update(lease_token=token, leased_until=until)
