"""The made years, once for all tests of the demonstration, in however many processes they run."""

import fcntl
import os
from pathlib import Path

import pytest

from demo.prepare import Year, prepare_year


def made(households: int | None) -> Year:
    """The year's files in the run's home; while one process makes them, the others wait."""
    home = Path(os.environ["SAYSO_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    with (home / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return prepare_year(home / "demo", households=households)


@pytest.fixture(scope="session")
def year() -> Year:
    """The whole year's files."""
    return made(None)


@pytest.fixture(scope="session")
def several() -> Year:
    """The files of 300 households."""
    return made(300)
