"""Folding a decision into the facts, so that the next event sees it.

Owns the one place where facts change. It must not decide anything.
"""

from typing import Any

from sayso.core.engine.decision import Decision
from sayso.core.engine.facts import Facts, Series, Table


def evolve(facts: Facts, decision: Decision) -> None:
    """Take a decision's new values into the facts.

    Args:
        facts: the state before the event; changed in place, since nothing else holds it.
        decision: what followed from the event.
    """
    for name, rows in decision.rows.items():
        getattr(facts, name).take(rows)
    if decision.balances:
        facts.balances.take(decision.balances)
    if decision.lots:
        facts.lots.take(decision.lots)
    if decision.tallies:
        _tally(facts, decision)
    if decision.timers or decision.gone:
        _set_timers(facts, decision)
    for index, key, number in decision.hung:
        _hang(facts, getattr(facts, index), key, number)
    if decision.erased:
        facts.erased |= decision.erased
        _forget(facts, decision.erased)


def _hang(facts: Facts, index: Table[Any, list[int]], key: Any, number: int) -> None:
    """Note a number under a key that was looked up; under any other nobody can ask for it before it is."""
    held = index.rows.get(key)
    if not number:
        index.rows[key] = []
    elif held is not None:
        held.append(number)
    elif index.whole or index.asked.has(key):
        index.rows[key] = [number]
    else:
        facts.unseen.add(key)


def _forget(facts: Facts, erased: set[int]) -> None:
    """Let nothing lead to an erased person any more: who comes back is somebody new (SEMANTICS 39)."""
    for table in (facts.identities, facts.codes):
        rows: dict[Any, Any] = table.rows
        for key in [key for key, row in rows.items() if row.member in erased]:
            del rows[key]
            table.added.discard(key)
            table.changed.discard(key)


def _tally(facts: Facts, decision: Decision) -> None:
    rows, whole = facts.series.rows, facts.series.whole
    for at, (count, total) in decision.tallies.items():
        key, day = at
        if not whole:
            before = facts.tallied.get(at)
            facts.tallied[at] = (count, total) if before is None else (before[0] + count, before[1] + total)
        series = rows.get(key)
        if series is None:
            if not (whole or facts.series.asked.has(key)):
                facts.unseen.add(key[0])
                continue
            series = rows[key] = Series()
        series.add(day, count, total)


def _set_timers(facts: Facts, decision: Decision) -> None:
    for number, timer in decision.timers.items():
        try:
            known = facts.timers.find(timer.subject)
        except LookupError:
            facts.unseen.add(timer.subject)
            continue
        if known is None:
            facts.timers.rows[timer.subject] = {number: timer}
        else:
            known[number] = timer
        if timer.due_at < facts.due.get(timer.subject, 0):
            facts.due[timer.subject] = timer.due_at
    for number, subject in decision.gone.items():
        known = facts.timers.rows.get(subject)
        if known is not None:
            known.pop(number, None)
        facts.gone.add(number)
