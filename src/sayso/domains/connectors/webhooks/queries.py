"""Reading endpoints and deliveries."""

from django.db.models import QuerySet

from sayso.core.domain_error import DomainError
from sayso.domains.connectors.webhooks.models import DELIVERY_PREFIX, ENDPOINT_PREFIX, Delivery, Endpoint
from sayso.domains.workspaces.ids import number_of
from sayso.domains.workspaces.models import Workspace


class NoSuchEndpoint(DomainError, LookupError):
    """The workspace has no endpoint of this id."""


class NoSuchDelivery(DomainError, LookupError):
    """The workspace has no delivery of this id, or has it no longer."""


def endpoints_in(workspace: Workspace) -> list[Endpoint]:
    """Return the endpoints of a workspace, in the order in which they were made."""
    return list(Endpoint.objects.filter(workspace=workspace).order_by("number"))


def endpoint_of(*, workspace: Workspace, endpoint: str) -> Endpoint:
    """Return the endpoint of this public id.

    Raises:
        NoSuchEndpoint: there is none.
    """
    found = Endpoint.objects.filter(number=number_of(ENDPOINT_PREFIX, endpoint) or 0, workspace=workspace).first()
    if found is None:
        raise NoSuchEndpoint(f"there is no endpoint {endpoint}")
    return found


def locked_endpoint(*, workspace: int, number: int) -> Endpoint:
    """Return an endpoint that nobody else changes before the transaction ends.

    Raises:
        NoSuchEndpoint: there is none of this number.
    """
    found = Endpoint.objects.select_for_update().filter(number=number, workspace=workspace).first()
    if found is None:
        raise NoSuchEndpoint(f"there is no endpoint {number}")
    return found


def delivery_of(*, workspace: Workspace, delivery: str) -> Delivery:
    """Return the delivery of this public id.

    Raises:
        NoSuchDelivery: there is none.
    """
    found = Delivery.objects.filter(number=number_of(DELIVERY_PREFIX, delivery) or 0, workspace=workspace).first()
    if found is None:
        raise NoSuchDelivery(f"there is no delivery {delivery}; finished ones are kept for some time only")
    return found


def deliveries_to(endpoint: Endpoint, *, before: int | None = None, limit: int = 50) -> list[Delivery]:
    """Return deliveries to an endpoint, the latest first.

    Args:
        endpoint: to which.
        before: the number of the last one of the page before.
        limit: how many at most.
    """
    found: QuerySet[Delivery] = Delivery.objects.filter(endpoint=endpoint.number, workspace=endpoint.workspace_id)
    if before is not None:
        found = found.filter(number__lt=before)
    return list(found.order_by("-number")[:limit])
