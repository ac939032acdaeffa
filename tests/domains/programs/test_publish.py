"""Publishing: a checked document becomes the next version; what must not run is refused with its problems."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from sayso.core.engine import decide as deciding
from sayso.core.ledger.chart import Kind
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.events.submit import submit
from sayso.domains.ledger.models import Balance
from sayso.domains.programs import publish as publishing
from sayso.domains.programs.models import Version
from sayso.domains.programs.publish import ProgramRefused, publish_program, publish_programs
from sayso.domains.programs.queries import programs_in, published_versions, running_text
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import head_of
from tests.domains.cast import FRIENDS, STARS, START, ada_recommends_ben, decide, open_bluebell, publish

pytestmark = pytest.mark.django_db


def test_versions_are_numbered_and_their_changes_told() -> None:
    bluebell = open_bluebell(STARS)
    better = STARS.replace("1 per 1 EUR", "2 per 1 EUR")
    published = publish(bluebell, better)
    assert (published.program, published.version, published.position) == ("stars", 2, 2)
    assert published.summary
    assert running_text(bluebell, "stars") == better
    versions = published_versions(bluebell, "stars")
    assert [(each.number, each.approved_by, each.position) for each in versions] == [(1, "Chloé", 1), (2, "Chloé", 2)]
    assert running_text(bluebell, "friends") is None


def test_an_unchanged_document_makes_no_version_unless_it_holds_from_earlier_on() -> None:
    bluebell = open_bluebell(STARS)
    days = timedelta(days=1)

    def again(text: str, since: datetime | None) -> tuple[int, bool]:
        made = publish_program(workspace=bluebell, text=text, valid_from=since, approved_by="Eva", now=START)
        return made.version, made.already

    assert again(STARS, None) == again(STARS, START + days) == again(STARS, START - 30 * days) == (1, True)
    assert Event.objects.filter(type="program_published").count() == 1
    assert again(STARS, START - 60 * days) == (2, False)
    assert again(STARS.replace("\n", "\r\n"), START) == (2, True)
    assert again(f"{STARS}# a word\n", None) == (3, False)
    assert again(STARS, None) == (4, False)
    summaries = [each.summary for each in published_versions(bluebell, "stars")]
    assert summaries == ["", *["What it says stays the same."] * 3]


def test_what_is_to_hold_later_may_be_published_for_now() -> None:
    bluebell = open_bluebell(STARS)
    better = STARS.replace("1 per 1 EUR", "2 per 1 EUR")
    for since, version in ((START + timedelta(days=9), 2), (None, 3)):
        made = publish_program(workspace=bluebell, text=better, valid_from=since, approved_by="Eva", now=START)
        assert (made.version, made.already) == (version, False)


def test_programs_keep_their_numbers() -> None:
    bluebell = open_bluebell(STARS, FRIENDS)
    publish(bluebell, STARS.replace("1 per 1 EUR", "2 per 1 EUR"))
    assert [(each.number, each.name) for each in programs_in(bluebell)] == [(1, "stars"), (2, "friends")]
    assert verify(bluebell) == []


def test_a_document_with_problems_is_refused_and_leaves_nothing() -> None:
    bluebell = open_bluebell()
    with pytest.raises(ProgramRefused) as refused:
        publish(bluebell, STARS.replace("on: purchase", "onn: purchase"))
    assert "points.earn.shopping.onn" in {problem.path for problem in refused.value.problems}
    assert programs_in(bluebell) == []
    assert not Event.objects.exists()


def test_programs_that_share_points_agree_on_their_expiry() -> None:
    bluebell = open_bluebell(STARS)
    with pytest.raises(ProgramRefused) as refused:
        publish(bluebell, FRIENDS.replace("after: 6 months", "after: 9 months"))
    assert [problem.path for problem in refused.value.problems] == ["points.expire"]
    assert len(programs_in(bluebell)) == 1


def test_a_version_for_everyone_takes_nothing_away() -> None:
    bluebell = open_bluebell(FRIENDS)
    for_everyone = FRIENDS.replace("currency: EUR", "currency: EUR\napplies_to: everyone")
    with pytest.raises(ProgramRefused) as refused:
        publish(bluebell, for_everyone.replace("credit: 20 EUR", "credit: 10 EUR"))
    assert "rewards.thanks.give" in {problem.path for problem in refused.value.problems}
    assert publish(bluebell, for_everyone.replace("credit: 20 EUR", "credit: 25 EUR")).version == 2


def test_the_first_publication_starts_the_clock_of_a_test_workspace() -> None:
    bluebell = open_bluebell()
    publish_program(
        workspace=bluebell, text=STARS, valid_from=START - timedelta(days=3650), approved_by="Chloé", now=START
    )
    bluebell.refresh_from_db()
    assert bluebell.clock == START - timedelta(days=3650)


def test_a_new_test_workspace_has_its_program_from_the_beginning_and_its_budget_from_the_first_event() -> None:
    bluebell = open_bluebell()
    rolling = FRIENDS.replace("when_spent: wait}", "when_spent: wait, roll_over: true}")
    publish_program(workspace=bluebell, text=rolling, approved_by="Chloé", now=START)
    bluebell.refresh_from_db()
    assert bluebell.clock is None
    decide(bluebell, ada_recommends_ben())
    assert Event.objects.filter(workspace=bluebell, type="timer").count() == 1
    budget = Balance.objects.get(workspace=bluebell, kind=Kind.BUDGET)
    assert budget.balance == 200_00 - 10_00 - 20_00
    assert verify(bluebell) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_each_gets_the_version_that_they_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell()
    generous = STARS.replace("1 per 1 EUR", "9 per 1 EUR")

    def publish_elsewhere() -> None:
        publish(bluebell, generous)
        connection.close()

    other = Thread(target=publish_elsewhere)

    def interrupted(*arguments: Any, **options: Any) -> Any:
        monkeypatch.undo()
        other.start()
        other.join(0.5)
        return submit(*arguments, **options)

    monkeypatch.setattr(publishing, "submit", interrupted)
    mine = publish(bluebell, STARS)
    other.join()
    versions = published_versions(bluebell, "stars")
    assert [(each.number, each.text) for each in versions] == [(1, STARS), (2, generous)]
    assert (mine.version, mine.position) == (1, versions[0].position)
    assert verify(bluebell) == []


def test_a_publication_that_cannot_be_decided_leaves_nothing_and_may_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bluebell = open_bluebell()

    def fail(_: Any) -> None:
        raise ArithmeticError("no budget today")

    with monkeypatch.context() as broken:
        broken.setitem(deciding._OWN, "program_published", fail)
        with pytest.raises(ProgramRefused, match="no budget today"):
            publish(bluebell, STARS)
    assert (programs_in(bluebell), Version.objects.count(), Event.objects.count()) == ([], 0, 0)
    assert publish(bluebell, FRIENDS).version == publish(bluebell, STARS).version == 1


def test_a_rulebook_holds_what_was_published_up_to_its_head_in_its_own_workspace() -> None:
    bluebell = open_bluebell()
    before = head_of(bluebell)
    publish(bluebell, STARS)
    assert rulebook_of(before).programs == {}
    assert rulebook_of(head_of(open_bluebell(name="calm"))).programs == {}
    assert set(rulebook_of(head_of(bluebell)).programs) == {"stars"}


def test_programs_that_share_points_change_together_when_these_expire() -> None:
    both = [STARS, STARS.replace("program: stars", "program: moons")]
    longer = [text.replace("6 months", "9 months") for text in both]
    bluebell = open_bluebell(*both)

    def together(*texts: str) -> list[tuple[str, int]]:
        made = publish_programs(workspace=bluebell, texts=texts, approved_by="Eva", now=START)
        return [(each.program, each.version) for each in made]

    for refused, which in ((longer[:1], 0), ([both[0], longer[1]], 1), ([longer[0], "sayso: 2"], 1)):
        with pytest.raises(ProgramRefused) as told:
            together(*refused)
        assert told.value.which == which
    with pytest.raises(ProgramRefused):
        together(longer[0], longer[0])
    assert Version.objects.count() == 2
    assert together(*longer) == [("stars", 2), ("moons", 2)]
    assert verify(bluebell) == []
