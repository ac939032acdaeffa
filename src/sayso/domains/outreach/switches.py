"""Which mails a workspace sends: each kind is off until it is turned on.

Owns the switches. A lead's first word goes to somebody who asked for nothing, so it is turned on country by country
(TRUST, Privacy and law). It must not send anything.
"""

import re
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sayso.core.domain_error import DomainError
from sayso.domains.jobs.relay import listen
from sayso.domains.outreach.models import TURNED_ON, MailKind, MailSwitch
from sayso.domains.outreach.site_links import page_url
from sayso.domains.workspaces.models import Workspace

_COUNTRY = re.compile(r"[A-Z]{2}")


class MailNotSendable(DomainError, ValueError):
    """Mails of this kind cannot be sent from here, or not so."""


def set_mail(*, workspace: Workspace, kind: str, on: bool, now: datetime, countries: Collection[str] = ()) -> None:
    """Turn mails of one kind on or off.

    Args:
        workspace: whose.
        kind: one of `models.TURNED_ON`.
        on: else off, in every country.
        now: the time, by the calendar.
        countries: ISO 3166 codes: only to people there. Those for `lead` are always named.

    Raises:
        MailNotSendable: there is no such kind or country, or those who get such mails could not stop them.
    """
    wanted = _checked(workspace, kind, on, countries)
    with transaction.atomic():
        MailSwitch.objects.filter(kind=kind, workspace=workspace).delete()
        if on:
            switches = (MailSwitch(kind=kind, country=each, workspace=workspace, made_at=now) for each in wanted)
            MailSwitch.objects.bulk_create(switches)
    listen(workspace.pk)


def switches_of(workspace: Workspace) -> dict[str, list[str]]:
    """Return the kinds of mail that a workspace sends, each with the countries to which; `""` is everywhere."""
    found: dict[str, list[str]] = {}
    for kind, country in (
        MailSwitch.objects.filter(workspace=workspace).order_by("country").values_list("kind", "country")
    ):
        found.setdefault(kind, []).append(country)
    return {kind: found[kind] for kind in TURNED_ON if kind in found}


def is_on(workspace: int, kind: str, *, country: str) -> bool:
    """Say whether a workspace sends mails of a kind to people in a country; `""` is one that is not known."""
    return MailSwitch.objects.filter(kind=kind, country__in={"", country.upper()}, workspace=workspace).exists()


def _checked(workspace: Workspace, kind: str, on: bool, countries: Collection[str]) -> list[str]:
    if kind not in TURNED_ON:
        raise MailNotSendable(f"there is no kind of mail {kind!r} to turn on; there are {', '.join(TURNED_ON)}")
    wanted = sorted({each.strip().upper() for each in countries})
    wrong = next((each for each in wanted if not _COUNTRY.fullmatch(each)), None)
    if wrong is not None:
        raise MailNotSendable(f"{wrong!r} is no country; write two letters, ES")
    if on and kind == MailKind.LEAD and not wanted:
        raise MailNotSendable("mails to leads are turned on country by country; say which")
    if on and not page_url(workspace, "/"):
        raise MailNotSendable(
            "nobody could stop such mails: set SAYSO_PUBLIC_URL, or give the site a host with `sayso brand host`"
        )
    return wanted or [""]
