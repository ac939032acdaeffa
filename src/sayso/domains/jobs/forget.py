"""Deleting rows that are over, a piece at a time, so that no statement holds a table for long.

Owns the piece and how it is deleted. It must not know which rows are over.
"""

from typing import Any

from django.db.models import QuerySet

PIECE = 1000


def forget_piece(rows: "QuerySet[Any]", *, most: int = PIECE) -> bool:
    """Delete some of these rows, by workspace; whether there may be more.

    Args:
        rows: of a table whose key is `number` and `workspace`, in the order in which they go.
        most: how many.
    """
    found = list(rows.values_list("number", "workspace_id")[:most])
    for workspace in {workspace for _, workspace in found}:
        mine = [number for number, other in found if other == workspace]
        rows.model._default_manager.filter(number__in=mine, workspace=workspace).delete()
    return len(found) == most
