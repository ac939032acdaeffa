"""Where a reason stands: what kind of clause, whom it is about, what it listens to, and what it gives, in words.

Owns the reading of a clause's path. It must not judge, nor say why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why.phrases import PHRASES
from sayso.core.program.document import Document
from sayso.core.program.explain.called import clause_called, earning_called, step_called
from sayso.core.program.explain.gifts import badge_in_words
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import points_name
from sayso.core.program.explain.voice import Language, voice_of

Kind = Literal["reward", "grant", "earn", "badge", "referral", "step", "points", "other"]


@dataclass(frozen=True, slots=True)
class Place:
    """One clause by its path, `rewards.thanks`.

    Attributes:
        subject: the role of the member whom it is about: member, friend or advocate.
    """

    path: str
    kind: Kind
    name: str
    subject: str


# The kind of clause, and whom it is about, by the part of the path before its name.
_KINDS: dict[str, tuple[Kind, str]] = {
    "rewards": ("reward", "member"),
    "staff_grants": ("grant", "member"),
    "points.earn": ("earn", "member"),
    "badges": ("badge", "member"),
    "referral.steps": ("step", "friend"),
    "points": ("points", "member"),
    "referral": ("referral", "friend"),
    "guard": ("referral", "friend"),
    "people": ("referral", "friend"),
}


def place_of(path: str, document: Document | None) -> Place:
    """Read a path; paths of the workspace itself, `refund`, are of the kind other."""
    head, _, name = path.rpartition(".")
    kind, subject = _KINDS.get(head or path, ("other", "member"))
    if path == "rewards.staff":
        kind = "grant"
    elif kind == "reward" and document and name in document.rewards:
        subject = document.rewards[name].to
    elif path == "people.advocates":
        subject = "advocate"
    return Place(path, kind, name, subject)


def what_in_words(place: Place, document: Document | None, language: Language) -> str:
    """What a clause gives: "the reward “€10 credit”", "stars for “shopping”", "the “Regular” badge"."""
    voice, phrases = voice_of(language), PHRASES[language]
    if place.kind == "grant":
        return phrases["what.grant"]
    if document is None:
        return phrases["what.reward"].format(name=voice.named(place.name))
    reader = Reader(voice, document)
    if place.kind in ("referral", "step"):
        return phrases[f"what.{place.kind}"].format(name=step_called(place.name, reader))
    if place.kind == "badge":
        return badge_in_words(place.name, reader)
    if place.kind == "earn":
        return phrases["what.earn"].format(unit=points_name(document, voice), name=earning_called(place.name, reader))
    return phrases["what.reward"].format(name=clause_called(place.name, reader))


@dataclass(frozen=True, slots=True)
class Listening:
    """What a clause waits for: an event of the member, or of a friend they recommended.

    Attributes:
        step: the step of the referral at which the clause stands; empty for none.
    """

    event: str
    by_friend: bool = False
    step: str = ""


def listening(program: CompiledProgram, path: str) -> Listening | None:
    """What the clause at a path listens to; None where it is not moved by one type of event."""
    document, place = program.document, place_of(path, program.document)
    rules = document.referral
    if place.kind == "step" and rules and place.name in rules.steps:
        return Listening(rules.steps[place.name].on, step=place.name)
    if place.kind == "reward" and place.name in document.rewards:
        clause = document.rewards[place.name]
        if clause.at and rules and clause.at in rules.steps:
            return Listening(rules.steps[clause.at].on, clause.to == "advocate", clause.at)
        return Listening(clause.on or "")
    if place.kind == "earn" and document.points and place.name in document.points.earn:
        return Listening(document.points.earn[place.name].on)
    if place.kind == "badge" and place.name in document.badges:
        return Listening(document.badges[place.name].on)
    if path == "referral" and rules:
        return Listening(next(iter(rules.steps.values())).on)
    return None


def paths(program: CompiledProgram) -> Iterator[str]:
    """Every path at which a reason may stand, in document order."""
    document = program.document
    if document.referral:
        yield from ("people.advocates", "people.friends", "referral")
        yield from (f"referral.steps.{name}" for name in document.referral.steps)
    yield from (f"rewards.{name}" for name in document.rewards)
    if document.points:
        yield from (f"points.earn.{name}" for name in document.points.earn)
    if document.tiers:
        yield "tiers"
    yield from (f"badges.{name}" for name in document.badges)
    if document.budget:
        yield "budget"
    if document.staff_grants:
        yield "staff_grants"
