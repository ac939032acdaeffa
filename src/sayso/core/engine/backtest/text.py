"""A backtest's report as text: what changes first, then for whom, then where.

Owns how it reads. It must not compare or add up.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sayso.core.engine.backtest.report import ClauseLine, MemberLine, Report, RewardLine, UnitLine
from sayso.core.program.calendar import datetime_of
from sayso.core.program.explain.voice import Voice, voice_of
from sayso.core.program.values import Percent

SHOWN = 10
_ARROW = "→"
_MONEY = frozenset({"credit", "cashback", "coupon", "gift_card", "donation"})
_BOUNDS = {
    "limit_reached": "limit reached",
    "capped": "cap reached",
    "budget_waits": "waited for the budget",
    "budget_spent": "refused, budget spent",
    "lapsed": "lapsed while waiting",
}


def as_text(report: Report) -> str:
    """The report as lines that a person reads from top to bottom."""
    return "\n".join(_lines(report, voice_of("en"))) + "\n"


def _lines(report: Report, voice: Voice) -> Iterator[str]:
    yield from _compared(report, voice)
    if report.unchanged:
        yield "Nothing would have changed."
        return
    yield from _in_all(report, voice)
    yield from _clauses(report.clauses, voice)
    yield from _bounds(report, voice)
    yield from _members("Who gains most", report.winners, voice)
    yield from _members("Who loses most", report.losers, voice)
    for kind in ("gained", "lost", "changed"):
        yield from _rewards(kind, report, voice)
    yield from _people(report, voice)
    if report.failed:
        yield f"Events that could not be decided: {', '.join(f'{name} ({why})' for name, why in report.failed[:SHOWN])}"


def _compared(report: Report, voice: Voice) -> Iterator[str]:
    first, last = (_date(moment, report.zone, voice) for moment in report.period)
    compared, number = report.compared, voice.number
    yield f"Backtest of {', '.join(report.programs)}, {first} to {last}"
    yield (
        f"Compared {number(compared.events)} events ({number(compared.decisions)} decisions one by one, "
        f"{number(compared.people)} made by people), {number(compared.rewards)} rewards, "
        f"{number(compared.transfers)} transfers, {number(compared.balances)} balances."
    )

    if compared.erased:
        yield (
            f"{number(compared.erased)} of the members were erased since; what their events said is gone, "
            "so differences about them are not the program's."
        )


def _in_all(report: Report, voice: Voice) -> Iterator[str]:
    number, counts = voice.number, report.counts
    gained, lost, changed = (number(counts[kind]) for kind in ("gained", "lost", "changed"))
    yield f"Rewards: {gained} gained, {lost} lost, {changed} changed."
    for currency, (before, after) in report.cost_minor.items():
        amounts = f"{_money(before, currency, voice)} {_ARROW} {_money(after, currency, voice)}"
        yield f"Cost of rewards: {amounts} ({_signed(after - before, currency, voice)})."
    for line in report.points:
        yield _points(line, voice)
    yield (
        f"Decided otherwise: {number(report.decided_otherwise)} decisions. Balances that differ: "
        f"{number(report.balances_differing)}."
    )


def _points(line: UnitLine, voice: Voice) -> str:
    before, after = (voice.number(count) for count in line.received)
    text = (
        f"Points ({line.unit}): {before} {_ARROW} {after}; {voice.number(line.gained)} gained, "
        f"{voice.number(line.lost)} lost"
    )
    if line.value_minor is None:
        return f"{text}."
    return f"{text}, worth {_signed(line.value_minor, line.currency, voice)}."


def _clauses(lines: Iterable[ClauseLine], voice: Voice) -> Iterator[str]:
    lines = list(lines)
    if not lines:
        return
    yield ""
    yield "Rewards by clause"
    for line in lines:
        before, after = (voice.number(count) for count in line.count)
        cost = f" {_ARROW} ".join(_money(minor, line.currency, voice) for minor in line.cost_minor)
        changes = ", ".join(
            f"{voice.number(count)} {kind}" for kind in ("gained", "lost", "changed") if (count := getattr(line, kind))
        )
        name = f"{line.program} rewards.{line.clause}"
        yield f"  {name:<44} {before} {_ARROW} {after} rewards, {cost}{f' ({changes})' if changes else ''}"


def _bounds(report: Report, voice: Voice) -> Iterator[str]:
    if not report.bounds:
        return
    yield ""
    yield "Limits, caps and budgets hit"
    for line in report.bounds:
        times = f"{voice.number(line.before)} {_ARROW} {voice.number(line.after)} times"
        yield f"  {line.program} {line.clause}: {_BOUNDS[line.bound]} {times}"


def _members(title: str, lines: Iterable[MemberLine], voice: Voice) -> Iterator[str]:
    lines = list(lines)
    if not lines:
        return
    yield ""
    yield title
    for line in lines:
        amounts = [_signed(minor, currency, voice) for currency, minor in line.money_minor.items()]
        amounts += [f"{count:+,} {unit}" for unit, count in line.points.items()]
        yield f"  {line.member}: {', '.join(amounts)}"


def _rewards(kind: str, report: Report, voice: Voice) -> Iterator[str]:
    lines: tuple[RewardLine, ...] = getattr(report, kind)
    if not lines:
        return
    count = report.counts[kind]
    yield ""
    shown = "" if count <= SHOWN else f", the first {SHOWN}"
    yield f"Rewards {kind}: {voice.number(count)}{shown}"
    for line in lines[:SHOWN]:
        cost = _money(line.cost_minor, line.currency, voice)
        terms = "; ".join(_change(name, line, report.zone, voice) for name in line.terms)
        place = f"rewards.{line.clause} for {line.external_id}, {line.state}, {cost}"
        yield f"  {line.member}: {place}{f' ({terms})' if terms else ''}"


def _change(name: str, line: RewardLine, zone: str, voice: Voice) -> str:
    before, after = (_term(name, value, line.currency, zone, voice) for value in line.terms[name])
    return f"{name.removesuffix('_minor').replace('_', ' ')} {before} {_ARROW} {after}"


def _term(name: str, value: Any, currency: str, zone: str, voice: Voice) -> str:
    """The value of one term of a reward, with its unit."""
    if name in ("items", "options"):
        return ", ".join(_item(item, currency, voice) for item in value) or "none"
    if name.endswith("_minor"):
        return _money(value, currency, voice)
    if name.endswith("_at"):
        return _date(value, zone, voice) if value else "none"
    return str(value)


def _date(moment: int, zone: str, voice: Voice) -> str:
    """The local day of a moment."""
    return voice.date(datetime_of(moment).astimezone(ZoneInfo(zone)).date())


def _item(item: tuple[Any, ...], currency: str, voice: Voice) -> str:
    kind, amount, cost, _ = item
    named = kind.replace("_", " ")
    if kind in _MONEY:
        return f"{named} {_money(amount, currency, voice)}"
    if kind == "percentage":
        return f"{named} {voice.share(Percent(amount))}"
    return f"{named} {amount if amount is not None else _money(cost, currency, voice)}"


def _people(report: Report, voice: Voice) -> Iterator[str]:
    if not report.unmatched_count:
        return
    yield ""
    yield f"Decisions of people about rewards that would not exist: {voice.number(report.unmatched_count)}"
    for line in report.unmatched[:SHOWN]:
        yield f"  {line.decision} {line.external_id}: rewards.{line.clause} of {line.member}"


def _money(minor: int, currency: str, voice: Voice) -> str:
    return voice.minor(minor, currency) if currency else voice.number(minor)


def _signed(minor: int, currency: str, voice: Voice) -> str:
    sign = "+" if minor > 0 else "−" if minor < 0 else "±"
    return f"{sign}{_money(abs(minor), currency, voice)}"
