"""Why, and why not: what was decided about a member, clause by clause, in words for whoever asks.

Owns the joining of the stored reasons with the versions that gave them. The words are the core's.
"""

from dataclasses import dataclass
from functools import partial

from sayso.core.engine.why import Audience, Because, Explained, Silence, tell
from sayso.core.engine.why import why as latest_reasons
from sayso.core.program.explain.voice import Language
from sayso.domains.decisions.history import heard_about
from sayso.domains.people.consents import SHARED, consenting
from sayso.domains.people.names import first_names
from sayso.domains.people.queries import member_named, member_now, merged_numbers, refs_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.referrals.queries import turned_away_from
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: what was found, and the same in words."""

    found: Because | Silence
    words: Explained


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know.

    Attributes:
        member: the company's name for whom it is about.
        clause: a path (`badges.regular`), its end or its beginning; None for every clause.
        audience: `member` is told nothing that is not theirs to know.
    """

    member: str
    clause: str | None
    audience: Audience
    language: Language


def answer_why(workspace: Workspace, question: Question) -> list[Answered]:
    """Return the latest reasons about a member, the newest first.

    Raises:
        NoSuchMember: the workspace knows nobody of this name.
        UnknownClause: no version of any program has the clause.
    """
    member = member_named(workspace, question.member).id
    rulebook = rulebook_of(head_of(workspace))
    found = latest_reasons(
        heard_about(workspace, member),
        rulebook,
        member=member,
        clause=question.clause,
        turned_away=turned_away_from(workspace, merged_numbers(workspace, member)),
    )

    name = partial(_name_for_member if question.audience == "member" else _name_for_staff, workspace)
    return [
        Answered(each, tell(each, language=question.language, audience=question.audience, names=name)) for each in found
    ]


def _name_for_staff(workspace: Workspace, number: int) -> str:
    return refs_of(workspace, [number]).get(number, str(number))


def _name_for_member(workspace: Workspace, number: int) -> str:
    """The first name of a friend who lets whoever recommended them see how it goes; empty for everybody else."""
    friend = member_now(workspace, number).id
    return first_names(workspace, consenting(workspace, [friend], SHARED)).get(friend, "")
