"""Owns how the mail server is named: one URL, as with the database.

It must not open a connection.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from sayso.config.environment import SettingNotUsable

# Scheme: whether the connection is encrypted from the start, whether it becomes so by STARTTLS, and the usual port.
_SCHEMES = {"smtps": (True, False, 465), "smtp": (False, True, 587), "smtp+plain": (False, False, 25)}
_TIMEOUT_SECONDS = 15


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of the mail server at `url`; without one there is no host, and nothing is sent.

    Raises:
        SettingNotUsable: the mail server is named in a way that is not understood.
    """
    if not url:
        return {"EMAIL_HOST": ""}
    parts, given = _parsed(url)
    at_once, by_starttls, port = _SCHEMES[parts.scheme]
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": given or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": at_once,
        "EMAIL_USE_TLS": by_starttls,
        "EMAIL_TIMEOUT": _TIMEOUT_SECONDS,
    }


def _parsed(url: str) -> tuple[SplitResult, int | None]:
    """The parts of a URL, and the port that it names."""
    try:
        parts = urlsplit(url)
        if parts.scheme in _SCHEMES and parts.hostname:
            return parts, parts.port
    except ValueError:
        pass
    # The URL may hold a password, so it is not repeated.
    raise SettingNotUsable("SAYSO_MAIL_URL names no mail server. Write smtp://user:password@mail.example:587.")
