"""What programs and clauses are called for the staff: as the document calls them, in the reader's language.

Owns that nobody reads a document's keys where it gives names. It must not read anything from a store.
"""

from __future__ import annotations

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why.clauses import place_of, what_in_words
from sayso.core.program.explain.called import clause_heading
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.scalars import words


def program_in_words(program: CompiledProgram, language: Language) -> str:
    """Return the title of a version."""
    return words(program.document.title, language)


def reward_clause_in_words(program: CompiledProgram, clause: str, language: Language) -> str:
    """Return a clause of `rewards` by its name, else by what it gives; a reward of the team's own is called that."""
    place = place_of(f"rewards.{clause}", program.document)
    if place.kind == "grant":
        return what_in_words(place, program.document, language)
    return clause_heading(clause, Reader(voice_of(language), program.document))
