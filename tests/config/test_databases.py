"""Both databases are set up to keep what was acknowledged, and the checks say so when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from sayso.config.checks import check_database
from sayso.config.databases import database_settings, default_database_url


def test_default_is_a_file_in_the_home(tmp_path: Path) -> None:
    found = database_settings(default_database_url(tmp_path))
    assert found["NAME"] == str(tmp_path / "sayso.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_connections_are_kept_and_checked() -> None:
    found = database_settings("postgresql://ada:secret@db.example:5433/bluebell?sslmode=require")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "bluebell")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "idle_in_transaction_session_timeout=60s" in found["OPTIONS"]["options"]
    assert found["CONN_HEALTH_CHECKS"]


@pytest.mark.django_db
def test_this_database_passes_its_checks() -> None:
    found = [message for message in check_database(connection) if message.id != "sayso.W001"]
    assert found == []


@pytest.mark.django_db
def test_a_careless_sqlite_is_reported(tmp_path: Path) -> None:
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "careless.sqlite3")}
    careless = ConnectionHandler({"default": settings})["default"]
    careless.ensure_connection()
    careless.connection.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;")
    found = [message.id for message in check_database(careless)]
    careless.close()
    assert found == ["sayso.E002", "sayso.E003", "sayso.E004", "sayso.E005"]


def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "oracle")
    assert [message.id for message in check_database(connection)] == ["sayso.E001"]


def test_a_postgresql_that_falls_silent_is_given_up_and_what_the_url_says_is_added() -> None:
    plain = database_settings("postgresql://sayso@localhost/sayso")["OPTIONS"]
    assert plain["connect_timeout"] < 30
    assert plain["keepalives_idle"] + plain["keepalives_count"] * plain["keepalives_interval"] <= 30
    assert plain["tcp_user_timeout"] <= 30_000
    url = "postgresql://sayso@localhost/sayso?connect_timeout=3&options=-c%20statement_timeout=5s"
    found = database_settings(url)["OPTIONS"]
    assert str(found["connect_timeout"]) == "3"
    assert found["options"] == f"{plain['options']} -c statement_timeout=5s"
