"""Secrets that came with a backup and cannot be opened here, since the secret key that sealed them is not in it.

Owns knowing where each room keeps sealed secrets. It must not show or change one.
"""

from collections.abc import Iterator, Mapping

from django.db.models import Q

from sayso.domains.connectors.incoming.models import Source
from sayso.domains.connectors.webhooks.models import Endpoint
from sayso.domains.outreach.models import AddressKey
from sayso.domains.rewards.models import Provider
from sayso.domains.workspaces.models import PortalSecret
from sayso.domains.workspaces.sealing import SealBroken, unseal


def sealed_elsewhere() -> Mapping[str, int]:
    """Return how many secrets were sealed under a secret key that this installation does not have, by what they do."""
    shut = {purpose: sum(map(_is_shut, secrets)) for purpose, secrets in _sealed()}
    return {purpose: count for purpose, count in shut.items() if count}


def _sealed() -> Iterator[tuple[str, Iterator[str]]]:
    # Of a secret that was replaced, the earlier one ends within days anyway.
    providers = Provider.objects.filter(settings__has_key="secret").values_list("settings", flat=True)
    yield "webhooks", Endpoint.objects.values_list("secret", flat=True).iterator()
    yield "messages coming in", Source.objects.values_list("secret", flat=True).iterator()
    yield "providers of rewards", (str(each["secret"]) for each in providers)
    yield "portal", PortalSecret.objects.filter(Q(ends_at=0)).values_list("sealed", flat=True).iterator()
    yield "marks of mail addresses", AddressKey.objects.values_list("sealed", flat=True).iterator()


def _is_shut(sealed: str) -> bool:
    try:
        unseal(sealed)
    except SealBroken:
        return True
    return False
