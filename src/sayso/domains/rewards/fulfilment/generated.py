"""Codes that we make up ourselves, for a shop that takes any code it is told of.

Owns what such a code looks like (TRUST: 50 bits at least; no letters that look alike).
"""

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from sayso.domains.rewards.fulfilment.port import Handover, Kept, ProviderAnswer, ProviderNotUsable, Said
from sayso.domains.rewards.models import PoolCode
from sayso.domains.workspaces.models import Workspace

# No 0 and O, 1, I and L; no U, which is heard as V. 30 letters: twelve of them hold 58 bits.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4
_PREFIX = re.compile(r"[A-Z0-9]{0,12}")
_TRIES = 5


class Generated:
    """Makes up a code nobody has."""

    takes: Collection[str] = ("prefix",)

    def checked(self, workspace: Workspace, settings: Mapping[str, Any]) -> Kept:
        """Keep the prefix: up to 12 capital letters and digits; none is fine."""
        prefix = str(settings.get("prefix", ""))
        if not _PREFIX.fullmatch(prefix):
            raise ProviderNotUsable("a prefix is made of at most 12 capital letters and digits, such as BLUEBELL")
        return Kept({"prefix": prefix}, {})

    def hand_over(self, wanted: Handover) -> ProviderAnswer:
        """Make up a code and keep it among those that were given out."""
        order = wanted.order
        for _ in range(_TRIES):
            code = made_up(str(wanted.settings.get("prefix", "")))
            try:
                with transaction.atomic():
                    PoolCode.objects.create(
                        code=code, workspace=wanted.workspace, reward=order.reward, item=order.item, given_at=wanted.now
                    )
            except IntegrityError:
                continue  # somebody has it, as one in a hundred million million times
            return ProviderAnswer(Said.DELIVERED, code=code)
        return ProviderAnswer(Said.WAITS, reason="every code that was made up was taken already")


def made_up(prefix: str = "") -> str:
    """Return a code, `BLUEBELL-7KQ2-M4XW-9TRH`."""
    groups = ["".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join([prefix, *groups] if prefix else groups)
