"""Clocks that are wrong, and a worker that was away: nothing happens twice or is left out, and all of it in order."""

from datetime import datetime, timedelta

import pytest

from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.models import Timer
from sayso.domains.decisions.sweep import sweep_all
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, START, open_bluebell

pytestmark = pytest.mark.django_db

MONTHLY = STARS.replace("6 months", "1 months")


def bought(workspace: Workspace, name: str, at: datetime, *, now: datetime) -> str:
    """Decide one purchase at a moment, as the time is now, and return what became of it."""
    arrival = Arrival("till", name, "purchase", name, moment_of(at), 900, "EUR")
    return decide_batch(workspace.pk, [arrival], now=now)[0].status


def clocks(workspace: Workspace) -> list[datetime | None]:
    """What the clock showed at each event of the log, in its order."""
    return list(Event.objects.filter(workspace=workspace).order_by("position").values_list("clock", flat=True))


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)])
def test_a_clock_that_jumps_a_day_disorders_nothing(jump: timedelta) -> None:
    bluebell = open_bluebell(STARS, is_test=False)
    assert bought(bluebell, "Ada", START, now=START) == "decided"
    assert bought(bluebell, "Ben", START, now=START + jump) == "decided"
    assert bought(bluebell, "Eva", START + timedelta(minutes=1), now=START + timedelta(minutes=1)) == "decided"
    shown = clocks(bluebell)
    assert shown == sorted(shown, key=lambda each: each or START)
    assert verify(bluebell) == []


def test_after_thirty_days_away_everything_due_happens_in_its_order() -> None:
    bluebell = open_bluebell(MONTHLY, is_test=False)
    for days in range(0, 60, 12):
        then = START + timedelta(days=days)
        bought(bluebell, f"member-{days}", then, now=then)
    waiting = Timer.objects.filter(workspace=bluebell).count()
    assert waiting
    back = START + timedelta(days=150)
    while sweep_all(back):
        pass
    fired = list(Event.objects.filter(workspace=bluebell, type="timer").order_by("position"))
    assert not Timer.objects.filter(workspace=bluebell, due_at__lte=back).exists()
    assert len(fired) >= waiting
    assert [each.occurred_at for each in fired] == sorted(each.occurred_at or START for each in fired)
    assert all((each.occurred_at or back) < back for each in fired)
    assert verify(bluebell) == []
