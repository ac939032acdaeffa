"""One difference between two versions as a sentence.

Owns how a change reads: where it is, what changes there, from what to what. Whole clauses read as in `explain`.
It must not judge a change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from textwrap import shorten
from typing import Any

from babel import Locale

from sayso.core.program.change_effects import compare, gift_direction
from sayso.core.program.conditions import Condition
from sayso.core.program.differences import Difference, Path
from sayso.core.program.document import Choice, Document, Gift, Section
from sayso.core.program.explain.condition_words import clause
from sayso.core.program.explain.explanation import Explanation
from sayso.core.program.explain.gifts import gifts_in_words, points_in_words
from sayso.core.program.explain.loyalty import counted_in_words, tier_name
from sayso.core.program.explain.outreach import bound_in_words
from sayso.core.program.explain.program import explain
from sayso.core.program.explain.sharing import readable
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.explain.voice import Language, Voice, sentence, voice_of
from sayso.core.program.scalars import in_language, is_words
from sayso.core.program.values import Duration, Limit, Money, MoneyLimit, Percent, Rate

# Words longer than this are not repeated in a list of changes.
_SHORT_CHARACTERS = 90
_NAMED_BY_PARENT = frozenset({"levels", "multiply", "names", "through", "groups", "by_count", "attributes", "proof"})
_READ_WITH_THE_REST = frozenset({"give", "by_count"})
_SHORT_SECTIONS = frozenset({("score",)})
_EVENTS = frozenset({"on", "after", "count"})
_ROLES = {"advocates": "advocate", "friends": "friend"}


@dataclass(frozen=True, slots=True)
class Version:
    """A document and its conditions by place, as `parse_program` gives them."""

    document: Document
    conditions: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True)
class Side:
    """One of the two versions with its reader; its explanation is made once, when a clause of it is told."""

    version: Version
    reader: Reader

    @cached_property
    def explanation(self) -> Explanation:
        """The whole version in sentences."""
        return explain(self.version.document, self.version.conditions, language=self.reader.voice.language)


Sides = tuple[Side, Side]


def sides_of(old: Version, new: Version, *, language: Language) -> Sides:
    """Two versions, ready to be compared in a language."""
    voice = voice_of(language)
    return Side(old, Reader(voice, old.document)), Side(new, Reader(voice, new.document))


def sentence_of(difference: Difference, sides: Sides) -> str:
    """The sentence of one difference, in the reader's language."""
    voice = sides[0].reader.voice
    for told in (_order, _clause, _condition, _gift, _words):
        if text := told(difference, sides, voice):
            return sentence(text)
    return sentence(_plain(difference, sides, voice))


def _order(difference: Difference, sides: Sides, voice: Voice) -> str | None:
    if not difference.order:
        return None
    names = voice.all_of([sides[1].reader.named(name) for name in difference.new])
    return voice.say("change.order", place=_place((*difference.path, ""), sides, voice), names=names)


def _clause(difference: Difference, sides: Sides, voice: Voice) -> str | None:
    """A whole section that came or went, as `explain` tells it; or how the clause it belongs to reads from now on."""
    path, kind = difference.path, difference.kind
    whole = isinstance(difference.old or difference.new, Section)
    if kind == "changed" or not (whole or path[-1] in _READ_WITH_THE_REST):
        return None
    side = sides[1] if kind == "added" else sides[0]
    told = _told(side.explanation, ".".join(path)) if whole else ""
    if told:
        return voice.say(f"change.{kind}.whole", text=told)
    now = _told(sides[1].explanation, ".".join(path[:-1])) if path[:-1] in _SHORT_SECTIONS or len(path) > 2 else ""
    if now and path[0] != "page":
        return voice.say("change.now", text=now)
    values = {"place": _place(path, sides, voice), "label": _label(path, sides, voice)}
    return voice.say(f"change.{kind}.plain", **values)


def _told(explanation: Explanation, path: str) -> str:
    sentences = [one for section in explanation.sections for one in section.sentences]
    return " ".join(one.text for one in sentences if one.path == path or one.path.startswith(f"{path}."))


def _condition(difference: Difference, sides: Sides, voice: Voice) -> str | None:
    place = ".".join(difference.path)
    before, after = (side.version.conditions.get(place) for side in sides)
    if not before and not after:
        return None
    values = {"place": _place(difference.path, sides, voice), "label": _label(difference.path, sides, voice)}
    if before and after and before.tree == after.tree:
        return voice.say("change.rewritten", **values)
    said = [_said(condition, side, difference.path) for condition, side in zip((before, after), sides, strict=True)]
    if before and after:
        return voice.say("change.condition", old=said[0], new=said[1], **values)
    return voice.say(f"change.condition.{difference.kind}", value=said[0] or said[1], **values)


def _said(condition: Condition | None, side: Side, path: Path) -> str:
    if condition is None:
        return ""
    subject = _ROLES.get(path[-1], "member")
    if path[0] == "rewards":
        subject = side.version.document.rewards[path[1]].to
    return clause(condition.tree, Reader(side.reader.voice, side.version.document, subject))


def _gift(difference: Difference, sides: Sides, voice: Voice) -> str | None:
    if difference.kind != "changed" or not _is_give(difference.old):
        return None
    direction = gift_direction(difference.old, difference.new)
    old, new = ((_bare(give) if direction else give) for give in (difference.old, difference.new))
    values = {"old": gifts_in_words(old, sides[0].reader), "new": gifts_in_words(new, sides[1].reader)}
    key = {1: "rises", -1: "falls"}.get(direction or 0, "changes")
    return voice.say(f"change.gift.{key}", place=_place(difference.path, sides, voice), **values)


def _bare(give: tuple[Gift, ...]) -> tuple[Gift, ...]:
    """The gifts without what belongs to them, where only their value changed."""
    return tuple(Gift.model_validate({gift.kind: gift.value}) for gift in give)


def _is_give(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, Gift | Choice) for one in value)


def _words(difference: Difference, sides: Sides, voice: Voice) -> str | None:
    """The document's own words: repeated when they are short, else only named with the languages that changed."""
    old, new = difference.old, difference.new
    if not isinstance(old, dict) or not isinstance(new, dict) or not _are_texts(old, new):
        return None
    values = {"place": _place(difference.path, sides, voice), "label": _label(difference.path, sides, voice)}
    before, after = (_in_words(text, voice.language) for text in (old, new))
    if before != after and max(len(before), len(after)) <= _SHORT_CHARACTERS:
        return voice.say("change.reads", old=voice.quoted(before), new=voice.quoted(after), **values)
    codes = [code for code in {**old, **new} if old.get(code) != new.get(code)]
    return voice.say("change.words", languages=voice.all_of([_language(code, voice) for code in codes]), **values)


def _in_words(text: dict[Any, Any], language: str) -> str:
    """A text, or the forms of a name by number side by side."""
    found = in_language(text, language)
    return readable(found) if isinstance(found, str) else " / ".join(found.values())


def _are_texts(old: dict[Any, Any], new: dict[Any, Any]) -> bool:
    return is_words(old) and is_words(new)


def _language(code: str, voice: Voice) -> str:
    if not code:
        return voice.say("change.any_language")
    return str(Locale.parse(voice.language).languages.get(code, code))


def _plain(difference: Difference, sides: Sides, voice: Voice) -> str:
    path = difference.path
    values = {"place": _place(path, sides, voice), "label": _label(path, sides, voice)}
    if difference.kind != "changed":
        side = sides[1] if difference.kind == "added" else sides[0]
        value = difference.new if difference.kind == "added" else difference.old
        return voice.say(f"change.{difference.kind}", value=_value(value, path, side), **values)
    direction = compare(difference.old, difference.new)
    key = {1: "rises", -1: "falls"}.get(direction or 0, "changes")
    if isinstance(difference.old, bool | date):
        key = "changes"
    before, after = _value(difference.old, path, sides[0]), _value(difference.new, path, sides[1])
    return voice.say(f"change.{key}", old=before, new=after, **values)


# --- where, and what ----------------------------------------------------------------------------------------------


def _place(path: Path, sides: Sides, voice: Voice) -> str:
    if path[0] == "rewards" and len(path) > 2:
        clauses = [side.version.document.rewards.get(path[1]) for side in sides]
        kept = clauses[1] or clauses[0]
        return voice.say(f"place.reward.{kept.to if kept else 'member'}", name=_numbered(path[1], sides))
    for length in (3, 2):
        key = "place." + ".".join(path[: length - 1])
        if len(path) > length and voice.knows(f"{key}.*"):
            return voice.say(f"{key}.*", name=_numbered(path[length - 1], sides))
    return voice.say(f"place.{path[0]}") if voice.knows(f"place.{path[0]}") else voice.say("place.program")


def _numbered(name: str, sides: Sides) -> str:
    """A name as the newer version calls it, or the older one where only that has it; an item of a list by number."""
    if name.isdigit():
        return str(int(name) + 1)
    old, new = (side.reader for side in sides)
    return old.named(name) if name in old.document.names and name not in new.document.names else new.named(name)


def _label(path: Path, sides: Sides, voice: Voice) -> str:
    """What changes, by the last name on the path; a name of the company's own by its parent and itself."""
    name, parent = path[-1], path[-2] if len(path) > 1 else "program"
    if parent in _NAMED_BY_PARENT:
        of_a_tier = parent in ("levels", "multiply") or path[0] == "tiers"
        shown = tier_name(name, sides[1].reader) if of_a_tier else None
        if path[0] == "names":
            shown = voice.named(name)
        return voice.say(f"label.{parent}", name=shown or _numbered(name, sides))
    for key in (f"label.{parent}.{name}", f"label.{name}", f"label.{parent}.*"):
        if voice.knows(key):
            return voice.say(key, name=_numbered(name, sides))
    return sides[1].reader.named(name)


# --- values ---------------------------------------------------------------------------------------------------------


def _value(value: Any, path: Path, side: Side) -> str:
    """A value as it stands in a sentence; what has no words of its own is told by its parts."""
    voice = side.reader.voice
    if path[-1] == "cap" and isinstance(value, Limit):
        return f"{amount_of_points(value.count, side.version.document, voice)} {voice.per(value.per)}"
    for kind, said in _SAID.items():
        if isinstance(value, kind):
            return said(value, voice)
    if isinstance(value, Rate):
        return points_in_words(value, "", side.reader)
    if isinstance(value, str):
        return _named(value, path, side)
    if isinstance(value, Section):
        return _parts(value.model_dump(by_alias=True, exclude_none=True), path, side)
    if isinstance(value, Mapping):
        return _parts(value, path, side)
    items = [_value(item, path, side) for item in value]
    return voice.all_of(items) if items else voice.say("none")


def _parts(values: Mapping[Any, Any], path: Path, side: Side) -> str:
    voice = side.reader.voice
    if is_words(values):
        return voice.quoted(shorten(_in_words(dict(values), voice.language), _SHORT_CHARACTERS, placeholder=" …"))
    parts = [f"{voice.named(str(key))}: {_value(value, path, side)}" for key, value in values.items() if value]
    return ", ".join(parts) or voice.say("none")


def _named(value: str, path: Path, side: Side) -> str:
    voice, name = side.reader.voice, path[-1]
    tiers = side.version.document.tiers
    if path == ("tiers", "by") and tiers:
        return counted_in_words(tiers, side.reader)
    if name in ("not_before", "not_after"):
        length, anchor = bound_in_words(value, side.reader)
        return voice.say("ask.after", wait=length, event=anchor)
    if path[0] == "sharing" and name != "channels":
        return voice.quoted(value)
    if name in _EVENTS:
        return side.reader.event(value).a
    for key in (f"field.{value}",) if name == "form" else (f"value.{value}", f"channel.{value}"):
        if voice.knows(key):
            return voice.say(key)
    return side.reader.named(value)


def _limit(value: Limit, voice: Voice) -> str:
    return f"{voice.times(value.count)} {voice.per(value.per)}"


_SAID: dict[type, Callable[[Any, Voice], str]] = {
    bool: lambda value, voice: voice.say("yes" if value else "no"),
    int: lambda value, voice: voice.number(value),
    date: lambda value, voice: voice.date(value),
    Money: lambda value, voice: voice.money(value),
    Percent: lambda value, voice: voice.share(value),
    Duration: lambda value, voice: voice.length(value),
    Limit: _limit,
    MoneyLimit: lambda value, voice: voice.money_limit(value),
}
