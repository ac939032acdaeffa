"""Moments as the database keeps them: whole microseconds since 1970, UTC.

Owns the model field. A bigint is exact on both databases and compares and indexes like the number the engine uses.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from sayso.core.program.calendar import datetime_of, moment_of

if TYPE_CHECKING:
    _Integers = models.BigIntegerField[datetime | None, datetime | None]
else:
    _Integers = models.BigIntegerField


class MomentField(_Integers):
    """A moment: an aware datetime, or None for never; in the database microseconds since 1970, 0 for never."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", 0)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: int | None, *_: Any) -> datetime | None:
        """Return what the database holds as a datetime."""
        return datetime_of(value) if value else None

    def to_python(self, value: Any) -> Any:
        """Take a datetime as it is; a number is microseconds."""
        return value if value is None or isinstance(value, datetime) else datetime_of(int(value)) if value else None

    def get_prep_value(self, value: Any) -> Any:
        """Return what is written: microseconds."""
        if isinstance(value, datetime):
            return moment_of(value)
        return super().get_prep_value(value or 0)
