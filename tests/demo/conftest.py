"""The made years, once for all tests of the demonstration."""

import pytest

from demo.prepare import Year, prepare_year


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The whole year's files."""
    return prepare_year(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The files of 300 households."""
    return prepare_year(tmp_path_factory.mktemp("demo"), households=300)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The files of 30 households."""
    return prepare_year(tmp_path_factory.mktemp("demo"), households=30)
