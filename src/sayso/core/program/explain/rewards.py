"""What there is to gain, in sentences: one clause of `rewards:` each.

Owns how a clause reads. The things given are `gifts`'. It must not speak of points earned without a reward.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sayso.core.program.document import Clause
from sayso.core.program.explain.condition_words import clause as condition_clause
from sayso.core.program.explain.condition_words import deed
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.gifts import gifts_in_words
from sayso.core.program.explain.people import Conditions
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import continued
from sayso.core.program.tree import All, Node
from sayso.core.program.values import Duration


@dataclass(frozen=True, slots=True)
class Written:
    """A clause with its name and the conditions of its document.

    Attributes:
        alone: it is read without the section on the referral, so what that says of the steps is said here.
    """

    name: str
    clause: Clause
    conditions: Conditions
    alone: bool = False

    def tree(self, place: str) -> Node | None:
        """The condition that stands at a place of the clause."""
        condition = self.conditions.get(f"rewards.{self.name}.{place}")
        return condition.tree if condition else None


def rewards_section(reader: Reader, conditions: Conditions) -> Section | None:
    """Every reward, in document order; what a refund does is said once where it is the same for all."""
    rewards = reader.document.rewards
    if not rewards:
        return None
    standard = reader.document.refunds_within
    lengths = [clause.refunds_within or standard for clause in rewards.values()]
    usual = max(lengths, key=lengths.count)
    sentences: list[Sentence] = []
    offers: set[tuple[str, str | None, str]] = set()
    for name, clause in rewards.items():
        offer = (clause.to, clause.at or clause.on, clause.one_of or "")
        texts = reward_in_words(Written(name, clause, conditions), reader, otherwise=offer in offers)
        sentences += [Sentence(text, f"rewards.{name}") for text in texts]
        length = clause.refunds_within or standard
        if length != usual:
            sentences.append(Sentence(_refunds("refunds", length, reader), f"rewards.{name}"))
        if clause.one_of:
            offers.add(offer)
    key = "refunds" if lengths.count(usual) == len(lengths) else "refunds.others"
    sentences.append(Sentence(_refunds(key, usual, reader), "rewards"))
    return Section("rewards", reader.voice.say("title.rewards"), tuple(sentences))


def _refunds(key: str, length: Duration, reader: Reader) -> str:
    return reader.voice.say(key, length=reader.voice.length(length))


def reward_in_words(written: Written, reader: Reader, *, otherwise: bool = False) -> Iterator[str]:
    """The sentences of one reward.

    otherwise: an earlier clause of the same offer comes first (SEMANTICS 26).
    """
    voice, clause = reader.voice, written.clause
    main = _main(written, reader)
    yield voice.say("reward.otherwise", sentence=continued(main)) if otherwise else main
    if clause.for_:
        yield voice.say("reward.group", name=reader.named(clause.for_))
    if condition := written.tree("if"):
        text = condition_clause(condition, replace(reader, subject=clause.to))
        yield voice.say("reward.if", condition=text)
    if clause.review:
        yield voice.say("reward.review")


def _main(written: Written, reader: Reader) -> str:
    voice, clause = reader.voice, written.clause
    values = {"deed": deed_of(written, reader), "terms": terms_in_words(clause, reader)}
    values["gifts"] = _steps(clause, reader) if clause.by_count else gifts_in_words(clause.give or (), reader)
    if clause.recurring:
        each = reader.event(clause.recurring.on).each
        return voice.say(f"reward.recurring.{clause.to}", each=each, **values)
    if clause.every:
        return voice.say(f"reward.every.{clause.to}", ordinal=voice.ordinal(clause.every), **values)
    return voice.say(f"reward.{clause.to}", **values)


def _steps(clause: Clause, reader: Reader) -> str:
    """What is given from which friend on (or, to a member, from which time on)."""
    voice, key = reader.voice, "count.times" if clause.to == "member" else "count.friends"
    steps = sorted((count, gifts_in_words(give, reader)) for count, give in (clause.by_count or {}).items())
    return voice.all_of([gifts if count == 1 else voice.count(key, count, gifts=gifts) for count, gifts in steps])


def deed_of(written: Written, reader: Reader) -> str:
    """What must happen: the event and condition of the step, or of the clause itself, and what it adds.

    Where it is read alone, with the steps before it and the time for each (SEMANTICS 17); not with the one that opens
    the referral, which is to take the recommendation up.
    """
    clause, rules = written.clause, reader.document.referral
    if not (clause.at and rules and clause.at in rules.steps):
        return _done(clause.on or "", written.tree("when"), written, reader)
    if not written.alone:
        return _step_done(clause.at, written, reader)
    names = list(rules.steps)
    asked = names[1 : names.index(clause.at) + 1] or names[:1]
    return reader.voice.all_of([_in_time(name, name != asked[0], written, reader) for name in asked])


def _in_time(name: str, follows: bool, written: Written, reader: Reader) -> str:
    """A step with the time for it, which runs from the step before; where that was named, it says so."""
    rules, voice = reader.document.referral, reader.voice
    length = rules.steps[name].within if rules else None
    done = _step_done(name, written, reader)
    within = "within.next" if follows else "within"
    return f"{done} {voice.say(within, length=voice.length(length))}" if length else done


def _step_done(name: str, written: Written, reader: Reader) -> str:
    rules = reader.document.referral
    assert rules is not None
    step = written.conditions.get(f"referral.steps.{name}.when")
    own = written.tree("when") if name == written.clause.at else None
    return _done(rules.steps[name].on, _both(step.tree if step else None, own), written, reader)


def _done(event: str, asked: Node | None, written: Written, reader: Reader) -> str:
    subject = "member" if written.clause.to == "member" else "friend"
    return deed(event, asked, replace(reader, subject=subject))


def _both(one: Node | None, other: Node | None) -> Node | None:
    if one is None or other is None:
        return one or other
    parts = [part for node in (one, other) for part in (node.parts if isinstance(node, All) else (node,))]
    return All(tuple(parts))


def terms_in_words(clause: Clause, reader: Reader) -> str:
    """How often a reward comes, after which hold, and how often at most, as it ends a sentence."""
    return "".join(_terms(clause, reader))


def _terms(clause: Clause, reader: Reader) -> Iterator[str]:
    voice = reader.voice
    if recurring := clause.recurring:
        yield voice.say("terms.recurring.per", per=voice.per(recurring.per))
        if recurring.within:
            yield voice.say("terms.recurring.within", length=voice.length(recurring.within))
        if recurring.times:
            yield voice.say("terms.recurring.times", times=voice.times(recurring.times))
    if clause.hold:
        yield voice.say("terms.hold", length=voice.length(clause.hold))
    if clause.limit:
        key = "terms.limit.account" if clause.per == "account" else "terms.limit"
        yield voice.say(key, limit=voice.limit(clause.limit))
