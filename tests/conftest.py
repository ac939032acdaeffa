"""Owns what every test stands on: a home of its own for the run, Django where Django is wanted, empty databases, and
how many examples of a property are tried.

It must not import Django while it is loaded: the tests of the core run where Django cannot be imported
(`pytest tests/core -p no:django`).

`bin/test` runs the suite once with DATABASE_URL unset (SQLite) and once with it naming a PostgreSQL server. A test
that uses pytest-django's `db` or `transactional_db` runs on either without knowing which. One that starts processes
takes `migrated_database_url`, a database of its own of the same kind, or `fresh_database_url` where the tables are what
it is about.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as properties

from tests.databases import drop_migrated, empty_by_deleting, migrated, own_database

# A property tries the same few examples on every run, so that the core is tested in seconds. SAYSO_TEST_PROFILE set to
# "thorough", as `bin/test` sets it for a run of the properties alone, has it try many, also the same every time.
properties.register_profile(
    "quick", max_examples=6, stateful_step_count=12, derandomize=True, deadline=None, database=None
)
properties.register_profile("thorough", properties.get_profile("quick"), max_examples=250, stateful_step_count=30)
properties.load_profile(os.environ.get("SAYSO_TEST_PROFILE", "quick"))

_SCRATCH = pytest.StashKey[str]()
# Folders of tests that take from seconds to a minute each: years, kills, processes.
_LONG = ("demo", "faults", "cli")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a home that is thrown away, and load the settings unless Django was turned off."""
    if not hasattr(config, "workerinput"):  # the processes of a parallel run take over the home of the first
        config.stash[_SCRATCH] = tempfile.mkdtemp(prefix="sayso-tests-")
        os.environ["SAYSO_HOME"] = f"{config.stash[_SCRATCH]}/home"
    if config.pluginmanager.hasplugin("django"):
        os.environ["DJANGO_SETTINGS_MODULE"] = "sayso.config.settings"
        from django.conf import settings

        settings._setup()  # type: ignore[misc] # pytest-django sets Django up when it finds the settings loaded


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: begun last, it would go on in one process while the others have nothing to do."""
    long = [Path(__file__).parent / name for name in _LONG]
    items.sort(key=lambda item: next((at for at, place in enumerate(long) if place in item.path.parents), len(long)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw the home of the run away."""
    if scratch := config.stash.get(_SCRATCH, ""):
        drop_migrated(Path(scratch) / "home")
        shutil.rmtree(scratch, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests record as `printed`: in a parallel run, nothing else of a test that passes is seen."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "printed":
                terminalreporter.write_line(str(text))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep SQLite's test database in a file, as in production: one in memory has no WAL and locks otherwise."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(
            settings.SAYSO_HOME / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3"
        )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Have the tests' database emptied in no time between tests that write for good."""
    from django.db import connection

    if connection.vendor == "postgresql":
        empty_by_deleting()


@pytest.fixture
def nobody_looked_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count views of pages from nothing; only the test writes them, since a thread would in the middle of it."""
    from sayso.domains.pages import counting

    counting.page_counts.forget()
    monkeypatch.setattr(counting, "WRITE_AFTER_SECONDS", 3600)
    yield
    counting.page_counts.forget()


@pytest.fixture
def fresh_database_url(tmp_path: Path) -> Iterator[str]:
    """Yield the URL of an empty database without tables, on the server that this run uses; drop it afterwards."""
    with own_database(tmp_path / "fresh.sqlite3") as url:
        yield url


@pytest.fixture
def migrated_database_url(tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a database like that after `migrate`, on the server that this run uses; drop it afterwards."""
    with own_database(tmp_path / "migrated.sqlite3", like=migrated(Path(os.environ["SAYSO_HOME"]))) as url:
        yield url
