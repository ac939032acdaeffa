"""Forgetting erased people in what was sent to them: numbers stay, marks of their addresses go.

That a mailbox wants no mails is kept for good, since forgetting it would let mails begin again.
"""

from collections.abc import Collection

from sayso.domains.outreach.models import Mail, MailKind, SignInCode, SignInTry


def forget_mails(workspace: int, gone: Collection[int]) -> None:
    """Wipe by what the addresses of erased people could be recognised, while those are still there.

    Args:
        workspace: the number of their workspace.
        gone: their numbers.
    """
    codes = SignInCode.objects.filter(workspace=workspace, member__in=gone)
    SignInTry.objects.filter(workspace=workspace, account__in=list(codes.values_list("account", flat=True))).delete()
    codes.delete()
    # By its mark whoever was handed in again is known not to be written to twice.
    Mail.objects.filter(workspace=workspace, member__in=gone).exclude(kind=MailKind.LEAD).update(mark=b"")
