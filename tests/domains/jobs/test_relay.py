"""Notices are told to whoever listens: each once, in the order of the log, and none where nobody listens."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import pytest

from sayso.core.engine.notices import KINDS
from sayso.domains.jobs import relay
from sayso.domains.jobs.models import Notice
from sayso.domains.jobs.rows import NoticeRow
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, open_bluebell

pytestmark = pytest.mark.django_db


class Listener:
    """Writes down what it hears; fails as often as it is told to."""

    def __init__(self, kinds: Collection[str] = KINDS) -> None:
        self.wanted, self.heard, self.failures = kinds, list[NoticeRow](), 0

    def kinds(self, workspace: int) -> Collection[str]:
        return self.wanted

    def take(self, workspace: int, notices: Sequence[NoticeRow], now: datetime) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("not now")
        self.heard += notices


@pytest.fixture
def listener() -> Iterator[Listener]:
    one, others = Listener(), list(relay._consumers)
    relay._consumers[:] = [one]
    yield one
    relay._consumers[:] = others


def test_a_recommendation_is_told_from_the_first_step_to_the_reward(listener: Listener) -> None:
    bluebell = open_bluebell(FRIENDS)
    relay.listen(bluebell.pk)
    decide(bluebell, ada_recommends_ben())
    assert not relay.relay(START)
    kinds = [notice.kind for notice in listener.heard]
    assert kinds.count("referral.opened") == 1
    assert kinds.index("referral.opened") < kinds.index("referral.completed")
    assert "reward.held" in kinds
    assert "member.joined" in kinds
    assert [notice.number for notice in listener.heard] == sorted({notice.number for notice in listener.heard})
    assert not Notice.objects.exists()


def test_nothing_is_kept_where_nobody_listens() -> None:
    decide(open_bluebell(FRIENDS), ada_recommends_ben())
    assert not Notice.objects.exists()


def test_only_what_is_wanted_is_kept(listener: Listener) -> None:
    listener.wanted = ["referral.completed"]
    bluebell = open_bluebell(FRIENDS)
    relay.listen(bluebell.pk)
    decide(bluebell, ada_recommends_ben())
    assert [notice.kind for notice in Notice.objects.all()] == ["referral.completed"]


def test_what_a_consumer_could_not_take_is_told_again(listener: Listener) -> None:
    listener.failures = 1
    bluebell = open_bluebell(FRIENDS)
    relay.listen(bluebell.pk)
    decide(bluebell, ada_recommends_ben())
    waiting = Notice.objects.count()
    assert not relay.relay(START)
    assert Notice.objects.count() == waiting
    relay.relay(START)
    assert len(listener.heard) == waiting


def test_a_workspace_whose_notices_fail_keeps_no_other_one_waiting(listener: Listener) -> None:
    for name in ("bluebell", "calm"):
        workspace = open_bluebell(FRIENDS, name=name)
        relay.listen(workspace.pk)
        decide(workspace, ada_recommends_ben())
    waiting, listener.failures = Notice.objects.count(), 1
    relay.relay(START)
    assert len(listener.heard) == waiting // 2


def test_a_backlog_goes_page_after_page(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "PAGE", 2)
    bluebell = open_bluebell(FRIENDS)
    relay.listen(bluebell.pk)
    decide(bluebell, ada_recommends_ben())
    waiting = Notice.objects.count()
    monkeypatch.setattr(relay, "PAGES_AT_ONCE", 2)
    assert relay.relay(START)
    assert len(listener.heard) == 4
    monkeypatch.setattr(relay, "PAGES_AT_ONCE", 20)
    assert not relay.relay(START)
    assert len(listener.heard) == waiting > 5
