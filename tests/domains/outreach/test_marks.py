"""A mark costs one look at its key, whatever other keys there were before."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from sayso.domains.outreach import marks
from sayso.domains.outreach.marks import mark_of_mailbox
from sayso.domains.workspaces.sealing import seal
from tests.domains.cast import FRIENDS, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_key_is_sealed_once_and_once_more_under_another_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_bluebell(FRIENDS).pk
    sealed: list[str] = []

    def noted(secret: str) -> str:
        sealed.append(secret)
        return seal(secret)

    monkeypatch.setattr(marks, "seal", noted)
    before = [mark_of_mailbox(workspace, "ada@example.com") for _ in range(3)]
    assert len(sealed) == 1
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        after = [mark_of_mailbox(workspace, "ada@example.com") for _ in range(2)]
        with CaptureQueriesContext(connection) as asked:
            after.append(mark_of_mailbox(workspace, "ada@example.com"))
    assert [each["sql"].split()[0] for each in asked] == ["SELECT"]
    assert len(sealed) == 2
    assert set(before) == set(after)
