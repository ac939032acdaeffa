"""Lines of log tell where something went wrong, and no value that a person gave."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client

from sayso.config.logs import OneLine, logging_settings


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_names_the_place_and_no_local_value(as_json: bool) -> None:
    formatter = _formatter(as_json=as_json)
    line = formatter.format(_failure("ben@example.com"))
    assert "ZeroDivisionError" in line
    assert "test_logs.py" in line
    assert "ben@example.com" not in line


def test_a_strange_request_is_told_without_alarm() -> None:
    record = _failure("ben@example.com", name="django.security.DisallowedHost")
    assert OneLine().filter(record)
    assert (record.exc_info, record.levelname) == (None, "WARNING")
    assert record.getMessage() == "it failed"


def test_a_defect_is_told_whole() -> None:
    record = _failure("ben@example.com", name="sayso.api")
    assert OneLine().filter(record)
    assert (record.exc_info is not None, record.levelname) == (True, "ERROR")


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_told_in_one_record(caplog: pytest.LogCaptureFixture) -> None:
    assert Client(headers={"Host": "evil.example"}).get("/", secure=True).status_code == 400
    (record,) = caplog.records
    assert OneLine().filter(record)
    assert "evil.example" in record.getMessage()
    assert record.getMessage().endswith("SAYSO_ALLOWED_HOSTS.")


@pytest.mark.django_db
def test_a_request_that_failed_is_told_without_its_path(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sayso.web.site.failures.console.not_found", fails)
    monkeypatch.setattr("sayso.web.site.failures.console.failed", lambda *_: HttpResponse(status=500))
    assert Client(raise_request_exception=False).get("/members/ben-secret", secure=True).status_code == 500
    (record,) = [each for each in caplog.records if each.name == "django.request" and each.levelname == "ERROR"]
    assert record.getMessage() == "Internal Server Error"  # our own handler saw to that
    assert "ben-secret" not in _formatter(as_json=True).format(record)


def _formatter(*, as_json: bool) -> logging.Formatter:
    said = logging_settings(level="INFO", as_json=as_json)["formatters"]["lines"]
    return structlog.stdlib.ProcessorFormatter(processor=said["processor"], foreign_pre_chain=said["foreign_pre_chain"])


def _failure(address: str, *, name: str = "sayso") -> logging.LogRecord:
    try:
        _ = len(address) / 0
    except ZeroDivisionError:
        return logging.LogRecord(name, logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    raise AssertionError
