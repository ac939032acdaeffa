"""What requests and answers are made of: the base of every schema, and the kinds of value that many of them share.

Owns their bounds. A request with a field that is not known is refused, so that a misspelt one is never lost.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from sayso.domains.workspaces.ids import number_of, public_id

LONGEST = 200
LONGEST_WORDS = 2000
MOST_LISTED = 100
LARGEST = 10**13
# Control characters cannot be stored, or cannot be read.
READABLE = r"^[^\x00-\x1f\x7f]+$"
READABLE_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


class In(BaseModel):
    """What a request says."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What an answer says."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


def _text_only(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a moment is a text, as RFC 3339 writes it")
    return value


def written(moment: datetime) -> str:
    """Return a moment as RFC 3339 writes it."""
    return moment.isoformat().replace("+00:00", "Z")


Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=READABLE)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORDS, pattern=READABLE_LINES)]
Whole = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
Flag = StrictBool
Sent = Annotated[AwareDatetime, BeforeValidator(_text_only)]
Told = Annotated[datetime, PlainSerializer(written, return_type=str)]


class PublicId:
    """The kinds of id that answers bear."""

    member = "mem"
    referral = "ref"
    reward = "rew"
    event = "evt"
    key = "key"
    invitation = "inv"


def told_id(prefix: str, number: int) -> str | None:
    """Return the public id of a number; None for the number 0, which stands for nothing."""
    return public_id(prefix, number) if number else None


def number_in(prefix: str, text: str) -> int:
    """Return the number of a public id; -1, which nothing bears, where the text is none of this kind."""
    found = number_of(prefix, text)
    return -1 if found is None else found
