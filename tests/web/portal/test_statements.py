"""How many statements a visit to the members' own page costs: as many for ten channels as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sayso.core.program.document import CHANNELS
from sayso.domains.sharing.models import Link
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, decide, event, open_bluebell
from tests.web.portal.visiting import enter, page

pytestmark = pytest.mark.django_db(transaction=True)

# Of which the code, an event that is decided, takes the most.
MOST_AT_FIRST, MOST_LATER = 65, 22


def recommending_by(*channels: str) -> Workspace:
    """A workspace whose advocates pass their link on in these ways; Ada and Ben have none yet."""
    workspace = open_bluebell(f"{FRIENDS}sharing: {{channels: [{', '.join(channels)}]}}\n", name=f"by-{len(channels)}")
    joined = [event(f"{who}-1", "signup", who, after=timedelta(hours=at)) for at, who in enumerate(("Ada", "Ben"))]
    decide(workspace, joined)
    return workspace


def statements(client: Client, workspace: Workspace) -> int:
    """What one visit to the first page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        page(client, workspace=workspace.name)
    return len(asked)


def test_ten_channels_cost_no_more_than_one(client: Client) -> None:
    costs = []
    for channels in (CHANNELS[:1], CHANNELS):
        workspace = recommending_by(*channels)
        statements(enter(client, workspace, "Ben"), workspace)  # what is read once for all is read
        enter(client, workspace)
        costs.append((statements(client, workspace), statements(client, workspace)))
    assert Link.objects.filter(workspace=workspace).count() == 2 * len(CHANNELS)
    (first, later), many = costs
    assert many == (first, later)
    assert first <= MOST_AT_FIRST, costs
    assert later <= MOST_LATER, costs
