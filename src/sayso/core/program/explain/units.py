"""Points by their name: "50 stars", "1 star".

Owns how points are named in a program; a name that is not known in singular and plural is never inflected.
"""

from sayso.core.program.document import Document
from sayso.core.program.explain.voice import Voice, voice_of
from sayso.core.program.scalars import in_language


def points_name(document: Document, voice: Voice) -> str:
    """What the points are called, in the plural."""
    named = _named(document, voice)
    if named:
        return named if isinstance(named, str) else named["other"]
    unit = document.points.unit if document.points else "points"
    return voice.say(f"units.{unit}") if voice.knows(f"units.{unit}") else unit.replace("_", " ")


def knows_unit(unit: str) -> bool:
    """Whether we have words of ours for points of this name."""
    return voice_of("en").knows(f"units.{unit}")


def amount_of_points(count: int, document: Document, voice: Voice) -> str:
    """So many points; where the singular of their name is not known, one of them is a point."""
    named = _named(document, voice)
    if isinstance(named, dict):
        return f"{voice.number(count)} {voice.form(count, named)}"
    name = points_name(document, voice)
    for unit in ("points", "stars", "miles", "coins", "hearts", "beans"):
        if voice.say(f"units.{unit}").casefold() == name.casefold():
            return voice.count(f"unit.{unit}", count)
    return voice.count("unit.points", 1) if count == 1 else f"{voice.number(count)} {name}"


def _named(document: Document, voice: Voice) -> str | dict[str, str] | None:
    points = document.points
    found: str | dict[str, str] | None = in_language(points.name, voice.language) if points and points.name else None
    return found
