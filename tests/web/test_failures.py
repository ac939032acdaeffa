"""What is answered when a request fails before any view has it: for people a page, for machines a problem."""

from __future__ import annotations

from typing import NoReturn

import pytest
from django.db import InternalError, OperationalError
from django.test import Client, RequestFactory

from sayso.web.access_log import REQUEST_ID
from sayso.web.problems import MEDIA_TYPE
from sayso.web.site.failures import failed
from tests.domains.cast import STARS, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db


def _away(_: str) -> NoReturn:
    raise OperationalError("too many clients already")


def test_a_database_that_is_away_before_any_view_is_to_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Caller(secret_of(open_bluebell(STARS)))
    monkeypatch.setattr("sayso.web.site.addresses.workspace_of_host", _away)
    told = api.get("/programs")
    assert (told.status_code, told["Content-Type"], told["Retry-After"]) == (503, MEDIA_TYPE, "1")
    assert told.json()["type"] == "urn:sayso:problem:busy"
    page = Client(raise_request_exception=False).get("/", secure=True)
    assert (page.status_code, page["Content-Type"], page["Retry-After"]) == (503, "text/html; charset=utf-8", "1")


def test_a_standby_that_takes_no_writes_is_to_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class OnlyReads(Exception):
        sqlstate = "25006"

    def cannot_write(_: str) -> NoReturn:
        raise InternalError("cannot execute UPDATE in a read-only transaction") from OnlyReads()

    api = Caller(secret_of(open_bluebell(STARS)))
    monkeypatch.setattr("sayso.web.site.addresses.workspace_of_host", cannot_write)
    assert api.get("/programs").status_code == 503
    assert Client(raise_request_exception=False).get("/", secure=True).status_code == 503


@pytest.mark.parametrize("path", ["/console", "/w/bluebell/"])
def test_a_page_that_says_what_broke_names_the_request_of_the_log(path: str) -> None:
    open_bluebell(STARS)
    request = RequestFactory().get(path, secure=True)
    request.META[REQUEST_ID] = "seen-in-the-log"
    page = failed(request)
    assert page.status_code == 500
    assert ("on our side" in page.content.decode()) is path.startswith("/w/")
    assert "<code>seen-in-the-log</code>" in page.content.decode()


@pytest.mark.parametrize("path", ["/members/%00", "/members?group=%00", "/why?member=a%00b", "/links/%00"])
def test_an_address_with_a_nul_is_refused_before_any_database_sees_it(path: str) -> None:
    api = Caller(secret_of(open_bluebell(STARS)))
    told = api.get(path)
    assert (told.status_code, told["Content-Type"]) == (400, MEDIA_TYPE)
    assert Client().get("/%00", secure=True).status_code == 400


def test_a_route_that_is_none_is_told_as_one_whatever_the_method() -> None:
    client = Client(enforce_csrf_checks=True)
    told = client.post("/api/v1/rewards/rew_0/approve", b"{}", content_type="application/json", secure=True)
    assert (told.status_code, told["Content-Type"]) == (404, MEDIA_TYPE)
