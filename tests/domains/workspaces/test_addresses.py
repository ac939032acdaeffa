"""Under which host whole addresses of a workspace's site stand: one rule for links, cards, mails and the API."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import SettingsWrapper

from sayso.domains.workspaces.addresses import site_root
from sayso.domains.workspaces.brand import add_host
from tests.domains.cast import open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_host_of_the_companys_own_goes_first_and_the_one_that_is_visited_last(settings: SettingsWrapper) -> None:
    bluebell, visited = open_bluebell(), "https://inside.example"
    assert site_root(bluebell) == ""
    assert site_root(bluebell, visited=visited) == f"{visited}/w/bluebell"
    settings.PUBLIC_URL = "https://friends.example"
    assert site_root(bluebell) == site_root(bluebell, visited=visited) == "https://friends.example/w/bluebell"
    add_host(workspace=bluebell, host="friends.bluebell.example")
    assert site_root(bluebell) == site_root(bluebell, visited=visited) == "https://friends.bluebell.example"
