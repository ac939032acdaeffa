"""Which hosts are companies' own is asked of the database once in a while, not at every request, and never for long."""

from __future__ import annotations

import time
from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from sayso.domains.workspaces.brand import add_host, remove_host
from sayso.domains.workspaces.models import Workspace
from sayso.web.site import addresses
from sayso.web.site.addresses import SITE_URLS, SiteHosts
from tests.domains.cast import FRIENDS, open_bluebell

OWN, OURS = "friends.bluebell.example", "testserver"


@pytest.fixture
def bluebell(transactional_db: None, settings: object) -> Workspace:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    workspace = open_bluebell(FRIENDS)
    add_host(workspace=workspace, host=OWN)
    return workspace


@pytest.fixture
def hosts() -> SiteHosts:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(getattr(request, "urlconf", ""), status=HTTPStatus.OK)

    return SiteHosts(answer)


def urls_of(hosts: SiteHosts, host: str) -> str:
    """From which addresses a request for a host is answered; empty for the installation's."""
    return hosts(RequestFactory().get("/", headers={"host": host})).content.decode()


def test_the_database_is_asked_once_for_each_host(
    bluebell: Workspace, hosts: SiteHosts, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        for _ in range(5):
            assert urls_of(hosts, OWN) == SITE_URLS
            assert urls_of(hosts, OURS) == ""


def test_what_was_looked_up_is_not_believed_for_long(
    bluebell: Workspace, hosts: SiteHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert urls_of(hosts, OWN) == SITE_URLS
    assert urls_of(hosts, "new.bluebell.example") == ""
    remove_host(workspace=bluebell, host=OWN)
    add_host(workspace=bluebell, host="new.bluebell.example")
    later = time.monotonic() + addresses.BELIEVED_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert urls_of(hosts, OWN) == ""
    assert urls_of(hosts, "new.bluebell.example") == SITE_URLS


def test_whoever_asks_for_many_hosts_fills_no_memory(bluebell: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST_BELIEVED", 3)
    hosts = SiteHosts(lambda request: HttpResponse())
    for number in range(10):
        urls_of(hosts, f"{number}.example")
    assert len(hosts._believed) == 3
