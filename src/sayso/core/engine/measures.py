"""Which day tallies a version needs, and how far back: what the stores load, and what is tallied at all."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sayso.core.program.document import Document
from sayso.core.program.values import Duration, Limit

if TYPE_CHECKING:
    from sayso.core.engine.rulebook import CompiledProgram

Measures = dict[str, Duration | None]
Need = tuple[str, Duration | None]


def needed(program: "CompiledProgram") -> Measures:
    """What must be tallied for a version, and how far back; None for ever."""
    measures: Measures = {}
    for measure, within in (*_of_conditions(program), *_of_rewards(program), *_of_points(program), *_of_rest(program)):
        measures[measure] = longer(measures.get(measure, within), within)
    return measures


def _of_conditions(program: "CompiledProgram") -> Iterable[Need]:
    for fact in program.document.facts.values():
        yield fact.event, fact.within
    for rule in program.rules.values():
        for name in rule.condition.names:
            if name.field == "friends_joined":
                yield name.field, None
            elif name.field.startswith("last_") and name.field != "last_score":
                yield name.field.removeprefix("last_"), None


def _of_rewards(program: "CompiledProgram") -> Iterable[Need]:
    for name, clause in program.document.rewards.items():
        if clause.limit:
            yield f"granted/{program.name}/{name}", reach(clause.limit)
        if clause.every:
            yield f"granted/{program.name}/{name}", None
        if clause.every or clause.by_count:
            yield f"reached/{program.name}/{clause.at}", None
        if clause.recurring:
            yield f"paid/{program.name}/{name}", None


def _of_points(program: "CompiledProgram") -> Iterable[Need]:
    points = program.document.points
    for name, earn in points.earn.items() if points else ():
        for limit in (earn.limit, earn.cap):
            if limit:
                yield f"earn/{program.name}/{name}", reach(limit)


def _of_rest(program: "CompiledProgram") -> Iterable[Need]:
    document: Document = program.document
    yield "purchase", Duration(days=180)
    if program.tiers:
        yield program.tiers.series, program.tiers.within
    if document.staff_grants:
        yield f"staff/{program.name}", reach(Limit(0, document.staff_grants.limit.per))
    if document.referral:
        yield f"paused/{program.name}", None
    for step in document.referral.steps.values() if document.referral else ():
        yield step.on, None


_PERIOD_REACH = {
    "hour": Duration(days=1),
    "day": Duration(days=1),
    "week": Duration(days=7),
    "month": Duration(months=1),
    "quarter": Duration(months=3),
    "year": Duration(months=12),
}


def reach(limit: Limit) -> Duration | None:
    """How far back a limit looks; None for ever."""
    if limit.per is None or isinstance(limit.per, Duration):
        return limit.per
    return _PERIOD_REACH[limit.per]


def longer(one: Duration | None, other: Duration | None) -> Duration | None:
    """The longer of two stretches; None is for ever."""
    if one is None or other is None:
        return None
    return max(one, other, key=lambda each: (each.months * 31 + each.days) * 24 + each.hours)
