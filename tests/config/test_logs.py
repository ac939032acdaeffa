"""Lines of log tell where something went wrong, and no value that a person gave."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from sayso.config.logs import logging_settings


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


def _formatter(*, as_json: bool) -> logging.Formatter:
    said = logging_settings(level="INFO", as_json=as_json)["formatters"]["lines"]
    return structlog.stdlib.ProcessorFormatter(processor=said["processor"], foreign_pre_chain=said["foreign_pre_chain"])


def _failure(address: str) -> logging.LogRecord:
    try:
        _ = len(address) / 0
    except ZeroDivisionError:
        return logging.LogRecord("sayso", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    raise AssertionError
