"""What is over is deleted by the set, and what still counts is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sayso.domains.outreach.clean import clean_mails
from sayso.domains.outreach.models import SignInTry
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


def test_old_tries_go_in_one_statement_for_each_workspace() -> None:
    now = datetime.now(UTC)
    workspaces = [open_bluebell(FRIENDS), open_bluebell(FRIENDS, name="other")]
    for workspace in workspaces:
        _try(workspace, now, *range(1, 21))
        _try(workspace, now + timedelta(minutes=30), 99)
    with CaptureQueriesContext(connection) as asked:
        assert not clean_mails(now + timedelta(minutes=61))
    assert sum(each["sql"].startswith("DELETE") for each in asked) == len(workspaces)
    assert list(SignInTry.objects.values_list("number", flat=True)) == [99, 99]


def _try(workspace: Workspace, made_at: datetime, *numbers: int) -> None:
    SignInTry.objects.bulk_create(
        SignInTry(number=number, workspace=workspace, account=b"a", made_at=made_at) for number in numbers
    )
