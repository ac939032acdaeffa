"""Two thousand requests that nobody thought of, to every route; `bin/bench fuzz` sends more."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from sayso.domains.decisions.committer import stop_committer
from sayso.domains.decisions.verify import verify
from tests.domains.cast import FRIENDS
from tests.web.api.calling import secret_of
from tests.web.api.company import MAPPING, open_company
from tests.web.api.fuzzing import fuzz

CASES = int(os.environ.get("SAYSO_FUZZ_CASES", "2000"))
START = int(os.environ.get("SAYSO_FUZZ_START", "1"))


@pytest.fixture
def unbounded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask as often as we like."""
    monkeypatch.setattr(settings, "REQUESTS_PER_MINUTE", 10**9)
    yield
    stop_committer()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unbounded")
def test_no_request_breaks_it_surprises_or_takes_long(record_property: Callable[[str, object], None]) -> None:
    from sayso.config.wsgi import application

    company = open_company()
    others = {
        **dict.fromkeys(("other", "friend", "advocate"), "Ben"),
        "document": FRIENDS,
        "mapping": MAPPING,
        "url": "https://bluebell.example/sayso",
        "give": {"credit": "1 EUR"},
        "choice": 0,
    }
    known = {**company.names, **others}
    seen = fuzz(application, secret=secret_of(company.workspace), known=known, cases=CASES, start=START)
    assert verify(company.workspace) == []
    took, label = seen.slowest
    statuses = sorted({status for _, status in seen.answers})
    record_property("printed", f"{seen.cases} requests, answers {statuses}, slowest {took} at {label}")
