"""Where the API answers. Whoever mounts it says under which path."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from sayso.web.api.api import api
from sayso.web.api.envelope import enveloped


def _nothing_here(request: HttpRequest) -> HttpResponse:
    raise Http404


def _routes() -> list[URLPattern]:
    patterns = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in patterns:
        each.callback = enveloped(each.callback)
    return patterns


app_name = "api"
urlpatterns = [*_routes(), re_path("", csrf_exempt(enveloped(_nothing_here)))]
