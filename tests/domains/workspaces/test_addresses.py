"""Under which host whole addresses of a workspace's site stand: one rule for links, cards, mails and the API."""

from __future__ import annotations

import pytest
from django.test import override_settings

from sayso.domains.workspaces.addresses import site_root
from sayso.domains.workspaces.brand import add_host, hosts_of, remove_host
from tests.domains.cast import open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_host_of_the_companys_own_goes_first_and_the_one_that_is_visited_last() -> None:
    bluebell, visited = open_bluebell(), "https://inside.example"
    assert site_root(bluebell) == ""
    assert site_root(bluebell, visited=visited) == f"{visited}/w/bluebell"
    with override_settings(PUBLIC_URL="https://friends.example"):
        assert site_root(bluebell, visited=visited) == site_root(bluebell) == "https://friends.example/w/bluebell"
        add_host(workspace=bluebell, host="friends.bluebell.example")
        assert site_root(bluebell, visited=visited) == site_root(bluebell) == "https://friends.bluebell.example"


def test_of_several_hosts_the_one_that_was_named_first_leads() -> None:
    bluebell = open_bluebell()
    for host in ("friends.bluebell.example", "club.bluebell.example", "friends.bluebell.example"):
        add_host(workspace=bluebell, host=host)
    assert hosts_of(bluebell) == ["friends.bluebell.example", "club.bluebell.example"]
    assert site_root(bluebell) == "https://friends.bluebell.example"
    remove_host(workspace=bluebell, host="friends.bluebell.example")
    add_host(workspace=bluebell, host="friends.bluebell.example")
    assert site_root(bluebell) == "https://club.bluebell.example"
