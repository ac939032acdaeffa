"""Owns the addresses of styles, pictures and fonts: each names its content, so that browsers may keep it for good.

It must not serve them: whitenoise does, straight from the package.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

STAMP_LENGTH = 12


class StampedFiles(StaticFilesStorage):
    """Storage whose addresses carry a digest of the file; another content is another address."""

    def url(self, name: str | None) -> str:
        """Return the address of a static file."""
        return f"{super().url(name)}?v={_digest(name or '')}"


def stamp_of(content: bytes) -> str:
    """Return by what an address names its content."""
    return sha256(content).hexdigest()[:STAMP_LENGTH]


@cache
def _digest(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"there is no static file {name!r}")
    return stamp_of(Path(found).read_bytes())
