"""Creating, changing and removing endpoints.

Owns what an endpoint may be. It must not send anything: an address is resolved when it is called.
"""

import secrets
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sayso.core.domain_error import DomainError
from sayso.core.engine.notices import KINDS
from sayso.domains.connectors.http.destination import check_url
from sayso.domains.connectors.webhooks.models import EVERY_KIND, Delivery, Endpoint
from sayso.domains.connectors.webhooks.queries import endpoint_of, locked_endpoint
from sayso.domains.jobs.relay import listen
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.sealing import seal

MOST_ENDPOINTS = 50
LONGEST_DESCRIPTION = 500
_SECRET_BYTES = 32


class EndpointNotUsable(DomainError, ValueError):
    """What an endpoint should be told, or is called, is not possible."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """What an endpoint should be.

    Attributes:
        url: https, or what the operator allows.
        kinds: kinds of notice, or `*` for all.
        description: for people.
    """

    url: str
    kinds: Collection[str] = (EVERY_KIND,)
    description: str = ""


def create_endpoint(*, workspace: Workspace, wanted: EndpointSettings, now: datetime) -> tuple[Endpoint, str]:
    """Create an endpoint and return it with its secret, which is not shown again.

    Raises:
        EndpointNotUsable: a kind is not known, or there are too many endpoints.
        UrlNotAllowed: this URL is not called.
    """
    _check(wanted)
    secret = new_secret()
    with transaction.atomic():
        if Endpoint.objects.filter(workspace=workspace).count() >= MOST_ENDPOINTS:
            raise EndpointNotUsable(f"a workspace has at most {MOST_ENDPOINTS} endpoints")
        made = Endpoint.objects.create(
            number=new_number(now),
            workspace=workspace,
            url=wanted.url,
            kinds=sorted(set(wanted.kinds)),
            description=wanted.description,
            secret=seal(secret),
            created_at=now,
        )
    listen(workspace.pk)
    return made, secret


def change_endpoint(*, workspace: Workspace, endpoint: str, wanted: EndpointSettings) -> Endpoint:
    """Change where an endpoint is and what it is told; deliveries on their way go to the new address.

    Raises:
        NoSuchEndpoint, EndpointNotUsable, UrlNotAllowed: as they say.
    """
    _check(wanted)
    with transaction.atomic():
        found = endpoint_of(workspace=workspace, endpoint=endpoint)
        changed = locked_endpoint(workspace=workspace.pk, number=found.number)
        changed.url, changed.kinds, changed.description = wanted.url, sorted(set(wanted.kinds)), wanted.description
        changed.save(update_fields=["url", "kinds", "description"])
    listen(workspace.pk)
    return changed


def remove_endpoint(*, workspace: Workspace, endpoint: str) -> None:
    """Remove an endpoint with everything that was on its way there.

    Raises:
        NoSuchEndpoint: there is none.
    """
    with transaction.atomic():
        found = endpoint_of(workspace=workspace, endpoint=endpoint)
        locked_endpoint(workspace=workspace.pk, number=found.number).delete()
        Delivery.objects.filter(endpoint=found.number, workspace=workspace).delete()
    listen(workspace.pk)


def new_secret() -> str:
    """Return a secret as Standard Webhooks writes it."""
    return f"whsec_{b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def _check(wanted: EndpointSettings) -> None:
    check_url(wanted.url)
    unknown = sorted(set(wanted.kinds) - {*KINDS, EVERY_KIND})
    if unknown or not wanted.kinds:
        said = f"there is no kind of notice {unknown[0]!r}" if unknown else "an endpoint wants to be told something"
        raise EndpointNotUsable(f"{said}; the kinds are {', '.join(KINDS)}, or {EVERY_KIND} for all")
    if len(wanted.description) > LONGEST_DESCRIPTION or not all(map(str.isprintable, wanted.description)):
        raise EndpointNotUsable(f"a description has at most {LONGEST_DESCRIPTION} characters that can be printed")
