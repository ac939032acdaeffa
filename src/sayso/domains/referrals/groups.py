"""Who is in a group of a written program, page by page.

It stands here and not in people, because a group may ask for points, which are the ledger's, and for tiers, which are
this room's: this is the lowest room that sees both. Owns where those two are looked up. It must not change anything.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sayso.core.domain_error import DomainError
from sayso.core.ledger.chart import Kind
from sayso.core.program.calendar import moment_of
from sayso.core.program.changes import Version
from sayso.core.program.filters import Balance, NotOfPeople, Tier, condition_filter, group_filter
from sayso.domains.people.filter import PeopleAsOf, matching_members, meets_filter
from sayso.domains.people.fragments import Sql, sql
from sayso.domains.people.models import Member
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page

_ADVOCATES = "people.advocates"


class NoSuchGroup(DomainError, LookupError):
    """The program has no group of this name."""


class NotRunning(DomainError, LookupError):
    """No version of a program of this name is in force."""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """Somebody in a group: their number, the company's name for them, and where and how they are spoken to."""

    number: int
    ref: str
    country: str
    language: str


def members_in_group(
    *, workspace: Workspace, program: Version, group: str, now: datetime, page: Page
) -> list[GroupMember]:
    """Return the members who are in a group and take part, by their numbers, rising.

    Args:
        workspace: whose members.
        program: the document, which has passed its check, with its conditions; it need not be published.
        group: the group's name in it.
        now: facts are those just before this moment (`workspaces.clock.now_in`).
        page: which of them; the number of a page's last member begins the next one.

    Raises:
        NoSuchGroup: the program has none of this name.
        NotOfPeople: its condition cannot be asked of a set of people.
    """
    if group not in program.document.people.groups:
        known = ", ".join(program.document.people.groups)
        raise NoSuchGroup(f"{program.document.program} has no group {group!r}; it has {known or 'none'}")
    wanted = group_filter(group, program.document, program.conditions)
    numbers = matching_members(wanted, asked_of(workspace, program, now), page, lookup=standing)
    rows = Member.objects.filter(workspace=workspace, id__in=numbers).order_by("id")
    return [GroupMember(*row) for row in rows.values_list("id", "ref", "country", "language")]


def groups_with(
    *, workspace: Workspace, program: Version, groups: Collection[str], member: int, now: datetime
) -> set[str]:
    """Return those of some groups of a program to which a member belongs; the parameters are those above.

    Raises:
        KeyError: the program has no such group.
        NotOfPeople: a condition cannot be asked of a set of people.
    """
    asked = asked_of(workspace, program, now)
    filters = {name: group_filter(name, program.document, program.conditions) for name in groups}
    return {name for name, wanted in filters.items() if meets_filter(wanted, asked, member, lookup=standing)}


def may_recommend(*, workspace: Workspace, program: Version, member: int, now: datetime) -> bool:
    """Whether a member may recommend in a program as things stand; the engine decides it when a friend comes.

    Args:
        workspace: whose member.
        program: the version in force.
        member: their number.
        now: facts are those just before this moment.
    """
    if _ADVOCATES not in program.conditions:
        return True
    try:
        wanted = condition_filter(_ADVOCATES, program.document, program.conditions)
    except NotOfPeople:
        return True
    return meets_filter(wanted, asked_of(workspace, program, now), member, lookup=standing)


def may_recommend_now(workspace: Workspace, program: str, member: int, *, now: datetime) -> bool:
    """Whether a member may recommend in a program by the version in force; none refuses nobody.

    Args:
        workspace: whose member.
        program: its name.
        member: their number.
        now: the time.
    """
    moment = now_in(workspace, now)
    try:
        version = running_version(workspace, program, moment)
    except NotRunning:
        return True
    return may_recommend(workspace=workspace, program=version, member=member, now=moment)


def running_version(workspace: Workspace, program: str, now: datetime) -> Version:
    """Return the version of a program that is in force at a moment.

    Raises:
        NotRunning: there is none.
    """
    found = rulebook_of(head_of(workspace)).in_force(program, moment_of(now), workspace.position + 1)
    if found is None:
        raise NotRunning(f"no version of {program} is in force in {workspace.name}")
    return Version(found.document, {path: rule.condition for path, rule in found.rules.items()})


def asked_of(workspace: Workspace, program: Version, now: datetime) -> PeopleAsOf:
    """Return what a filter of a program is asked of: all members of a workspace, at a moment."""
    currencies = {program.document.currency, *rulebook_of(head_of(workspace)).currencies}
    return PeopleAsOf(workspace.pk, workspace.timezone, moment_of(now), ("", *sorted(currencies)))


def standing(place: Balance | Tier, asked: PeopleAsOf) -> Sql:
    """Return the SQL for the points or the tier of the member `m.id`."""
    if isinstance(place, Balance):
        return sql(
            "COALESCE((SELECT b.balance FROM ledger_balance b WHERE b.owner = m.id AND b.kind = {} AND b.unit = {} "
            "AND b.workspace_id = {}), 0)",
            *(int(Kind.AVAILABLE), place.unit, asked.workspace),
        )
    return sql(
        "(SELECT NULLIF(CASE WHEN p.tier_day < {} THEN p.tier ELSE p.tier_before END, '') "
        "FROM referrals_participation p WHERE p.member = m.id AND p.program = {} AND p.workspace_id = {})",
        *(asked.today, place.program, asked.workspace),
    )
