"""What has no name in a document that speaks to its readers in their language.

Owns these notes, one for each kind of thing. Which names lack a language is `review_notes`'. It must not stop anything.
"""

from collections.abc import Collection, Iterator, Sequence

from sayso.core.program.explain.loyalty import tier_name
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import knows_unit
from sayso.core.program.explain.voice import voice_of
from sayso.core.program.finder import Finder
from sayso.core.program.problems import Problem
from sayso.core.program.yaml_source import Path

_SHOWN = 4


def review_nameless(finder: Finder, languages: Sequence[str]) -> Iterator[Problem]:
    """What people read by another name than one that the document gives it.

    Args:
        finder: the document.
        languages: in which it speaks, by their English names; a document without any is read as it is written.
    """
    if not languages:
        return
    spoken = _listed(languages)
    for path, what, instead, advice in _nameless(finder):
        message = f"No name in {spoken}: {what}. People read {instead}."
        yield finder.note(path, message, advice)


def _nameless(finder: Finder) -> Iterator[tuple[Path, str, str, str]]:
    """Where, what, what is read in its place, and what to write."""
    document, names = finder.document, finder.document.names
    points, tiers = document.points, document.tiers
    if points and not points.name and not knows_unit(points.unit):
        unit = points.unit.replace("_", " ")
        yield ("points", "unit"), "the points", f"“{unit}”", "name: {en: {one: …, other: …}}"
    if tiers and (bare := [each for each in tiers.levels if each not in tiers.names]):
        first = tier_name(bare[0], Reader(voice_of("en"), document))
        also = ", and so on" if len(bare) > 1 else ""
        yield ("tiers", "levels"), _named("level", bare), f"“{first}”{also}", f"names: {{{bare[0]}: {{en: …}}}}"
    for path, kind, keys, instead in (
        (("referral", "steps"), "step", document.referral.steps if document.referral else (), "what happens there"),
        (("rewards",), "clause", document.rewards, "what is given"),
        (("points", "earn"), "clause", points.earn if points else (), "of the event"),
    ):
        if bare := [each for each in keys if each not in names]:
            yield path, _named(kind, bare), instead, f"names: {{{bare[0]}: {{en: …}}}}"


def _named(kind: str, keys: Collection[str]) -> str:
    more = len(keys) - _SHOWN
    listed = _listed([*list(keys)[:_SHOWN], *([f"{more} more"] if more > 0 else [])])
    return f"{kind}{'s' if len(keys) > 1 else ''} {listed}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
