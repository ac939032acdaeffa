"""Referral codes, and what a page that anybody can read may say: who somebody is, and that they want to share.

Owns the routes that a public key opens. None of them pays, and none tells what is known about a member.
"""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.domains.people.identify import Identification, identify_by_page, identify_member
from sayso.domains.people.queries import member_called, merged_numbers, refs_of
from sayso.domains.sharing.give_code import give_code
from sayso.domains.sharing.models import Code
from sayso.domains.sharing.queries import code_named, codes_of
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.repeats import bound_to_its_key
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, told_id

routes = Routes("Sharing")

CodePath = Annotated[str, Path(max_length=200, description="The code; large or small letters do not matter.")]


class CodeOut(Out):
    """A code with which a member recommends."""

    code: str = Field(examples=["ada-10"])
    member: str = Field(description="Your name for who recommends with it.", examples=["ada"])
    program: str | None = Field(description="Where it holds; null for every program.")


class CodesOut(Out):
    """The codes of one member."""

    items: list[CodeOut]


class CodesWanted(In):
    """Whose codes are wanted."""

    member: Name = Field(description="Your name for the member, or their id.")


class CodeIn(In):
    """Who wants to recommend."""

    member: Name = Field(examples=["ada"])


class IdentificationIn(In):
    """Who somebody says they are."""

    member: Name = Field(description="Your name for them.", examples=["ben"])
    email: Name | None = Field(None, examples=["ben@example.com"])
    phone: Name | None = Field(None, examples=["+34 600 000 000"])
    language: Name | None = Field(None, max_length=35, description="BCP 47", examples=["es"])
    country: Name | None = Field(None, min_length=2, max_length=2, description="ISO 3166", examples=["ES"])


class IdentifiedOut(Out):
    """Somebody who is known now; whether they were known before is not told."""

    id: str
    member: str


@routes.get("/codes", gives=CodesOut, fails=(404,))
def get_codes(request: HttpRequest, wanted: Query[CodesWanted]) -> CodesOut:
    """List the codes of a member."""
    caller = caller_of(request)
    found = member_called(caller.workspace, wanted.member)
    rows = codes_of(caller.workspace, merged_numbers(caller.workspace, found.id))
    return CodesOut(items=[_out(caller, row) for row in rows])


@routes.get("/codes/{code}", gives=CodeOut, fails=(404,))
def get_code(request: HttpRequest, code: CodePath) -> CodeOut:
    """Show who recommends with a code."""
    caller = caller_of(request)
    return _out(caller, code_named(caller.workspace, code))


@routes.post("/codes", gives=CodeOut, scope=("members", "share"), fails=(404,))
def post_code(request: HttpRequest, body: CodeIn) -> CodeOut:
    """Give a member a code to recommend with; who has one keeps it.

    A public key may do this, by your own name for the member and not by an id.
    """
    caller = caller_of(request)
    bound_to_its_key(request)
    who = caller.member(body.member).ref
    code = _out(caller, give_code(workspace=caller.workspace, member=who, actor=caller.actor(), now=caller.now))
    return code.model_copy(update={"member": caller.name_told(body.member, code.member)})


@routes.post("/identifications", gives=IdentifiedOut, scope=("members", "identify"), fails=(404,))
def post_identification(request: HttpRequest, body: IdentificationIn) -> IdentifiedOut:
    """Make somebody known.

    A public key may do this, without `email` and `phone`: by those a member signs in, so whose they are is your
    server's to say. Nor may it name somebody by an id. Of somebody who is known already nothing changes.
    """
    caller = caller_of(request)
    bound_to_its_key(request)
    who = Identification(**body.model_dump())
    identify = identify_by_page if caller.key.is_public else identify_member
    found = identify(workspace=caller.workspace, who=who, actor=caller.actor(), now=caller.now)
    return IdentifiedOut(id=told_id(PublicId.member, found.id) or "", member=caller.name_told(body.member, found.ref))


def _out(caller: Caller, row: Code) -> CodeOut:
    name = refs_of(caller.workspace, [row.member]).get(row.member, "")
    return CodeOut(code=row.code, member=name, program=row.program or None)
