"""The made year, once for all tests of the demonstration."""

import pytest

from demo.prepare import Year, prepare_year


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The whole year's files."""
    return prepare_year(tmp_path_factory.mktemp("demo"))
