"""Reading referral codes, links and invitations."""

from collections.abc import Collection, Sequence

from sayso.core.domain_error import DomainError
from sayso.domains.sharing.models import Code, Invitation, Link
from sayso.domains.workspaces.models import Workspace


def known_codes(workspace: Workspace, codes: Collection[str]) -> set[str]:
    """Return those of some codes, folded to one case, with which somebody recommends."""
    return set(Code.objects.filter(code__in=codes, workspace=workspace).values_list("code", flat=True))


class NoSuchCode(DomainError, LookupError):
    """Nobody recommends with that code."""


def code_named(workspace: Workspace, code: str) -> Code:
    """Return a referral code; how it is written, large or small, does not matter.

    Raises:
        NoSuchCode: nobody recommends with it.
    """
    found = Code.objects.filter(code=code.casefold(), workspace=workspace).first()
    if found is None:
        raise NoSuchCode(f"nobody recommends with {code!r}")
    return found


def codes_of(workspace: Workspace, members: Collection[int]) -> Sequence[Code]:
    """Return the codes with which some members recommend, in the order of the alphabet."""
    return list(Code.objects.filter(member__in=members, workspace=workspace).order_by("code"))


def invitations_of(workspace: Workspace, members: Collection[int], *, limit: int = 100) -> Sequence[Invitation]:
    """Return the latest invitations that some members sent, the newest first."""
    found = Invitation.objects.filter(advocate__in=members, workspace=workspace)
    return list(found.order_by("-id")[:limit])


def link_of(workspace: Workspace, slug: str) -> Link | None:
    """Return the link of this name; how it is written, large or small, does not matter."""
    return Link.objects.filter(slug=slug.casefold(), workspace=workspace).first()
