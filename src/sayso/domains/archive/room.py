"""Making room for a backup: what `init` and a first start leave behind goes, anything else is in the way.

Owns the difference between the two. It must not touch a database that holds what anybody put there.
"""

from itertools import islice
from typing import Any

from django.db import models

from sayso.core.domain_error import DomainError
from sayso.domains.archive.form import saved_tables
from sayso.domains.jobs.models import Heartbeat
from sayso.domains.workspaces.keys import FIRST_KEY
from sayso.domains.workspaces.models import ApiKey, Workspace

_NAMED = 3
_Rows = dict[type[models.Model], "models.QuerySet[Any]"]


class NotEmpty(DomainError):
    """The database holds something already."""


def make_room() -> bool:
    """Empty a database in which nothing ever happened, and say whether that took a first API key.

    A workspace without events goes, with the key that its first start made, and with the worker's heartbeats. Whoever
    restores has this key from the same screen, and no event was ever sent with it.

    Raises:
        NotEmpty: there is anything else; nothing is changed.
    """
    fresh = _fresh()
    left = _in_the_way(fresh)
    if left:
        raise NotEmpty(
            f"the database is not empty: it holds {left}. Nothing was changed. Restore into a new database: "
            "let DATABASE_URL name one that is not there yet, for example sqlite:////srv/sayso/restored.sqlite3"
        )
    had_key = fresh[ApiKey].exists()
    for model in (Heartbeat, ApiKey, Workspace):  # the workspace last: its key names it
        fresh[model].delete()
    return had_key


def _fresh() -> _Rows:
    """The rows that `init` and a first start make, by table."""
    unused = Workspace.objects.filter(position=0, seals=0)
    return {
        Heartbeat: Heartbeat.objects.all(),
        ApiKey: ApiKey.objects.filter(workspace__in=unused, name=FIRST_KEY),
        Workspace: unused,
    }


def _in_the_way(fresh: _Rows) -> str:
    """What the database holds beside those rows, as words; empty for nothing."""
    held = (_held(table.model, fresh) for table in saved_tables())
    return ", ".join(islice(filter(None, held), _NAMED))


def _held(model: type[models.Model], fresh: _Rows) -> str:
    count = model._default_manager.count() - (fresh[model].count() if model in fresh else 0)
    name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
    return f"{count:,} {str(name).replace('api', 'API')}" if count else ""
