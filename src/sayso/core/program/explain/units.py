"""Points by their name: "50 stars", "1 star".

Owns how points are named in a program; a name that is not known in singular and plural is never inflected.
"""

from sayso.core.program.document import Document
from sayso.core.program.explain.voice import Voice
from sayso.core.program.scalars import words


def points_name(document: Document, voice: Voice) -> str:
    """What the points are called, in the plural."""
    points = document.points
    if points and points.name:
        return words(points.name, voice.language)
    unit = points.unit if points else "points"
    return voice.say(f"units.{unit}") if voice.knows(f"units.{unit}") else unit.replace("_", " ")


def amount_of_points(count: int, document: Document, voice: Voice) -> str:
    """So many points; the name keeps its plural where its singular is not known."""
    name = points_name(document, voice)
    for unit in ("points", "stars", "miles", "coins", "hearts", "beans"):
        if voice.say(f"units.{unit}").casefold() == name.casefold():
            return voice.count(f"unit.{unit}", count)
    return f"{voice.number(count)} {name}"
