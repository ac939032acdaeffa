"""Signing in by a code that comes by mail.

Owns the codes and how often one may ask for them and try them (TRUST, Security). A code is not stored in any form: it
is the row's number under the installation's secret key, worked out when it is sent and when it is tried. Whatever
address is given, the same is written and the same is answered. It must not open a session.
"""

import hmac
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from sayso.core.domain_error import DomainError
from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.marks import address_in, mark_of_client, mark_of_mailbox
from sayso.domains.outreach.models import MailKind, SignInCode, SignInTry
from sayso.domains.people.models import Identity, Member
from sayso.domains.sharing.letters import LETTERS
from sayso.domains.workspaces.models import Workspace

Rows = QuerySet[SignInCode] | QuerySet[SignInTry]

GOOD_FOR = timedelta(minutes=10)
_LENGTH = 8  # of letters with almost five bits each: 39 bits for ten minutes
_NUMBER_BITS = 62
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_PER_MINUTE, _PER_HOUR = 5, 100
# Nobody's mailbox is filled by others who ask for codes from everywhere.
_MAILS_PER_HOUR = 30


class TooManyTries(DomainError):
    """So many codes were asked for, or tried, that the next one has to wait.

    Attributes:
        seconds: how long.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many tries; wait {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who tries to sign in, by marks."""

    workspace: Workspace
    account: bytes
    client: bytes


def send_sign_in_code(*, workspace: Workspace, email: str, now: datetime, client: str = "") -> None:
    """Have a code sent to an address, if it is a member's; nobody can tell from this whether it is.

    Args:
        workspace: whose member.
        email: as it was typed.
        now: the time, by the calendar.
        client: the network address that asks, where it is known.

    Raises:
        TooManyTries: as it says; for addresses of nobody too.
    """
    asker = _asker(workspace, email, client)
    made = SignInCode.objects.filter(workspace=workspace)
    _spare(asker, made, now, per_account_hourly=_MAILS_PER_HOUR)
    member = _owner(workspace, address_in(email))
    with transaction.atomic():
        code = SignInCode.objects.create(
            number=secrets.randbits(_NUMBER_BITS),
            workspace=workspace,
            account=asker.account,
            client=asker.client,
            member=member,
            made_at=now,
            ends_at=now + GOOD_FOR,
        )
        enqueue_mail(workspace.pk, MailToSend(MailKind.SIGN_IN, code.number, member), now=now)


def check_sign_in_code(*, workspace: Workspace, email: str, code: str, now: datetime, client: str = "") -> int | None:
    """Use a code up; the number of the member whose it is, None for a code that is wrong, used or too old.

    Args:
        workspace: whose member.
        email: to which the code was sent, as it was typed.
        code: as it was typed; capitals, spaces and dashes make no difference.
        now: the time, by the calendar.
        client: the network address that tries, where it is known.

    Raises:
        TooManyTries: as it says; even a right code waits then.
    """
    asker = _asker(workspace, email, client)
    _note_try(asker, now)
    typed = "".join(code.split()).replace("-", "").casefold()
    good = SignInCode.objects.filter(account=asker.account, workspace=workspace, ends_at__gt=now, used_at=0)
    right = [each for each in good.order_by("made_at") if hmac.compare_digest(code_of(each).encode(), typed.encode())]
    if not right:
        return None
    used = SignInCode.objects.filter(pk=right[0].pk, used_at=0).update(used_at=now)
    # The address may have been erased, or the member merged into another, since the code was sent.
    member = _owner(workspace, address_in(email))
    return member if used and member else None


def code_of(row: SignInCode) -> str:
    """Return the code that a row stands for, in small letters."""
    digest = salted_hmac("sayso.outreach.sign_in", f"{row.workspace_id}:{row.number}", algorithm="sha256").digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def _asker(workspace: Workspace, email: str, client: str) -> _Asker:
    address = address_in(email) or email.strip().casefold()
    return _Asker(workspace, mark_of_mailbox(workspace.pk, address), mark_of_client(workspace.pk, client))


def _owner(workspace: Workspace, address: str) -> int:
    """The number of the member whose address it is; 0 for nobody's.

    It is one question, whoever's it is: how long an answer takes tells nothing either.
    """
    owners = Identity.objects.filter(value=address, kind="email", workspace=workspace).values("member")
    found = Member.objects.filter(id__in=owners, workspace=workspace, status__in=("active", "banned"))
    return found.values_list("id", flat=True).first() or 0


# --- how often --------------------------------------------------------------------------------------------------------


def _note_try(asker: _Asker, now: datetime) -> None:
    """Count a try before it is looked at, so that many at once are not each taken for the first."""
    tries = SignInTry.objects.filter(workspace=asker.workspace)
    noted = SignInTry.objects.create(
        number=secrets.randbits(_NUMBER_BITS),
        workspace=asker.workspace,
        account=asker.account,
        client=asker.client,
        made_at=now,
    )
    try:
        _spare(asker, tries.exclude(pk=noted.pk), now)
    except TooManyTries:
        SignInTry.objects.filter(pk=noted.pk).delete()
        raise


def _spare(asker: _Asker, rows: Rows, now: datetime, *, per_account_hourly: int = 0) -> None:
    mine = rows.filter(account=asker.account)
    bounds = [(mine.filter(client=asker.client), _MINUTE, _PER_MINUTE)]
    if asker.client:
        bounds.append((rows.filter(client=asker.client), _HOUR, _PER_HOUR))
    if per_account_hourly:
        bounds.append((mine, _HOUR, per_account_hourly))
    waits = [_wait(found.filter(made_at__gt=now - span), span, most, now) for found, span, most in bounds]
    if (wait := max(waits)) > timedelta():
        raise TooManyTries(math.ceil(wait.total_seconds()))


def _wait(rows: Rows, span: timedelta, most: int, now: datetime) -> timedelta:
    latest: Sequence[datetime | None] = list(rows.order_by("-made_at").values_list("made_at", flat=True)[:most])
    oldest = latest[-1] if len(latest) == most else None
    return oldest + span - now if oldest else timedelta()
