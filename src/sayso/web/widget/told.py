"""What a company's pages may tell and ask: who somebody is, their code, what to share, and what they did.

Owns these five routes. None of them can pay, and none tells what is known about a member.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import Field

from sayso.domains.insight.portal.me import look
from sayso.domains.insight.portal.offer import Recommending, recommending
from sayso.domains.people.identify import Identification, identify_by_page
from sayso.domains.people.queries import member_called
from sayso.domains.sharing.give_code import give_code
from sayso.domains.sharing.note_share import note_share
from sayso.domains.sharing.track import LONGEST_NAME, MOST_DETAILS, Seen
from sayso.domains.sharing.track import track as keep
from sayso.web.problems import Refusal, Refused, not_here
from sayso.web.share_sheet import sheet_for
from sayso.web.widget.their_pages import Said, Told, told_by_pages
from sayso.web.widget.words import button_words


class Identified(Said):
    """Who somebody is."""

    email: str | None = None
    phone: str | None = None
    language: str | None = Field(None, max_length=35)
    country: str | None = Field(None, min_length=2, max_length=2)


class Did(Said):
    """What somebody did."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    details: dict[str, str] = Field({}, max_length=MOST_DETAILS)


class Shares(Said):
    """What somebody wants to share.

    Attributes:
        program: which one; without it the first in which members recommend.
    """

    program: str = ""
    language: Literal["en", "es", "it", "nl"] = "en"


@told_by_pages("identify", Identified)
def identify(told: Told, said: Identified) -> dict[str, Any]:
    """Make somebody known; of somebody who is known nothing changes."""
    if not told.vouched:
        who = Identification(**said.model_dump())
        identify_by_page(workspace=told.site.workspace, who=who, actor=told.actor, now=told.now)
    return {"member": told.member}


@told_by_pages("share", Said)
def code(told: Told, said: Said) -> dict[str, Any]:
    """Answer with the code with which somebody recommends."""
    made = give_code(workspace=told.site.workspace, member=told.member, actor=told.actor, now=told.now)
    return {"member": told.member, "code": made.code}


@told_by_pages("identify", Did)
def track(told: Told, said: Did) -> dict[str, Any]:
    """Keep what somebody did; nothing comes of it."""
    seen = Seen(told.member, said.name, said.details)
    keep(workspace=told.site.workspace, seen=seen, actor=told.actor, now=told.now)
    return {}


@told_by_pages("share", Shares)
def share(told: Told, said: Shares) -> dict[str, Any]:
    """Answer with what somebody passes on, and through which channels."""
    workspace = told.site.workspace
    me = look(workspace, member_called(workspace, told.member), language=said.language, now=told.now)
    offer = _offered(told, recommending(me), said.program)
    sheet = sheet_for(told.site, me, offer)
    return {
        "title": sheet.title,
        "message": sheet.message.text(sheet.link),
        "link": sheet.link,
        "ways": [
            {"channel": each.channel, "name": each.name, "link": each.link, "address": each.address}
            for each in sheet.ways
        ],
        "words": button_words(said.language),
    }


class PassedOn(Said):
    """Through which channel somebody passed their link on.

    Attributes:
        program: which one; without it the first in which members recommend.
    """

    program: str = ""
    channel: str = Field(min_length=1, max_length=LONGEST_NAME)


@told_by_pages("share", PassedOn)
def shared(told: Told, said: PassedOn) -> dict[str, Any]:
    """Note that somebody passed their link on."""
    workspace = told.site.workspace
    member = member_called(workspace, told.member)
    program = (
        said.program or _offered(told, recommending(look(workspace, member, language="en", now=told.now)), "").program
    )
    note_share(workspace=workspace, member=member, program=program, channel=said.channel, now=told.now)
    return {}


def _offered(told: Told, offers: Sequence[Recommending], program: str) -> Recommending:
    """The program of this name, or the first.

    Raises:
        Refused: there is none, or it cannot be shared now.
    """
    found = next((each for each in offers if program in ("", each.program)), None)
    if found is None or found.rests:
        raise Refused(not_here("No program of this name is running in which members recommend."))
    # A page that anybody can read learns of nobody whether they meet a condition.
    if told.vouched and found.condition:
        raise Refused(Refusal(HTTPStatus.CONFLICT, "may-not-share", "This member may not recommend.", found.condition))
    return found
