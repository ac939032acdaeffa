"""What recommending brings, said to the advocate: "When your friend spends €20 or more, you get …".

Owns those sentences. The same clauses said to everybody are `rewards`'. It must not speak of what anything costs.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sayso.core.program.document import Choice, Clause, Document, Gift, Give
from sayso.core.program.explain.condition_words import clause as condition_clause
from sayso.core.program.explain.gifts import gift_in_words, when_promised
from sayso.core.program.explain.people import Conditions
from sayso.core.program.explain.rewards import Written, deed_of, terms_in_words
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.things import amount_in_short, short
from sayso.core.program.explain.voice import Language, voice_of


@dataclass(frozen=True, slots=True)
class Offered:
    """One reward of a referral.

    Attributes:
        to: friend or advocate.
        counted: it comes with every so many friends, or from a number of friends on.
        certain: everybody gets it who does what it takes, from the first friend on.
        short: the first thing that it gives, as a headline says it; empty where that cannot be said shortly, and where
            it is to be chosen.
        condition: what is asked of whoever uses that first thing, "for orders of €30 or more"; empty where nothing is.
        options: what one thing may be chosen from, what kind of thing each is, how much, and such a condition of it;
            empty for no choice.
        sentence: when it comes, what it is, and its terms.
        brief: only when it comes, in a sentence or two.
    """

    name: str
    to: str
    counted: bool
    certain: bool
    short: str
    condition: str
    options: tuple[tuple[str, str, str], ...]
    sentence: str
    brief: str


def offers_in_words(
    document: Document, conditions: Conditions, *, language: Language, groups: Collection[str] = ()
) -> list[Offered]:
    """Return what a referral brings, in document order, said to the advocate.

    Args:
        document: the program's.
        conditions: its conditions by their place.
        language: of the advocate.
        groups: those of the program to which the advocate belongs; what is for others is left out.
    """
    reader = Reader(voice_of(language), document, is_outside=True)
    return [
        _offered(Written(name, clause, conditions, alone=True), reader)
        for name, clause in document.rewards.items()
        if clause.at and (clause.for_ is None or clause.for_ in groups)
    ]


def _offered(written: Written, reader: Reader) -> Offered:
    clause = written.clause
    counted, first = bool(clause.every or clause.by_count), _first(clause)
    return Offered(
        name=written.name,
        to=clause.to,
        counted=counted,
        certain=not counted and clause.if_ is None,
        short=short(first, reader) if first else "",
        condition=when_promised(first, reader) if first else "",
        options=tuple(_option(gift, reader) for gift in _choice(clause)),
        sentence=" ".join(_sentences(written, reader)),
        brief=" ".join(_brief(written, reader)),
    )


def _brief(written: Written, reader: Reader) -> Iterator[str]:
    voice = reader.voice
    yield voice.say("offer.counts", deed=deed_of(written, reader))
    if written.clause.hold:
        yield voice.say("offer.arrives", length=voice.length(written.clause.hold))
    if written.clause.review:
        yield voice.say("reward.review")


def _sentences(written: Written, reader: Reader) -> Iterator[str]:
    voice, clause = reader.voice, written.clause
    values = {"deed": deed_of(written, reader), "terms": terms_in_words(clause, reader)}
    values["gifts"] = _gifts(clause, reader)
    if clause.recurring:
        yield voice.say(f"offer.recurring.{clause.to}", each=reader.event(clause.recurring.on).each, **values)
    elif clause.every:
        yield voice.say(f"offer.every.{clause.to}", ordinal=voice.ordinal(clause.every), **values)
    else:
        yield voice.say(f"offer.{clause.to}", **values)
    if condition := written.tree("if"):
        yield voice.say("reward.if", condition=condition_clause(condition, replace(reader, subject=clause.to)))
    if clause.review:
        yield voice.say("reward.review")


def _gifts(clause: Clause, reader: Reader) -> str:
    if clause.by_count is None:
        return given_in_words(clause.give or (), reader)
    counted = sorted((count, given_in_words(give, reader)) for count, give in clause.by_count.items())
    voice = reader.voice
    return voice.all_of([text if count == 1 else voice.count("count.friends", count, gifts=text)
                         for count, text in counted])  # fmt: skip


def given_in_words(give: Give, reader: Reader) -> str:
    """What one reward gives, said to whoever gets it; not what it costs."""
    return reader.voice.all_of([_one(each, reader) for each in give])


def _one(given: Gift | Choice, reader: Reader) -> str:
    if isinstance(given, Choice):
        return reader.voice.say(
            "gift.choice.you", gifts=reader.voice.one_of([_one(each, reader) for each in given.choice])
        )
    return gift_in_words(given.model_copy(update={"cost": None}), reader)


def _first(clause: Clause) -> Gift | None:
    give = clause.give or min((clause.by_count or {}).items())[1]
    return None if isinstance(give[0], Choice) else give[0]


def _choice(clause: Clause) -> Sequence[Gift]:
    return next((each.choice for each in clause.give or () if isinstance(each, Choice)), ())


def _option(gift: Gift, reader: Reader) -> tuple[str, str, str]:
    """What kind of thing it is, how much, and what is asked of whoever uses it; points go by their name."""
    label = "" if gift.kind == "points" else reader.voice.say(f"kind.{gift.kind}")
    return label, amount_in_short(gift, reader), when_promised(gift, reader)
