"""What a clause, a step and a tier are called where the document gives them no name: what people know of them instead.

Owns that nobody reads the document's own keys, `welcome`, as long as there is something else to say.
"""

import re

from sayso.core.program.document import Choice, Clause, Gift
from sayso.core.program.explain.gifts import bare, gift_in_words
from sayso.core.program.explain.terms import Reader


def clause_called(name: str, reader: Reader) -> str:
    """A reward in quotation marks: by its name, else by what it gives, "a coupon worth €10"."""
    clause = reader.document.rewards.get(name)
    if name in reader.document.names or clause is None:
        return reader.named(name)
    return reader.voice.quoted(_unquoted(_given(clause, reader), reader))


def clause_heading(name: str, reader: Reader) -> str:
    """A reward where it stands by itself, as in a list: the same without quotation marks."""
    return _unquoted(clause_called(name, reader), reader)


def step_called(name: str, reader: Reader) -> str:
    """A step of the referral in quotation marks: by its name, else by what happens there, "purchase"."""
    rules = reader.document.referral
    step = rules.steps.get(name) if rules else None
    return _by_event(name, step.on if step else "", reader)


def earning_called(name: str, reader: Reader) -> str:
    """A way to earn points in quotation marks: by its name, else by what they are for, "purchase"."""
    points = reader.document.points
    earn = points.earn.get(name) if points else None
    return _by_event(name, earn.on if earn else "", reader)


def _by_event(name: str, event: str, reader: Reader) -> str:
    known = event and reader.voice.knows_event(event) and name not in reader.document.names
    return reader.voice.quoted(reader.voice.event(event).one) if known else reader.named(name)


def _given(clause: Clause, reader: Reader) -> str:
    gives = [clause.give] if clause.give else [give for _, give in sorted((clause.by_count or {}).items())]
    return reader.voice.one_of([reader.voice.all_of([_one(each, reader) for each in give]) for give in gives])


def _one(given: Gift | Choice, reader: Reader) -> str:
    if isinstance(given, Choice):
        return reader.voice.one_of([gift_in_words(bare(gift), reader) for gift in given.choice])
    return gift_in_words(bare(given), reader)


def _unquoted(text: str, reader: Reader) -> str:
    """Without the quotation marks within: there will be others around it."""
    opening, _, closing = reader.voice.say("quoted", text="\n").partition("\n")
    return re.sub(f"{opening}(.*?){closing}", r"\1", text)
