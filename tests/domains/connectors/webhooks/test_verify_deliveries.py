"""Deliveries as they are written hold every promise; whatever is changed behind their back is named."""

from datetime import timedelta

import pytest
from django.db import connection

from sayso.domains.connectors.webhooks.create import EndpointSettings, create_endpoint
from sayso.domains.connectors.webhooks.disable import disable_endpoint, enable_endpoint
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.decisions.verify import verify
from sayso.domains.jobs.models import Notice
from sayso.domains.jobs.relay import relay
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, open_bluebell

pytestmark = pytest.mark.django_db

URL = "https://bluebell.example/sayso"


@pytest.fixture
def bluebell() -> Workspace:
    """Ada recommended Ben, and an endpoint is to be told; another company has one too."""
    workspace, other = open_bluebell(FRIENDS), open_bluebell(FRIENDS, name="other")
    for each in (workspace, other):
        create_endpoint(workspace=each, wanted=EndpointSettings(URL), now=START)
        decide(each, ada_recommends_ben())
    while relay(START):
        pass
    assert Delivery.objects.filter(workspace=workspace).count() > 3
    assert verify(workspace) == []
    return workspace


@pytest.mark.parametrize(
    ("change", "promise", "said"),
    [
        ("next_at = 0", 7, "nothing is planned"),
        ("notice = notice + 65536000", 7, "which is not in the log"),
        ("endpoint = (SELECT number FROM webhooks_endpoint WHERE workspace_id = 2)", 10, "of another workspace"),
    ],
)
def test_a_delivery_that_does_not_fit_is_named(bluebell: Workspace, change: str, promise: int, said: str) -> None:
    other = Workspace.objects.get(name="other")
    with connection.cursor() as cursor:
        statement = f"UPDATE webhooks_delivery SET {change.replace('= 2', f'= {other.pk}')} WHERE workspace_id = %s"
        cursor.execute(statement, [bluebell.pk])
    found = verify(bluebell)
    assert {(each.promise, each.table) for each in found} == {(promise, "delivery")}
    assert all(said in each.problem for each in found)
    assert verify(other) == []


def test_a_notice_that_waits_although_it_was_taken_over_is_named(bluebell: Workspace) -> None:
    taken = Delivery.objects.filter(workspace=bluebell).order_by("number")[0]
    Notice.objects.create(number=taken.notice, workspace=bluebell, kind=taken.kind, occurred_at=START)
    assert [(each.promise, each.row) for each in verify(bluebell)] == [(7, str(taken.number))]


def test_what_is_kept_for_a_disabled_endpoint_is_in_order(bluebell: Workspace) -> None:
    named = Endpoint.objects.get(workspace=bluebell).id
    disable_endpoint(workspace=bluebell, endpoint=named, now=START)
    assert verify(bluebell) == []
    enable_endpoint(workspace=bluebell, endpoint=named, now=START + timedelta(days=1))
    assert verify(bluebell) == []
