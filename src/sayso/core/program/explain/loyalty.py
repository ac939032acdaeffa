"""Points, tiers and badges, in sentences.

Owns those three sections. It must not speak of rewards.
"""

from collections.abc import Iterator

from sayso.core.program.document import Badge, Earn, PointsRules, Tiers
from sayso.core.program.explain.condition_words import clause, deed
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.gifts import badge_in_words, points_in_words
from sayso.core.program.explain.people import Conditions
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points, points_name
from sayso.core.program.explain.voice import sentence
from sayso.core.program.values import Money


def points_section(reader: Reader, conditions: Conditions) -> Section | None:
    """How points are earned, what one costs, when they expire."""
    points = reader.document.points
    if points is None:
        return None
    sentences = [Sentence(text, "points.unit") for text in _unit(points, reader)]
    for name, earn in points.earn.items():
        path = f"points.earn.{name}"
        sentences += [Sentence(text, path) for text in earn_in_words(path, earn, reader, conditions)]
    length = reader.voice.length(reader.document.refunds_within)
    sentences.append(Sentence(reader.voice.say("points.refunds", length=length), "refunds_within"))
    sentences += [Sentence(text, "points.expire") for text in expiry_in_words(points, reader)]
    return Section("points", reader.voice.say("title.points"), tuple(sentences))


def _unit(points: PointsRules, reader: Reader) -> Iterator[str]:
    name = points_name(reader.document, reader.voice)
    if name != reader.voice.say("units.points"):
        yield reader.voice.say("points.name", unit=name)
    if points.value:
        yield reader.voice.say("points.value", amount=reader.voice.money(points.value))


def earn_in_words(path: str, earn: Earn, reader: Reader, conditions: Conditions) -> Iterator[str]:
    """The sentences of one way to earn points."""
    voice = reader.voice
    when, if_ = conditions.get(f"{path}.when"), conditions.get(f"{path}.if")
    points = points_in_words(earn.give, earn.on, reader)
    values = {"points": points, "terms": "".join(_terms(earn, reader))}
    yield voice.say("earn", deed=deed(earn.on, when.tree if when else None, reader), **values)
    if more := multiplied(earn, reader):
        yield more
    if earn.for_:
        yield voice.say("reward.group", name=reader.named(earn.for_))
    if if_:
        yield voice.say("reward.if", condition=clause(if_.tree, reader))


def _terms(earn: Earn, reader: Reader) -> Iterator[str]:
    voice = reader.voice
    if earn.limit:
        yield voice.say("terms.limit", limit=voice.limit(earn.limit))
    if earn.cap:
        points = amount_of_points(earn.cap.count, reader.document, voice)
        yield voice.say("earn.cap", points=points, per=voice.per(earn.cap.per))


def multiplied(earn: Earn, reader: Reader, *, by: int = 0) -> str | None:
    """What levels make of an earning, "With Gold it is double."; None where they make nothing of it.

    Args:
        earn: the clause.
        reader: for whom.
        by: only the levels with this factor; 0 for all.
    """
    voice = reader.voice
    tiers = [
        voice.say("earn.tier", tier=tier_name(tier, reader), factor=_factor(times, reader))
        for tier, times in earn.multiply.items()
        if times > 1 and by in (0, times)
    ]
    return sentence(voice.say("earn.multiply", tiers=voice.all_of(tiers))) if tiers else None


def _factor(times: int, reader: Reader) -> str:
    key, voice = f"factor.{times}", reader.voice
    return voice.say(key) if voice.knows(key) else voice.say("factor", n=voice.number(times))


def expiry_in_words(points: PointsRules, reader: Reader) -> Iterator[str]:
    """When unused points expire (SEMANTICS 8), and when their owner is reminded."""
    if points.expire is None:
        yield reader.voice.say("points.never")
        return
    yield reader.voice.say("points.expire", length=reader.voice.length(points.expire.after))
    if points.expire.remind:
        yield reader.voice.say("points.remind", length=reader.voice.length(points.expire.remind))


# --- tiers and badges -----------------------------------------------------------------------------------------------


def tier_name(tier: str, reader: Reader) -> str:
    """A tier as the document names it, else its key with a capital."""
    tiers = reader.document.tiers
    text = tiers.names.get(tier) if tiers else None
    return reader.text(text) if text else tier.replace("_", " ").capitalize()


def tiers_section(reader: Reader) -> Section | None:
    """The levels, what counts towards them, and how they are lost."""
    tiers = reader.document.tiers
    if tiers is None:
        return None
    sentences = [
        Sentence(levels_in_words(tiers, reader), "tiers.levels"),
        Sentence(reader.voice.say("tiers.counts", counted=counted_in_words(tiers, reader)), "tiers.levels"),
        Sentence(reader.voice.say("tiers.benefits"), "tiers.levels"),
        Sentence(drop_in_words(tiers, reader), "tiers.drop"),
    ]
    return Section("tiers", reader.voice.say("title.tiers"), tuple(sentences))


def levels_in_words(tiers: Tiers, reader: Reader) -> str:
    """The levels from the lowest up, each with its threshold."""
    voice = reader.voice
    levels = [
        voice.say("tiers.from", name=tier_name(tier, reader), threshold=threshold_in_words(tiers, count, reader))
        if count
        else tier_name(tier, reader)
        for tier, count in tiers.levels.items()
    ]
    return voice.say("tiers.levels", count=voice.spelled(len(levels)), levels=voice.all_of(levels))


def threshold_in_words(tiers: Tiers, count: int, reader: Reader) -> str:
    """What must be reached for a level: points, money in whole units, or referrals."""
    voice, document = reader.voice, reader.document
    match tiers.measure:
        case "points_earned":
            return amount_of_points(count, document, voice)
        case "spent":
            return voice.money(Money.parse(f"{count} {document.currency}"))
        case _:
            return voice.count("tiers.referrals", count)


def counted_in_words(tiers: Tiers, reader: Reader) -> str:
    """What counts towards a level, and over which time."""
    key, voice = f"tiers.counted.{tiers.measure}", reader.voice
    return voice.say(f"{key}.lately", last=voice.last(tiers.within)) if tiers.within else voice.say(key)


def drop_in_words(tiers: Tiers, reader: Reader) -> str:
    """How a level is lost."""
    grace = tiers.drop.grace
    waits = bool(grace.months or grace.days or grace.hours)
    key = "tiers.drop" + (".grace" if waits else "") + (".one" if tiers.drop.one_level else "")
    return reader.voice.say(key, **({"length": reader.voice.length(grace)} if waits else {}))


def badges_section(reader: Reader, conditions: Conditions) -> Section | None:
    """Every badge and what it is for."""
    sentences = []
    for name, badge in reader.document.badges.items():
        path = f"badges.{name}"
        sentences += [Sentence(text, path) for text in badge_sentences(name, badge, reader, conditions)]
    return Section("badges", reader.voice.say("title.badges"), tuple(sentences)) if sentences else None


def badge_sentences(name: str, badge: Badge, reader: Reader, conditions: Conditions) -> Iterator[str]:
    """What brings a badge."""
    when, if_ = conditions.get(f"badges.{name}.when"), conditions.get(f"badges.{name}.if")
    does = deed(badge.on, when.tree if when else None, reader)
    yield reader.voice.say("badge", deed=does, badge=badge_in_words(name, reader))
    if if_:
        yield reader.voice.say("reward.if", condition=clause(if_.tree, reader))
