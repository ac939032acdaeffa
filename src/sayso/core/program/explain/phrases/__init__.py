"""The phrases of every language: the same keys with the same places in each.

Owns the words and nothing else. A phrase is a `str.format` template, or a mapping from plural form to template.
"""

from collections.abc import Mapping

from sayso.core.program.explain.events import EventWords
from sayso.core.program.explain.phrases.en import events as en_events
from sayso.core.program.explain.phrases.en import phrases as en
from sayso.core.program.explain.phrases.es import events as es_events
from sayso.core.program.explain.phrases.es import phrases as es
from sayso.core.program.explain.phrases.it import events as it_events
from sayso.core.program.explain.phrases.it import phrases as it
from sayso.core.program.explain.phrases.nl import events as nl_events
from sayso.core.program.explain.phrases.nl import phrases as nl

Phrase = str | Mapping[str, str]

PHRASES: Mapping[str, Mapping[str, Phrase]] = {
    "en": en.PHRASES,
    "es": es.PHRASES,
    "it": it.PHRASES,
    "nl": nl.PHRASES,
}
EVENTS: Mapping[str, Mapping[str, EventWords]] = {
    "en": en_events.EVENTS,
    "es": es_events.EVENTS,
    "it": it_events.EVENTS,
    "nl": nl_events.EVENTS,
}
UNKNOWN_EVENT: Mapping[str, EventWords] = {
    "en": en_events.UNKNOWN,
    "es": es_events.UNKNOWN,
    "it": it_events.UNKNOWN,
    "nl": nl_events.UNKNOWN,
}
