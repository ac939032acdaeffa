"""How often one address may be wrong about codes and names (TRUST): 10 times a minute, then it waits.

Owns the count, which all processes of an installation share: it stands in the database. Whoever knows a code never
waits, nobody is locked out for good, and of an address no more is kept than a mark.
"""

import ipaddress
import secrets
from datetime import UTC, datetime, timedelta

from django.utils.crypto import salted_hmac

from sayso.core.domain_error import DomainError
from sayso.domains.sharing.models import Try
from sayso.domains.workspaces.models import Workspace

MOST = 10
SPAN = timedelta(minutes=1)
_NUMBER_BITS = 62
_MARK_BYTES = 16
# A household has a network of this size of its own in IPv6, not one address.
_HOUSEHOLD_BITS = 64


class TooManyTries(DomainError):
    """So many were tried that no further one is taken for a while.

    Attributes:
        seconds: until the next may come.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many were tried; try again in {seconds} s")
        self.seconds = seconds


class Tries:
    """Counts tries by the address that they came from.

    Args:
        what: is tried, `code`.
    """

    def __init__(self, what: str) -> None:
        self._what = what

    def check(self, workspace: Workspace, address: str) -> None:
        """Let a try be made.

        Raises:
            TooManyTries: so many were counted that it is not.
        """
        now = datetime.now(UTC)
        counted = Try.objects.filter(who=self._mark(address), workspace=workspace, made_at__gt=now - SPAN)
        latest: list[datetime | None] = list(counted.order_by("-made_at").values_list("made_at", flat=True)[:MOST])
        oldest = latest[-1] if len(latest) == MOST else None
        if oldest is not None:
            raise TooManyTries(int((oldest + SPAN - now).total_seconds()) + 1)

    def note(self, workspace: Workspace, address: str) -> None:
        """Count a try."""
        Try.objects.create(
            number=secrets.randbits(_NUMBER_BITS),
            workspace=workspace,
            who=self._mark(address),
            made_at=datetime.now(UTC),
        )

    def _mark(self, address: str) -> bytes:
        keyed = salted_hmac(f"sayso.sharing.tries.{self._what}", household(address), algorithm="sha256")
        return keyed.digest()[:_MARK_BYTES]


def household(address: str) -> str:
    """Return what counts as one address: itself, or the network of a household in IPv6."""
    try:
        parsed = ipaddress.IPv6Address(address)
    except ValueError:  # of IPv4, or none
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _HOUSEHOLD_BITS), strict=False))


# Wrong codes and links: whoever is right has nothing to wait for.
wrong_codes = Tries("code")
# Every name that is tried counts, right or wrong: else the count itself would tell.
names_tried = Tries("name")
