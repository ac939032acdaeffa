"""Why, and why not: what was decided about a member, in words for the staff or for the member.

Owns how an answer is written. Its words are the core's.
"""

from typing import Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from sayso.core.engine.why import Because
from sayso.core.program.calendar import datetime_of
from sayso.core.program.explain.voice import Language
from sayso.domains.decisions.why import Answered, Question, answer_why
from sayso.domains.people.queries import member_called
from sayso.web.api.access import caller_of
from sayso.web.api.members import MemberPath
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, Told, told_id

routes = Routes("Why")


class BecauseOut(Out):
    """The latest word of one clause about the member."""

    program: str
    version: int
    clause: str
    verdict: str | None = Field(description="How it came out; null when nothing happened yet that it listens to.")
    sentences: list[str]
    fact: str
    seen: str
    needed: str
    missing: str = Field(description="What would have changed the answer.")
    event: str | None = Field(description="The event that it was decided on; told to the staff only.")
    occurred_at: Told | None


class WhyOut(Out):
    """Everything that was decided lately, the newest first."""

    member: str
    items: list[BecauseOut]


class WhyWanted(In):
    """What somebody wants to know."""

    clause: Name | None = Field(None, description="Only this part: badges.regular, regular or badges.")
    audience: Literal["staff", "member"] = Field(
        "staff", description="Who reads it; a member is told nothing that is not theirs to know."
    )
    language: Language = Field("en", description="The reader's language.")


@routes.get("/members/{member}/why", gives=WhyOut, fails=(404,))
def get_why(request: HttpRequest, member: MemberPath, wanted: Query[WhyWanted]) -> WhyOut:
    """Say why a member got something, or why not.

    The latest decision of each clause that listened, with what would have changed it.
    """
    workspace = caller_of(request).workspace
    name = member_called(workspace, member).ref
    found = answer_why(workspace, Question(name, wanted.clause, wanted.audience, wanted.language))
    return WhyOut(member=name, items=[_out(each, wanted.audience == "staff") for each in found])


def _out(answered: Answered, is_for_staff: bool) -> BecauseOut:
    words, found = answered.words, answered.found
    heard = found.heard if isinstance(found, Because) and is_for_staff else None
    return BecauseOut(
        program=words.program,
        version=words.version,
        clause=words.path,
        verdict=words.verdict.name.lower() if words.verdict is not None else None,
        sentences=list(words.sentences),
        fact=words.fact,
        seen=words.seen,
        needed=words.needed,
        missing=words.missing,
        event=told_id(PublicId.event, heard.position) if heard else None,
        occurred_at=datetime_of(heard.occurred_at) if heard and heard.occurred_at else None,
    )
