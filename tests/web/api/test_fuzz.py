"""Two thousand requests that nobody thought of, to every route; `bin/bench fuzz` sends more."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from sayso.domains.decisions.committer import stop_committer
from sayso.domains.decisions.verify import verify
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.ids import public_id
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, open_bluebell
from tests.web.api.calling import secret_of
from tests.web.api.fuzzing import fuzz

CASES = int(os.environ.get("SAYSO_FUZZ_CASES", "2000"))
START = int(os.environ.get("SAYSO_FUZZ_START", "1"))


@pytest.fixture
def unbounded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask as often as we like, over plain HTTP."""
    monkeypatch.setattr(settings, "REQUESTS_PER_MINUTE", 10**9)
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", False)
    yield
    stop_committer()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unbounded")
def test_no_request_breaks_it_surprises_or_takes_long(record_property: Callable[[str, object], None]) -> None:
    from sayso.config.wsgi import application

    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    known = [
        *("Ada", "Ben", "ada-10", "friends"),
        *(public_id("rew", number) for number in Reward.objects.values_list("id", flat=True)),
        *(public_id("ref", number) for number in Referral.objects.values_list("id", flat=True)),
        public_id("evt", 4),
    ]
    seen = fuzz(application, secret=secret_of(workspace), known=known, cases=CASES, start=START)
    assert verify(workspace) == []
    took, label = seen.slowest
    statuses = sorted({status for _, status in seen.answers})
    record_property("printed", f"{seen.cases} requests, answers {statuses}, slowest {took} at {label}")
