"""Reading referral codes."""

from collections.abc import Collection

from sayso.domains.sharing.models import Code
from sayso.domains.workspaces.models import Workspace


def known_codes(workspace: Workspace, codes: Collection[str]) -> set[str]:
    """Return those of some codes, folded to one case, with which somebody recommends."""
    return set(Code.objects.filter(code__in=codes, workspace=workspace).values_list("code", flat=True))
