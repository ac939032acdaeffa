"""Is it alive, is it ready, how is it doing: `/livez`, `/readyz` and `/metrics`.

Owns the three answers. They come before everything else, so that a probe is answered whatever host name or scheme it
uses. It must not answer anything about a member or a workspace's content.
"""

from __future__ import annotations

import hmac
import ipaddress
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from sayso.domains.decisions.committer import committer_is_stuck
from sayso.web.access_log import ROUTE

Health = Literal["ok", "unreachable", "behind", "full", "stuck"]

LEAST_FREE_BYTES = 100_000_000
_NOT_FOUND = 404
_UNAVAILABLE = 503


class HealthAnswers:
    """Middleware, the first one: answers the three paths and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._paths = {"/livez": _livez, "/readyz": _readyz, "/metrics": _metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer about health, or hand on."""
        answer = self._paths.get(request.path)
        if answer is None:
            return self._get_response(request)
        request.META[ROUTE] = request.path
        response = answer(request) if request.method in {"GET", "HEAD"} else HttpResponse(status=405)
        response.headers["Cache-Control"] = "no-store"
        return response


def health() -> dict[str, Health]:
    """Return how each thing is that a service needs: `database`, `migrations`, `disk`, `events`; ready is all `ok`."""
    events: Health = "stuck" if committer_is_stuck() else "ok"
    return {**_database_and_migrations(), "disk": _disk(), "events": events}


def _livez(_: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _readyz(_: HttpRequest) -> HttpResponse:
    found = health()
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else _UNAVAILABLE)


def _metrics(request: HttpRequest) -> HttpResponse:
    # Loaded where they are asked for: most processes are never asked, and the library takes 2 MB.
    from sayso.web.metrics import CONTENT_TYPE, metrics  # noqa: PLC0415

    # Whoever may not read them need not know that they are here.
    if not _may_read_metrics(request):
        return HttpResponse(status=_NOT_FOUND)
    try:
        return HttpResponse(metrics(), content_type=CONTENT_TYPE)
    except DatabaseError:
        return HttpResponse(status=_UNAVAILABLE)


def _may_read_metrics(request: HttpRequest) -> bool:
    wanted = settings.METRICS_TOKEN
    if wanted:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {wanted}".encode())
    # Behind a proxy on the same machine, everybody seems to come from this machine.
    return not settings.BEHIND_PROXY and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


# Once this process saw that the tables are up to date, they stay so: no later version takes a migration back.
_up_to_date: set[str] = set()
# A SQLite file that somebody moved away is opened anew, empty: then there is a database, and not ours.
_IS_THERE = "SELECT 1 FROM django_migrations LIMIT 1"


def _database_and_migrations() -> dict[str, Health]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_IS_THERE if connection.alias in _up_to_date else "SELECT 1")
        if connection.alias not in _up_to_date:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return {"database": "ok", "migrations": "behind"}
            _up_to_date.add(connection.alias)
    except DatabaseError:
        return {"database": "unreachable", "migrations": "unreachable"}
    return {"database": "ok", "migrations": "ok"}


def _disk() -> Health:
    """Whether there is room to write where this host writes: its home, and the folder of a SQLite file."""
    places = {Path(settings.SAYSO_HOME)}
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).parent.is_dir():
        places.add(Path(str(connection.settings_dict["NAME"])).parent)
    return "full" if any(shutil.disk_usage(place).free < LEAST_FREE_BYTES for place in places) else "ok"
