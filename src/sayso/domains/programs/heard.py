"""Which types of event something is made of in a workspace, and what is said of any other.

Owns both. It must not refuse anything: whoever sends such events may have a program for them tomorrow.
"""

from functools import lru_cache

from sayso.core.engine.events import LEAD, PROGRAM_PUBLISHED, PURCHASE, SIGNUP, WITH_A_MEANING
from sayso.core.program.vocabulary import nearest
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import Head

# Any program may be moved by these without naming them: they open referrals, and say whether a friend is new.
_ALWAYS = frozenset({SIGNUP, LEAD, PURCHASE})
_MOST_TYPES = 1024


def heard_where(spoken_of: frozenset[str]) -> frozenset[str]:
    """Return the types that are heard where programs speak of these; where none is published, of none."""
    return WITH_A_MEANING | spoken_of | (_ALWAYS if spoken_of else frozenset())


def note_on(kind: str, head: Head) -> str:
    """Return what to say of an event of which nothing came; empty where its type is one that is heard.

    Args:
        kind: the type of the event.
        head: under which the event was decided, so that its rulebook is in memory.
    """
    spoken_of = rulebook_of(head).spoken_of
    if kind in heard_where(spoken_of):
        return ""
    if not spoken_of:
        return f"Nothing came of it: no program is published in the workspace {head.name}."
    near = _nearest(kind, spoken_of)
    said = f"Nothing came of it: no program of the workspace {head.name} listens to the type {kind}"
    return f"{said}; the nearest that is heard is {near}." if near else f"{said}."


@lru_cache(_MOST_TYPES)
def _nearest(kind: str, spoken_of: frozenset[str]) -> str | None:
    return nearest(kind, heard_where(spoken_of) - {PROGRAM_PUBLISHED})
