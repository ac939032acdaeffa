"""The form of a mapping: for which messages a rule is, and where in them each field of its event stands.

Owns what may be written. A mapping holds paths and constants only: nothing of it is run. It must not look at a message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError, model_validator

from sayso.core.domain_error import DomainError
from sayso.core.engine import events
from sayso.core.program.problems import Problem, in_one_line

MOST_RULES = 50
MOST_CONDITIONS = 20
LONGEST_TEXT = 200
# What another system may say of Sayso's own types: facts about members, never what only a person or the books decide.
FROM_OUTSIDE = frozenset(
    {
        events.SIGNUP, events.LEAD, events.PURCHASE, events.REFUND, events.CANCELLED, events.SURVEY,
        events.MEMBER_UPDATED,
    }
)  # fmt: skip
# Every type that is named there has a meaning, those too that come later.
_SAYSOS_OWN = frozenset(value for name, value in vars(events).items() if name.isupper() and isinstance(value, str))
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,63}")

Text = Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]
Scalar = Text | StrictInt | StrictBool
Path = Text | Annotated[list[Text | StrictInt], Field(min_length=1, max_length=20)]
Form = Literal["text", "upper", "lower", "number", "unix_seconds", "unix_milliseconds"]


class MappingNotUsable(DomainError, ValueError):
    """A mapping is not written as it should be.

    Attributes:
        problems: everything that is wrong with it.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"the mapping is not written as it should be: {in_one_line(problems)}")
        self.problems = tuple(problems)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Pick(_Part):
    """A value that stands somewhere in the message.

    Attributes:
        path: names and places, `data.items.0.sku`, or as a list where a name holds a dot; `header:NAME` for a header.
        form: how it is read.
        prefix: what is put before it.
        otherwise: what is taken when there is nothing, or null, at the path.
    """

    path: Path
    form: Form | None = Field(default=None, alias="as")
    prefix: Text = ""
    otherwise: Scalar | None = Field(default=None, alias="or")


class Exists(_Part):
    """A condition: whether there is anything but null at a path."""

    exists: StrictBool


Value = Pick | Scalar
Condition = Scalar | Annotated[list[Scalar], Field(min_length=1, max_length=50)] | Exists


class EventMap(_Part):
    """The fields of the event that a rule makes; each as in an event that is sent to the API.

    Attributes:
        id: by default the message's own id with the rule's name.
        occurred_at: by default the time at which the message arrived.
        amount_major: the amount in whole units of the currency, `12.40`, instead of minor ones.
    """

    type: Text
    member: Value
    id: Value | None = None
    occurred_at: Value | None = None
    amount_minor: Value | None = None
    amount_major: Value | None = None
    currency: Value | None = None
    referral_code: Value | None = None
    refers_to: Value | None = None
    props: Annotated[dict[Text, Value], Field(max_length=50)] = {}

    @model_validator(mode="after")
    def _is_an_event(self) -> EventMap:
        if not _TYPE.fullmatch(self.type):
            raise ValueError("type is a name in small letters, digits and underscores")
        if self.type in _SAYSOS_OWN and self.type not in FROM_OUTSIDE:
            raise ValueError(f"{self.type} is not taken from outside; send it through the API")
        if self.amount_minor is not None and self.amount_major is not None:
            raise ValueError("an amount stands in amount_minor or in amount_major, not in both")
        if (self.amount_minor is None and self.amount_major is None) != (self.currency is None):
            raise ValueError("an amount needs its currency, and a currency its amount")
        return self


class Rule(_Part):
    """One kind of message and the event that it makes.

    Attributes:
        when: by path, what must stand there: a value, one of several, or anything.
    """

    when: Annotated[dict[Text, Condition], Field(max_length=MOST_CONDITIONS)]
    event: EventMap


class Mapping(_Part):
    """What a source's messages mean; every rule whose conditions hold makes an event."""

    rules: Annotated[dict[Text, Rule], Field(min_length=1, max_length=MOST_RULES)]


def check_mapping(raw: Any) -> Mapping:
    """Read a mapping as decoded from JSON.

    Raises:
        MappingNotUsable: with everything that is wrong with it.
    """
    try:
        return Mapping.model_validate(raw)
    except ValidationError as error:
        raise MappingNotUsable([_problem(each) for each in error.errors(include_url=False)]) from None
    except RecursionError:
        raise MappingNotUsable([Problem(0, 0, "", "It is nested too deep.")]) from None


def stored_mapping(text: str) -> Mapping:
    """Read a mapping that was checked when it was stored."""
    return Mapping.model_validate_json(text)


def types_made(mapping: Mapping) -> frozenset[str]:
    """Return of which types the events are that a mapping makes."""
    return frozenset(rule.event.type for rule in mapping.rules.values())


def _problem(error: Any) -> Problem:
    path = ".".join(str(each) for each in error["loc"])
    return Problem(0, 0, path, str(error["msg"]).removeprefix("Value error, "))
