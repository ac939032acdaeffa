"""The phrases in which reasons are told: the same keys with the same places in every language.

Owns the words and nothing else. A verdict has a phrase for the staff and one for the member, `limit_reached.staff`;
where what came out has a sentence of its own for a kind of clause, its key names the kind, `expired.points.staff`.
What the member reads says nothing about the guard, the budget or other people.
"""

from collections.abc import Mapping

from sayso.core.engine.why.phrases import en, es, it, nl

PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": en.PHRASES,
    "es": es.PHRASES,
    "it": it.PHRASES,
    "nl": nl.PHRASES,
}
