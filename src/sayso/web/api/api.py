"""The API put together: its resources, its errors, its document.

Owns the list of resources. It must not answer anything itself.
"""

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from sayso.web.api import (
    brand,
    clock,
    codes,
    events,
    fulfilment,
    incoming,
    keys,
    landing,
    links,
    mails,
    members,
    programs,
    referrals,
    rewards,
    set_aside,
    tasks,
    wallets,
    webhooks,
    why,
)
from sayso.web.api.access import Gate
from sayso.web.api.document import DESCRIPTION, SaysoApi
from sayso.web.api.envelope import answer_to

RESOURCES = (
    events,
    members,
    wallets,
    why,
    referrals,
    codes,
    links,
    rewards,
    fulfilment,
    programs,
    landing,
    brand,
    mails,
    tasks,
    set_aside,
    webhooks,
    incoming,
    clock,
    keys,
)


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(error, Exception)
    return answer_to(request, error)


def _build() -> SaysoApi:
    # The gate without a scope opens to nobody: a route that forgot its own is closed.
    made = SaysoApi(title="Sayso", version="1", description=DESCRIPTION, docs_url=None, openapi_url=None, auth=Gate())
    # Ninja has handlers of its own for these; the most general one alone would not replace them.
    for handled in (Exception, Http404, HttpError, ValidationError):
        made.add_exception_handler(handled, _answer)
    for resource in RESOURCES:
        made.add_router("", resource.routes.router)
    return made


api = _build()
