"""Without https machines are refused in words, browsers are sent on, and nothing that was sent is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from sayso.domains.events.models import Event
from sayso.web.problems import MEDIA_TYPE
from tests.domains.cast import STARS, open_bluebell
from tests.web.api.calling import secret_of

pytestmark = pytest.mark.django_db

SIGNUP = {"id": "s-1", "type": "signup", "member": "ada", "occurred_at": "2027-01-10T10:00:00Z"}


def sent(path: str, **how: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret_of(open_bluebell(STARS))}"}
    return Client(headers=headers).post(path, json.dumps(SIGNUP), content_type="application/json", **how)


@pytest.mark.parametrize("path", ["/api/v1/events", "/hooks/whs_0000000006001", "/hooks/"])
def test_what_machines_send_in_the_clear_is_refused(path: str) -> None:
    refused = sent(path)
    assert (refused.status_code, refused["Content-Type"]) == (403, MEDIA_TYPE)
    assert refused.json()["type"] == "urn:sayso:problem:https-needed"
    assert not Event.objects.filter(external_id="s-1").exists()


def test_browsers_are_sent_on_and_plain_http_is_served_where_it_is_wanted(settings: Any) -> None:
    page = Client().get("/")
    assert (page.status_code, page["Location"]) == (301, "https://testserver/")
    settings.SECURE_SSL_REDIRECT = False
    assert sent("/api/v1/nowhere").status_code == 404
    assert Client().post("/hooks/whs_0000000006001").status_code == 404
