"""`/livez`, `/readyz` and `/metrics`, answered before anything else, and to whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection
from django.test import Client

from sayso.domains.decisions.committer import Committer, committer
from sayso.domains.jobs.heartbeats import note_done
from sayso.web import health
from tests.domains.cast import STARS, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


def test_probes_are_answered_whatever_host_and_scheme_they_use(client: Client) -> None:
    assert client.get("/livez", headers={"host": "10.0.0.7"}).status_code == 200
    ready = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert (ready.status_code, ready.json()) == (
        200,
        {"database": "ok", "migrations": "ok", "disk": "ok", "events": "ok"},
    )
    assert client.get("/", headers={"host": "10.0.0.7"}).status_code == 400
    assert client.post("/livez").status_code == 405


def test_without_a_database_it_lives_and_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", Mock(side_effect=OperationalError("gone")))
    assert client.get("/livez").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
    assert client.get("/metrics").status_code == 503


def test_another_database_in_its_place_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "_IS_THERE", "SELECT 1 FROM a_table_of_ours LIMIT 1")
    assert client.get("/readyz").status_code == 503


def test_tables_of_an_older_version_and_a_full_disk_are_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_up_to_date", set())
    monkeypatch.setattr("sayso.web.health.MigrationExecutor.migration_plan", lambda *_: ["one more"])
    monkeypatch.setattr("sayso.web.health.shutil.disk_usage", lambda _: Mock(free=1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "behind", "disk": "full", "events": "ok"}


def test_a_host_whose_events_are_not_decided_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Committer, "is_stuck", lambda _: True)
    committer()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["events"]) == (503, "stuck")


def figures(text: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_metrics_tell_how_long_ago_each_duty_was_done(client: Client) -> None:
    note_done("relay", datetime.now(UTC) - timedelta(minutes=5))
    found = figures(client.get("/metrics").content.decode())
    assert 300 <= found['sayso_duty_done_seconds{duty="relay"}'] < 330


def test_metrics_count_what_waits(client: Client) -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event("a-1", "purchase", "Ada", amount_minor=2500)])
    found = figures(client.get("/metrics").content.decode())
    label = f'{{workspace="{bluebell.name}"}}'
    bluebell.refresh_from_db()
    assert found[f"sayso_log_events_total{label}"] == bluebell.position
    assert found[f"sayso_events_set_aside{label}"] == 0
    assert found[f"sayso_timers_due{label}"] == 0


@pytest.mark.parametrize(
    ("told", "request_", "status"),
    [
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({}, {"REMOTE_ADDR": "203.0.113.9"}, 404),
        ({"BEHIND_PROXY": True}, {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ({"METRICS_TOKEN": "Bluebell"}, {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ({"METRICS_TOKEN": "Bluebell"}, {"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer Bluebell"}, 200),
        ({"METRICS_TOKEN": "Bluebell"}, {"HTTP_AUTHORIZATION": "Bearer Blüebell"}, 404),
    ],
)
def test_metrics_are_for_this_machine_or_who_has_the_token(
    client: Client, settings: Any, told: dict[str, Any], request_: dict[str, str], status: int
) -> None:
    for name, value in told.items():
        setattr(settings, name, value)
    assert client.get("/metrics", **request_).status_code == status  # type: ignore[arg-type]


def test_health_says_nothing_about_what_is_inside(client: Client) -> None:
    assert set(json.loads(client.get("/readyz").content)) == {"database", "migrations", "disk", "events"}
