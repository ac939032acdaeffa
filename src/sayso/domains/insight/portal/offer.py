"""What a member can recommend, what it brings, and the links and words with which they pass it on.

Owns whether they may recommend at all, and the offer in their language. A link is `sharing`'s, its words are the
document's. It must not send anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.changes import Version
from sayso.core.program.document import Document
from sayso.core.program.explain.people import who_in_words
from sayso.core.program.explain.recommending import Offered, offers_in_words
from sayso.core.program.explain.terms import Reader
from sayso.core.program.scalars import words
from sayso.domains.insight.portal.me import Me
from sayso.domains.programs.queries import is_paused, program_named
from sayso.domains.referrals.groups import groups_with, may_recommend
from sayso.domains.referrals.lead import takes_leads
from sayso.domains.sharing.links import links_for


@dataclass(frozen=True, slots=True)
class Recommending:
    """A program in which friends are recommended, as a member sees it.

    Attributes:
        version: that is in force, whose terms hold.
        offers: what it brings to both sides.
        friend_gets, advocate_gets: the first of it that is certain, in short; empty where that cannot be said so.
        friend_condition, advocate_condition: what is asked of whoever uses that; empty where nothing is.
        friend_chooses, advocate_chooses: of what, where it is a choice: what kind of thing each is, how much, and what
            is asked of whoever uses it.
        brief: when the first reward of the member comes, in a sentence or two; empty where there is none.
        condition: who may recommend, in a sentence, where this member may not now; else empty.
        rests: it takes no new friends at the moment.
        message: the words that the document proposes, with `{link}`; empty where it has none.
        channels: in which the link may be passed on, in order.
        takes_leads: a step of it is a contact that the member hands in.
    """

    program: str
    title: str
    version: int
    offers: tuple[Offered, ...]
    friend_gets: str
    advocate_gets: str
    friend_condition: str
    advocate_condition: str
    friend_chooses: tuple[tuple[str, str, str], ...]
    advocate_chooses: tuple[tuple[str, str, str], ...]
    brief: str
    condition: str
    rests: bool
    message: str
    channels: tuple[str, ...]
    takes_leads: bool


def recommending(me: Me) -> list[Recommending]:
    """Return the programs in which friends are recommended, by the program's name."""
    return [_recommending(me, each) for each in me.programs if each.document.referral]


def slugs_for(me: Me, offer: Recommending) -> dict[str, str]:
    """Return the link of each channel, by channel; those that are asked for the first time are made.

    Args:
        me: whose links.
        offer: in which program.

    Raises:
        MayNotShare: the member was barred.
    """
    links = links_for(
        workspace=me.workspace, program=offer.program, member=me.member, channels=offer.channels, now=me.now
    )
    return {channel: link.slug for channel, link in links.items()}


def _recommending(me: Me, program: CompiledProgram) -> Recommending:
    document = program.document
    version = Version(document, {path: rule.condition for path, rule in program.rules.items()})
    offers = offers_in_words(document, version.conditions, language=me.language, groups=_groups(me, version))
    may = may_recommend(workspace=me.workspace, program=version, member=me.member.id, now=me.now)
    condition = version.conditions.get("people.advocates")
    who = Reader(me.voice, document, "advocate", is_outside=True)
    friends, own = (_first(offers, to) for to in ("friend", "advocate"))
    return Recommending(
        program=program.name,
        title=me.title(program),
        version=program.version,
        offers=tuple(offers),
        friend_gets=friends.short if friends else "",
        advocate_gets=own.short if own else "",
        friend_condition=friends.condition if friends else "",
        advocate_condition=own.condition if own else "",
        friend_chooses=friends.options if friends else (),
        advocate_chooses=own.options if own else (),
        brief=next((each.brief for each in offers if each.to == "advocate" and not each.counted), ""),
        condition="" if may else who_in_words("advocates", condition, who),
        rests=_rests(me, document),
        message=words(document.sharing.message, me.language) if document.sharing.message else "",
        channels=tuple(document.sharing.channels),
        takes_leads=takes_leads(document),
    )


def _groups(me: Me, version: Version) -> set[str]:
    """To which of the groups that rewards are for the member belongs."""
    named = {clause.for_ for clause in version.document.rewards.values() if clause.for_}
    return groups_with(workspace=me.workspace, program=version, groups=named, member=me.member.id, now=me.now)


def _first(offers: Sequence[Offered], to: str) -> Offered | None:
    """The first reward for one side that is certain and can be said in short."""
    mine = (each for each in offers if each.to == to and each.certain)
    return next((each for each in mine if each.short or each.options), None)


def _rests(me: Me, document: Document) -> bool:
    """Whether the program takes no new friends today: it is paused, or outside the days on which it runs."""
    today, runs = me.now.astimezone(me.workspace.zone).date(), document.runs
    outside = bool((runs.from_ and today < runs.from_) or (runs.until and today > runs.until))
    return outside or is_paused(me.workspace, program_named(me.workspace, document.program))
