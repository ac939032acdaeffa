"""`python -m tests.demo.books`: prints as JSON what the grocer's database says of every household.

Owns the reading, in a process of its own since the database is not the one that the tests use. It must not calculate
what should be there.
"""

import json
import sys
from collections import Counter
from typing import Any

from sayso.cli.connect import start_django

POINTS, CREDIT = "points", "USD"


def main() -> None:
    """Read everything and print it."""
    start_django()
    from sayso.domains.decisions.verify import verify
    from sayso.domains.events.queries import set_aside_events
    from sayso.domains.workspaces.queries import workspace_named

    grocer = workspace_named("grocer")
    found = {
        "households": _households(grocer),
        "broken": [str(each) for each in verify(grocer)],
        "set_aside": sum(1 for _ in set_aside_events(grocer)),
    }
    json.dump(found, sys.stdout)


def _households(grocer: Any) -> dict[str, dict[str, Any]]:
    from sayso.core.ledger.transfers import Purpose
    from sayso.domains.ledger.queries import balances
    from sayso.domains.people.models import Member
    from sayso.domains.referrals.queries import tiers_shown

    refs = dict(Member.objects.filter(workspace=grocer).values_list("id", "ref"))
    moved, base, tiers = _moved(grocer), _base(grocer), tiers_shown(grocer, "grocer")
    households: dict[str, dict[str, Any]] = {
        refs[number]: {
            "earned": moved[number, Purpose.EARN],
            "base": base[number],
            "spent": moved[number, Purpose.SPEND],
            "expired": moved[number, Purpose.EXPIRE],
            "tier": tiers[refs[number]],
        }
        for number in refs
    }
    for row in balances(grocer, POINTS):
        households[row.ref]["available"] = row.available
    for row in balances(grocer, CREDIT):
        households[row.ref]["credit"] = row.available + row.held
    return households


def _moved(grocer: Any) -> Counter[tuple[int, int]]:
    """Points by member and reason, added up from every single transfer."""
    from sayso.core.ledger.chart import Kind
    from sayso.domains.ledger.models import Transfer

    moved: Counter[tuple[int, int]] = Counter()
    columns = ("debit_kind", "debit_owner", "credit_kind", "credit_owner", "reason", "amount")
    for debit, payer, credit, payee, reason, amount in Transfer.objects.filter(
        workspace=grocer, unit=POINTS
    ).values_list(*columns):
        for kind, owner in ((debit, payer), (credit, payee)):
            if kind == Kind.AVAILABLE:
                moved[owner, reason] += amount
    return moved


def _base(grocer: Any) -> Counter[int]:
    """Points before tiers by member, from the stored decision of every event."""
    from sayso.domains.events.models import Event
    from sayso.domains.events.outcome import earned_of

    base: Counter[int] = Counter()
    decided = Event.objects.filter(workspace=grocer, type="purchase").values_list("member", "outcome")
    for member, outcome in decided.iterator():
        for *_, points, times, _unit, _expires_at in earned_of(outcome):
            base[member] += points // times
    return base


if __name__ == "__main__":
    main()
