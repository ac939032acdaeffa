"""Who takes part, in sentences: advocates, friends, groups, and the score that tells who is happy.

Owns those two sections. It must not speak of what anybody gets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sayso.core.program.conditions import Condition
from sayso.core.program.document import HandKept, Signal
from sayso.core.program.explain.condition_words import clause, predicate
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.terms import Reader
from sayso.core.program.tree import names
from sayso.core.program.vocabulary import NEW_FOR

Conditions = Mapping[str, Condition]


def people_section(reader: Reader, conditions: Conditions) -> Section | None:
    """Who may recommend, who counts as a friend, the groups, and what else is kept about people."""
    sentences = [*_roles(reader, conditions), *_groups(reader, conditions)]
    kept = [reader.named(name) for name in reader.document.attributes]
    if kept:
        text = reader.voice.say("attributes", names=reader.voice.all_of(kept))
        sentences.append(Sentence(text, "attributes"))
    return Section("people", reader.voice.say("title.people"), tuple(sentences)) if sentences else None


def _roles(reader: Reader, conditions: Conditions) -> Iterator[Sentence]:
    if reader.document.referral is None:
        return
    for key, role in (("advocates", "advocate"), ("friends", "friend")):
        condition = conditions.get(f"people.{key}")
        yield Sentence(who_in_words(key, condition, replace(reader, subject=role)), f"people.{key}")
        if condition and any(name.field == "is_new" for name in names(condition.tree)):
            yield Sentence(reader.voice.count("friends.new", NEW_FOR.days), f"people.{key}")


def who_in_words(key: str, condition: Condition | None, reader: Reader) -> str:
    """Who may recommend (`advocates`), or who is a friend (`friends`)."""
    if condition is None:
        return reader.voice.say(f"{key}.all")
    who = predicate(condition.tree, reader)
    if who:
        return reader.voice.say(f"{key}.who", who=who)
    return reader.voice.say(f"{key}.if", condition=clause(condition.tree, reader))


def _groups(reader: Reader, conditions: Conditions) -> Iterator[Sentence]:
    groups = reader.document.people.groups
    for name, kept in groups.items():
        path = f"people.groups.{name}"
        yield Sentence(group_in_words(name, kept, conditions.get(path), reader), path)
    if len(groups) > 1:
        yield Sentence(reader.voice.say("group.first"), "people.groups")


def group_in_words(name: str, kept: HandKept | str, condition: Condition | None, reader: Reader) -> str:
    """Who belongs to a group."""
    voice, named = reader.voice, reader.named(name)
    if isinstance(kept, HandKept) or condition is None:
        return voice.say("group.by_hand", name=named)
    who = predicate(condition.tree, reader)
    if who:
        return voice.say("group.who", who=who, name=named)
    return voice.say("group.if", condition=clause(condition.tree, reader), name=named)


def score_section(reader: Reader, conditions: Conditions) -> Section | None:
    """What makes up the score."""
    signals = reader.document.score
    if not signals:
        return None
    parts = [_signal(signal, conditions[f"score.{name}.if"], reader) for name, signal in signals.items()]
    text = reader.voice.say("score.sum", signals=reader.voice.all_of(parts))
    return Section("score", reader.voice.say("title.score"), (Sentence(text, "score"),))


def _signal(signal: Signal, condition: Condition, reader: Reader) -> str:
    points = reader.voice.count("score.points" if signal.points >= 0 else "score.minus", abs(signal.points))
    who = predicate(condition.tree, reader)
    if who:
        return reader.voice.say("score.who", points=points, who=who)
    return reader.voice.say("score.if", points=points, condition=clause(condition.tree, reader))
