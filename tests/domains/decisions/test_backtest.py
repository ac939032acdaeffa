"""A draft over the stored history: nothing changed for the version that ran, and every difference for another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from sayso.core.engine.backtest import Report
from sayso.core.engine.events import SPAN, Arrival
from sayso.core.program.calendar import datetime_of
from sayso.domains.decisions.backtest import backtest_draft
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.clock import move_clock
from sayso.domains.decisions.verify import verify
from sayso.domains.ledger.models import Balance
from sayso.domains.people.models import Member
from sayso.domains.programs.publish import ProgramRefused, publish_program
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.models import Workspace
from tests.core.engine import history
from tests.domains.cast import contents

pytestmark = pytest.mark.django_db

BEGAN = datetime_of(history.START)
CHANGED = history.TIGHT.replace("hold: 14d", "hold: 3d").replace("event.amount >= 20", "event.amount >= 35")


def lived(text: str, name: str = "bluebell", *, people: bool = True) -> Workspace:
    """A workspace in which a program ran for a year, with the clock moved in between and people deciding."""
    workspace = create_workspace(name=name, timezone="Europe/Madrid", is_test=True, now=BEGAN)
    publish_program(workspace=workspace, text=text, valid_from=BEGAN, approved_by="Chloé", now=BEGAN)
    events = history.customers(seed=4, count=60)
    for first in range(0, len(events), 60):
        batch = events[first : first + 60]
        decide(workspace, batch)
        decide(workspace, list(decisions(workspace, batch[-1])) if people else [])
    move_clock(workspace=workspace, to=datetime_of(history.LAST), now=BEGAN)
    workspace.refresh_from_db()
    return workspace


def decide(workspace: Workspace, arrivals: list[Arrival]) -> None:
    for answer in decide_batch(workspace.pk, arrivals, now=BEGAN) if arrivals else ():
        assert answer.status == "decided", answer


def decisions(workspace: Workspace, after: Arrival) -> Iterator[Arrival]:
    """Every third open reward is chosen, handed over or denied."""
    refs = dict(Member.objects.filter(workspace=workspace).values_list("id", "ref"))
    for row in Reward.objects.filter(workspace=workspace, state__in=["approved", "held"]).order_by("id")[::3]:
        kind, props = "reward_denied", dict[str, Any](reason="a mistake")
        if row.state == "approved":
            kind, props = ("reward_issued", {}) if row.options == "[]" else ("reward_chosen", {"choice": "donation"})
        props = {**props, "reward": row.id, "by": "Eva"}
        name = f"{kind}-{row.id}-{after.external_id}"
        yield Arrival("staff", name, kind, refs[row.beneficiary], after.occurred_at, props=props)


def report_on(workspace: Workspace, text: str) -> Report:
    return backtest_draft(workspace=workspace, text=text, progress=lambda place: None)


def test_the_published_version_over_its_own_history_changes_nothing() -> None:
    bluebell = lived(history.TIGHT)
    before = contents(bluebell)
    report = report_on(bluebell, history.TIGHT)
    assert report.unchanged, report
    assert report.compared.rewards == Reward.objects.count() > 20
    assert report.compared.decisions == report.compared.events > 300
    assert report.compared.people > 20
    assert contents(bluebell) == before
    assert verify(bluebell) == []


@pytest.mark.parametrize("change", [{"state": "denied"}, {"cost_minor": 1}, {"items": '[["coupon",1,1000]]'}])
def test_one_reward_that_was_tampered_with_is_named(change: dict[str, Any]) -> None:
    bluebell = lived(history.TIGHT)
    victim = Reward.objects.filter(clause="welcome").exclude(state="denied").order_by("id")[2]
    Reward.objects.filter(id=victim.id, workspace=bluebell).update(**change)
    report = report_on(bluebell, history.TIGHT)
    (line,) = report.changed
    assert line.terms.keys() == change.keys()
    assert line.member == Member.objects.get(id=victim.beneficiary, workspace=bluebell).ref
    assert report.counts == {"gained": 0, "lost": 0, "changed": 1}
    assert (report.decided_otherwise, report.balances_differing) == (0, 0)


def test_one_balance_that_was_tampered_with_is_noticed() -> None:
    bluebell = lived(history.TIGHT)
    victim = Balance.objects.filter(workspace=bluebell, unit="stars", balance__gt=0).first()
    assert victim is not None
    Balance.objects.filter(workspace=bluebell, owner=victim.owner, kind=victim.kind, unit="stars").update(
        balance=victim.balance + 1
    )
    report = report_on(bluebell, history.TIGHT)
    assert (report.balances_differing, report.movements_differing, sum(report.counts.values())) == (1, 0, 0)


def settled(workspace: Workspace) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """The rewards of a workspace by names that hold in another one: clause, the event it is for, and whose it is."""
    rows = (
        "SELECT r.clause, e.external_id, m.ref, r.state, r.items, r.cost_minor, r.granted_at, r.due_at "
        "FROM rewards_reward r JOIN people_member m ON m.id = r.beneficiary AND m.workspace_id = r.workspace_id "
        "JOIN events_event e ON e.workspace_id = r.workspace_id "
        f"AND e.position = CASE WHEN r.cause = r.referral THEN r.cause / {SPAN} ELSE r.cause END "
        "WHERE r.workspace_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(rows, [workspace.pk])
        return {(clause, name, ref): tuple(terms) for clause, name, ref, *terms in cursor.fetchall()}


def test_a_changed_version_differs_by_what_it_does_in_a_fresh_workspace() -> None:
    report = report_on(bluebell := lived(history.TIGHT, people=False), CHANGED)
    before, after = settled(bluebell), settled(lived(CHANGED, "fresh", people=False))
    assert report.counts == {
        "gained": len(after.keys() - before.keys()),
        "lost": len(before.keys() - after.keys()),
        "changed": sum(before[key] != after[key] for key in before.keys() & after.keys()),
    }
    assert {(line.clause, line.external_id, line.member) for line in report.lost} == before.keys() - after.keys()
    assert report.counts["lost"] > 3


def test_what_two_versions_did_is_decided_again_each_in_its_time() -> None:
    bluebell = lived(history.TIGHT)
    later = datetime_of(history.LAST) + timedelta(days=1)
    publish_program(workspace=bluebell, text=CHANGED, valid_from=later, approved_by="Chloé", now=later)
    buys = [
        Arrival("shop", f"late-{n}", "purchase", f"m{n}", history.LAST + 2 * history.DAY, 4000, "EUR") for n in range(9)
    ]
    decide(bluebell, buys)
    bluebell.refresh_from_db()
    report = report_on(bluebell, history.TIGHT)
    assert report.counts["gained"] == report.counts["lost"] == 0
    assert report.compared.events > 300


def test_a_draft_with_mistakes_is_refused() -> None:
    with pytest.raises(ProgramRefused):
        report_on(create_workspace(name="empty", timezone="UTC", is_test=True, now=BEGAN), "sayso: 1\n")
