"""How every kind of gift reads wherever members and friends are told of it, in every language."""

from __future__ import annotations

import pytest

from sayso.core.program.explain.voice import Language
from tests.web.gifts_told import READERS, kept, told_of_all

AGAIN = "run `python -m tests.web.keep_gifts` and read what changed"


@pytest.mark.parametrize("language", READERS)
def test_gifts_read_as_they_were_kept(language: Language) -> None:
    assert told_of_all(language) == kept(language).read_text(encoding="utf-8"), AGAIN
