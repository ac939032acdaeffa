"""Owns what keeps Django away from the tests of the core: where pytest-django was turned off (`-p no:django`), neither
Django nor a database can be imported at all. It must not import Django itself.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

REFUSED = frozenset({"django", "psycopg", "msgspec", "sqlite3", "_sqlite3"})


class _Refusal:
    """Finds no module of Django or of a database, whether it is installed or not."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in REFUSED:
            raise ImportError(f"{name} cannot be imported here")
        return None


def pytest_configure(config: pytest.Config) -> None:
    """Refuse Django where it was turned off."""
    if not config.pluginmanager.hasplugin("django"):
        sys.meta_path.insert(0, _Refusal())


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep what was imported and collected from being searched again and again while the tests run."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Keep what the tests leave behind from being searched again and again, half a second long, until the end."""
    gc.freeze()
