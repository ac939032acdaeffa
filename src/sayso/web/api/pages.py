"""Lists in pages: where the next page begins is written as an opaque cursor.

Owns the writing and reading of cursors. A cursor is the number of the last row of a page, so that a list that grows in
the meantime neither repeats nor skips anything.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field

from sayso.core.program.problems import Problem
from sayso.domains.workspaces.ids import number_of, public_id
from sayso.domains.workspaces.page import Page
from sayso.web.api.shapes import In
from sayso.web.problems import Refused, not_valid

USUAL, MOST = 50, 200
CURSOR = "cur"

R = TypeVar("R")


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("a whole number is written with digits")
    return value


Cursor = Annotated[str | None, Field(description="The cursor of the next page; null when this is the last.")]


class Listing(In):
    """Which part of a list is wanted."""

    limit: Annotated[int, BeforeValidator(_digits)] = Field(
        USUAL, ge=1, le=MOST, description=f"How many rows a page has, at most {MOST}."
    )
    cursor: str | None = Field(
        None, max_length=40, description="Where the page begins: `next` of the page before. Leave it out at first."
    )

    def page(self) -> Page:
        """Return the page that is asked for.

        Raises:
            Refused: the cursor is none of ours.
        """
        if self.cursor is None:
            return Page(self.limit)
        after = number_of(CURSOR, self.cursor)
        if after is None:
            raise Refused(not_valid([Problem(0, 0, "cursor", "cursor is none that a page gave as its next.")]))
        return Page(self.limit, after)


def next_of(rows: Sequence[R], page: Page, number: Callable[[R], int]) -> str | None:
    """Return the cursor behind a page; None when it was not full."""
    return public_id(CURSOR, number(rows[-1])) if len(rows) == page.limit else None
