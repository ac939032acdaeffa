"""How notices stand in their table. It must not read or write them."""

from dataclasses import dataclass
from typing import Any

from sayso.domains.workspaces.stored import stored


@dataclass(slots=True)
class NoticeRow:
    """One notice; the fields mean what they mean in `jobs.models.Notice`."""

    number: int
    kind: str
    member: int
    program: str
    about: int
    occurred_at: int
    data: dict[str, Any]


NOTICES = stored(NoticeRow, "jobs_notice", ("number",))
