"""What is worth knowing about a document that is not wrong.

Owns notes: languages that are missing, what nobody delivers yet, which clauses depend on the order of a day.
"""

from collections.abc import Iterator
from itertools import islice

from sayso.core.program.document import Document
from sayso.core.program.finder import Finder
from sayso.core.program.problems import Problem
from sayso.core.program.review_nameless import review_nameless
from sayso.core.program.spoken import languages_in, texts_in
from sayso.core.program.templates import MAILS
from sayso.core.program.vocabulary import nearest
from sayso.core.program.yaml_source import Path, dotted

_NOBODY_ASKS = "Nobody asks yet: this section is checked and explained, and the engine does not act on it."
_SHOWN, _MOST_NAMED = 4, 20
_SPOKEN = {"en": "English", "es": "Spanish", "it": "Italian", "nl": "Dutch"}


def review_notes(finder: Finder) -> Iterator[Problem]:
    """All notes, in no order."""
    yield from _languages(finder)
    yield from review_nameless(finder, [_SPOKEN[each] for each in languages_in(finder.document)])
    yield from _undelivered(finder)
    yield from _order_sensitive(finder)


def _undelivered(finder: Finder) -> Iterator[Problem]:
    if finder.document.asking:
        yield finder.note(("asking",), _NOBODY_ASKS)
    for name in islice((each for each in finder.document.messages if each not in MAILS), _MOST_NAMED):
        message = f"No mail is called {name}, so nobody reads these words; there are {', '.join(MAILS)}."
        yield finder.note(("messages", name), message, nearest(name, MAILS))


def order_sensitive(document: Document) -> Iterator[Path]:
    """What goes by the order in which events are accepted (SEMANTICS 11): limits, caps, counts and the budget."""
    for name, clause in document.rewards.items():
        for key in ("limit", "every", "by_count"):
            if getattr(clause, key) is not None:
                yield ("rewards", name, key)
    for name, earn in document.points.earn.items() if document.points else ():
        for key in ("limit", "cap"):
            if getattr(earn, key) is not None:
                yield ("points", "earn", name, key)
    if document.budget:
        yield ("budget",)


def _order_sensitive(finder: Finder) -> Iterator[Problem]:
    for path in order_sensitive(finder.document):
        message = (
            f"{path[-1]} goes to whoever comes first, by the order in which events are accepted (order-sensitive): "
            "nothing to change here, but put the lines of a file that you import in the order of their time."
        )
        yield finder.note(path, message)


def _languages(finder: Finder) -> Iterator[Problem]:
    texts = list(texts_in(finder.document))
    for language in languages_in(finder.document):
        missing = [path for path, words in texts if "" not in words and language not in words]
        if missing:
            names = ", ".join(dotted(path) for path in missing[:_SHOWN])
            more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
            yield finder.note(missing[0], f"There is no {_SPOKEN[language]} text in {names}{more}.", f"{language}: …")
