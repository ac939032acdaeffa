"""What stands on the sides of a comparison, in words: values, names, arithmetic.

Owns noun phrases only; `leaves` makes statements of them. It must not decide what a condition means.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale

from sayso.core.program.document import Document
from sayso.core.program.explain.events import EventWords
from sayso.core.program.explain.voice import Voice
from sayso.core.program.scalars import Text, words
from sayso.core.program.tree import Arithmetic, Call, Name, Term, Type, Value

PEOPLE = ("member", "friend", "advocate")
# Countries that English names with an article.
_WITH_ARTICLE = frozenset({"NL", "US", "GB", "AE", "PH", "DO", "BS", "GM", "MV"})


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a condition is written out.

    subject: the person in question; `member.` means them.
    is_outside: they are not of the company, and know nothing of how it keeps its people.
    """

    voice: Voice
    document: Document
    subject: str = "member"
    is_outside: bool = False

    def role(self, role: str) -> str:
        """The person that a role means here."""
        return self.subject if role == "member" else role

    def named(self, name: str) -> str:
        """A name of the company's own in quotation marks: as the document calls it, else as it is, without `_`."""
        called = self.document.names.get(name)
        return self.voice.quoted(self.text(called)) if called else self.voice.named(name)

    def badge(self, name: str) -> str:
        """A badge by the name that the document gives it, in `badges` or in `names`, else by its key."""
        badge = self.document.badges.get(name)
        called = badge.name if badge and badge.name else self.document.names.get(name)
        return self.text(called) if called else name.replace("_", " ").capitalize()

    def event(self, name: str) -> EventWords:
        """The words for a type of event."""
        return self.voice.event(name, self.named(name))

    def text(self, text: Text) -> str:
        """The document's own words, in the reader's language."""
        return words(text, self.voice.language)


def value_in_words(value: object, kind: Type, *, voice: Voice, currency: str, zone: str = "UTC") -> str:
    """A value as it was seen or as it is asked for, of the type of its name; None is "unknown".

    currency: of amounts, which are in its minor unit. zone: in which a moment is told.
    """
    if value is None:
        return voice.say("unknown")
    if isinstance(value, bool):
        return voice.say("yes" if value else "no")
    if isinstance(value, Collection) and not isinstance(value, str):
        return voice.all_of([voice.quoted(str(item)) for item in value]) if value else voice.say("none")
    if isinstance(value, int | Decimal):
        return _number(value, kind, voice, currency, zone)
    return voice.quoted(str(value))


def _number(value: int | Decimal, kind: Type, voice: Voice, currency: str, zone: str) -> str:
    match kind:
        case "money":
            return voice.minor(round(value), currency)
        case "date":
            return voice.date(date.fromordinal(int(value)))
        case "moment":
            return voice.moment(int(value), zone)
    return voice.number(value)


def term_in_words(term: Term, reader: Reader) -> str:
    """A side of a comparison as a noun phrase."""
    voice = reader.voice
    match term:
        case Name():
            return name_in_words(term, reader)
        case Value():
            return _literal(term, reader)
        case Call():
            return voice.say(f"term.{term.function}", term=term_in_words(term.argument, reader))
        case Arithmetic():
            left, right = (term_in_words(side, reader) for side in (term.left, term.right))
            return voice.say(f"term.{term.operator}", left=left, right=right)


def _literal(term: Value, reader: Reader) -> str:
    if isinstance(term.value, tuple):
        return reader.voice.one_of([_written(item, term.type, reader) for item in term.value])
    return _written(term.value, term.type, reader)


def _written(value: object, kind: Type, reader: Reader) -> str:
    """A value as the document writes it; a word of its own, `"late_bird"`, reads as a name."""
    return reader.named(value) if isinstance(value, str) else value_of(value, kind, reader)


def value_of(value: object, kind: Type, reader: Reader, zone: str = "UTC") -> str:
    """A value, money in the program's currency, and words that the document has a name for by that name."""
    names = reader.document.names
    if isinstance(value, str) and value in names:
        return reader.named(value)
    if isinstance(value, Collection) and not isinstance(value, str) and any(str(item) in names for item in value):
        return reader.voice.all_of([_called(str(item), reader) for item in value])
    return value_in_words(value, kind, voice=reader.voice, currency=reader.document.currency, zone=zone)


def _called(word: str, reader: Reader) -> str:
    return reader.named(word) if word in reader.document.names else reader.voice.quoted(word)


def name_in_words(name: Name, reader: Reader) -> str:
    """What a name asks for: "the number of purchases in the last 90 days"; whose it is, where that could be doubted."""
    if name.role == "event":
        return event_field(name.field, reader)
    if name.role == "program":
        return reader.voice.say("term.program.name")
    if name.role == "referral":
        return _referral_field(name.field, reader)
    plain = _person_field(name.field, reader)
    role = reader.role(name.role)
    if role == reader.subject:
        return plain
    return reader.voice.say("term.of", term=plain, role=reader.voice.say(f"role.{role}"))


def event_field(field: str, reader: Reader) -> str:
    """Something that the event itself says: its amount, or a name of the company's own."""
    voice = reader.voice
    for key in (f"term.event.{field}", f"prop.{field}"):
        if voice.knows(key):
            return voice.say(key)
    return reader.named(field)


def _referral_field(field: str, reader: Reader) -> str:
    if field == "opened_at":
        return reader.voice.say("term.referral.opened_at")
    return reader.voice.say("term.referral.step", name=reader.named(field))


def _person_field(field: str, reader: Reader) -> str:
    voice, fact = reader.voice, reader.document.facts.get(field)
    ours = not fact and field not in reader.document.attributes
    if ours and voice.knows(f"term.{field}"):
        return voice.say(f"term.{field}")
    if fact:
        plain = voice.say("term.count" if fact.count else "term.sum", events=reader.event(fact.event).many)
        return voice.say("timed.noun", noun=plain, last=voice.last(fact.within)) if fact.within else plain
    if field.startswith("last_") and field not in reader.document.attributes:
        return reader.event(field.removeprefix("last_")).last
    return reader.named(field)


def days_since_name(term: Term) -> Name | None:
    """The name of a person whose days since something are asked for, `days_since(member.joined)`."""
    if isinstance(term, Call) and term.function == "days_since" and isinstance(term.argument, Name):
        return term.argument if term.argument.role in PEOPLE else None
    return None


def country_or_language(field: str, code: str, voice: Voice) -> str:
    """A country or a language by its name; an unknown code stays as it is written."""
    locale = Locale.parse(voice.language)
    known = locale.territories if field == "country" else locale.languages
    article = "the " if voice.language == "en" and field == "country" and code in _WITH_ARTICLE else ""
    return f"{article}{known[code]}" if code in known else voice.quoted(code)
