"""Owns what tests of mails stand on: a server that takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.domains.outreach.post_office import PostOffice


@pytest.fixture
def office() -> Iterator[PostOffice]:
    from tests.domains.outreach.post_office import open_post_office

    with open_post_office() as opened:
        yield opened
