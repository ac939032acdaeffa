"""Owns how log lines look: one JSON object a line for machines, or plain lines for people.

It must not decide what is logged. Lines go to standard error, since standard output belongs to the command's answer.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

# Where rich is installed, structlog loads all of it for tracebacks that are not used here: 4 MB in every process.
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment] # which Python takes for "not installed"
import structlog  # noqa: E402

if _rich is None:
    del sys.modules["rich"]
else:
    sys.modules["rich"] = _rich

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

# Where Django tells of requests that nobody ought to send: a strange host, too many fields.
_SUSPICIOUS = "django.security."
# Where Django tells of requests that failed, by their path.
_FAILED = "django.request"


class NoPath(logging.Filter):
    """Tells of a request that failed without its path, which may name a member; the request's id finds its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what Django says, and the traceback."""
        if record.name == _FAILED and isinstance(record.args, tuple):
            record.msg, record.args = str(record.msg).removesuffix(": %s"), record.args[:-1]
        return True


class OneLine(logging.Filter):
    """Tells of what a stranger sent in one line: the way through our code says nothing about it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback and the alarm away."""
        if record.name.startswith(_SUSPICIOUS):
            record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
            record.msg = str(record.msg).replace("to ALLOWED_HOSTS", "to SAYSO_ALLOWED_HOSTS")
        return True


def level_named(text: str) -> str:
    """Return the level of this name, however it is written.

    Raises:
        ValueError: there is none.
    """
    level = text.upper()
    if level not in LEVELS:
        raise ValueError
    return level


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Return Django's `LOGGING`, and set structlog up so that both kinds of logger write the same lines.

    `level` is a name of the standard library's (`INFO`).
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:  # the renderer for people puts tracebacks below the line
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Its own tracebacks show every local value, and with them names, addresses and what opens the database.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else plain
    lines = {"()": structlog.stdlib.ProcessorFormatter, "processor": renderer, "foreign_pre_chain": shared}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "filters": {"no_path": {"()": NoPath}, "one_line": {"()": OneLine}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["no_path", "one_line"]}
        },
        "root": {"handlers": ["stderr"], "level": level},
        # Each request has a line already; what is left of these tells where something broke.
        "loggers": {"django.request": {"level": "ERROR"}, "_granian": {"level": "ERROR"}},
    }
