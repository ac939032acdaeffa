"""Reading referrals and participations."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from sayso.core.domain_error import DomainError
from sayso.core.program.review import read_published
from sayso.domains.people.models import Member
from sayso.domains.programs.queries import running_texts
from sayso.domains.referrals.models import Participation, Referral
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page


def referrals_of(workspace: Workspace, members: Collection[int]) -> "QuerySet[Referral]":
    """Return the referrals in which one of the members is advocate or friend, oldest first."""
    either = Q(advocate__in=members) | Q(friend__in=members)
    return Referral.objects.filter(either, workspace=workspace).order_by("id")


def participations_of(workspace: Workspace, members: Collection[int]) -> "QuerySet[Participation]":
    """Return what the members are in each program."""
    return Participation.objects.filter(member__in=members, workspace=workspace).order_by("program")


def turned_away_from(workspace: Workspace, members: Collection[int]) -> set[int]:
    """Return the positions of the latest events that named one of the members as advocate and opened no referral."""
    found = participations_of(workspace, members).exclude(turned_away="[]")
    return {position for text in found.values_list("turned_away", flat=True) for position in json.loads(text)}


def referrals_by_status(workspace: Workspace, program: str) -> dict[str, int]:
    """Return how many referrals of a program have each status."""
    found = Referral.objects.filter(workspace=workspace, program=program).values_list("status")
    return dict(found.annotate(count=Count("id")).order_by("status"))


def levels_of(workspace: Workspace) -> dict[str, list[str]]:
    """Return the levels of each program that has tiers, the lowest first, by the program's name."""
    documents = (read_published(text).document for text in running_texts(workspace))
    return {each.program: list(each.tiers.levels) for each in documents if each and each.tiers}


def tiers_shown(workspace: Workspace, program: str) -> dict[str, str]:
    """Return every member's tier in a program, by the company's names for them; empty when it has no tiers.

    Who never rose is shown the lowest tier. A member who was merged is counted as whom they became.
    """
    levels = levels_of(workspace).get(program)
    if levels is None:
        return {}
    participations = Participation.objects.filter(workspace=workspace, program=program).exclude(tier="")
    risen = dict(participations.values_list("member", "tier"))
    members = Member.objects.filter(workspace=workspace).exclude(status="merged").order_by("ref")
    return {ref: risen.get(number, levels[0]) for number, ref in members.values_list("id", "ref")}


def badges_given(workspace: Workspace, program: str) -> Counter[str]:
    """Return how many members have each badge of a program."""
    participations = Participation.objects.filter(workspace=workspace, program=program).exclude(badges="[]")
    return Counter(name for badges in participations.values_list("badges", flat=True) for name in json.loads(badges))


class NoSuchReferral(DomainError, LookupError):
    """The workspace has no referral of this number."""


@dataclass(frozen=True, slots=True)
class ReferralsWanted:
    """Which referrals are wanted; what is None is not asked.

    Attributes:
        members: numbers under which the history of an advocate or a friend stands.
    """

    program: str | None = None
    status: str | None = None
    members: Collection[int] | None = None


def referral_numbered(workspace: Workspace, number: int) -> Referral:
    """Return the referral with this number.

    Raises:
        NoSuchReferral: there is none.
    """
    found = Referral.objects.filter(id=number, workspace=workspace).first()
    if found is None:
        raise NoSuchReferral(f"there is no such referral in {workspace.name}")
    return found


def list_referrals(workspace: Workspace, wanted: ReferralsWanted, page: Page) -> Sequence[Referral]:
    """Return referrals by their numbers, rising: in the order in which they were opened."""
    found = Referral.objects.filter(workspace=workspace, id__gt=page.after)
    if wanted.program is not None:
        found = found.filter(program=wanted.program)
    if wanted.status is not None:
        found = found.filter(status=wanted.status)
    if wanted.members is not None:
        found = found.filter(Q(advocate__in=wanted.members) | Q(friend__in=wanted.members))
    return list(found.order_by("id")[: page.limit])
