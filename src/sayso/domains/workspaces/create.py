"""Creating workspaces, and moving the days of one in which nothing happened yet."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from sayso.core.domain_error import DomainError
from sayso.domains.workspaces.models import Workspace

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


class NameNotUsable(DomainError, ValueError):
    """A workspace's name is made of small letters, digits and hyphens, and begins with a letter."""


class NameTaken(DomainError, ValueError):
    """There is a workspace of this name already."""


class UnknownTimeZone(DomainError, ValueError):
    """The time zone is not in the IANA database."""


class ZoneInUse(DomainError, ValueError):
    """Things happened in the workspace, on days that its time zone parts."""


def create_workspace(*, name: str, timezone: str, is_test: bool, now: datetime) -> Workspace:
    """Create a workspace.

    Args:
        name: small letters, digits and hyphens.
        timezone: a name of the IANA database; its days are the workspace's days.
        is_test: it has a clock of its own.
        now: the time.

    Raises:
        NameNotUsable, NameTaken, UnknownTimeZone: as they say.
    """
    if not _NAME.fullmatch(name):
        raise NameNotUsable(f"{name!r} is no name for a workspace; write small letters, digits and hyphens")
    _check_zone(timezone)
    try:
        with transaction.atomic():
            return Workspace.objects.create(name=name, timezone=timezone, is_test=is_test, created_at=now)
    except IntegrityError:
        raise NameTaken(f"there is a workspace {name!r} already") from None


def change_zone(*, workspace: Workspace, timezone: str) -> None:
    """Give a workspace another time zone while nothing has happened in it; what it has already changes nothing.

    Args:
        workspace: which one.
        timezone: a name of the IANA database.

    Raises:
        UnknownTimeZone, ZoneInUse: as they say.
    """
    _check_zone(timezone)
    if timezone == workspace.timezone:
        return
    # In one statement: an event that comes in meanwhile is counted on days of one zone or of the other.
    if not Workspace.objects.filter(pk=workspace.pk, position=0, seals=0).update(timezone=timezone):
        raise ZoneInUse(
            f"the days of the workspace {workspace} are in {workspace.timezone} and stay so: things happened in it on "
            f"them. For days in {timezone} create another one: sayso workspace create NAME --timezone {timezone}"
        )
    workspace.timezone = timezone


def _check_zone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(f"{timezone!r} is no time zone; write for example Europe/Madrid") from None
