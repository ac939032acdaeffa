"""Which day tallies a version needs, and how far back: what the stores load, and what is tallied at all."""

from collections.abc import Iterable
from itertools import chain

from sayso.core.engine.tier_rules import tier_rules
from sayso.core.program.conditions import Condition
from sayso.core.program.document import Document
from sayso.core.program.values import Duration, Limit
from sayso.core.program.vocabulary import NEW_FOR

Measures = dict[str, Duration | None]
Need = tuple[str, Duration | None]


def needed(document: Document, conditions: Iterable[Condition]) -> Measures:
    """What must be tallied for a document and its conditions, and how far back; None for ever."""
    measures: Measures = {}
    needs = (_of_conditions(document, conditions), _of_rewards(document), _of_points(document), _of_rest(document))
    for measure, within in chain.from_iterable(needs):
        measures[measure] = longer(measures.get(measure, within), within)
    return measures


def _of_conditions(document: Document, conditions: Iterable[Condition]) -> Iterable[Need]:
    for fact in document.facts.values():
        yield fact.event, fact.within
    for condition in conditions:
        for name in condition.names:
            if name.field == "friends_joined":
                yield name.field, None
            elif name.field.startswith("last_") and name.field != "last_score":
                yield name.field.removeprefix("last_"), None


def _of_rewards(document: Document) -> Iterable[Need]:
    for name, clause in document.rewards.items():
        if clause.limit:
            yield f"granted/{document.program}/{name}", reach(clause.limit)
        if clause.every:
            yield f"granted/{document.program}/{name}", None
        if clause.every or clause.by_count:
            yield f"reached/{document.program}/{clause.at}", None
        if clause.recurring:
            yield f"paid/{document.program}/{name}", None


def _of_points(document: Document) -> Iterable[Need]:
    points = document.points
    for name, earn in points.earn.items() if points else ():
        for limit in (earn.limit, earn.cap):
            if limit:
                yield f"earn/{document.program}/{name}", reach(limit)


def _of_rest(document: Document) -> Iterable[Need]:
    yield "purchase", NEW_FOR
    tiers = tier_rules(document)
    if tiers:
        yield tiers.series, tiers.within
    if document.staff_grants:
        yield f"staff/{document.program}", reach(Limit(0, document.staff_grants.limit.per))
    if document.referral:
        yield f"paused/{document.program}", None
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
