"""What endpoints are told: the fields of `data` in a message, for each kind of notice.

Owns their description. The messages are made by `connectors.webhooks.payload`; a test holds what it makes against this.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field
from pydantic.json_schema import models_json_schema

from sayso.core.engine.notices import KINDS
from sayso.web.api.shapes import Out

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"


class NamedOut(Out):
    """Somebody."""

    id: str = Field(description="`mem_…`")
    ref: str | None = Field(description="Your name for them; null for who was erased.")


class MemberNotice(Out):
    """Somebody is known for the first time."""

    member: NamedOut


class ReferralNotice(Out):
    """A referral opened, is looked at, was completed, expired or was rejected."""

    id: str = Field(description="`ref_…`")
    program: str
    version: int = Field(description="The version of the program under which it opened.")
    status: str = Field(description="How it stands after this: open, in_review, completed, expired or rejected.")
    advocate: NamedOut | None
    friend: NamedOut | None


class StepNotice(ReferralNotice):
    """A referral reached a step."""

    step: str = Field(description="Its name in the program.")
    reached_at: str = Field(description="When, RFC 3339.")


class GivenNotice(Out):
    """One thing of a reward."""

    kind: str = Field(description="credit, points, coupon and so on, as the program names it.")
    value: int | str | None = Field(
        description="Minor units, points, hundredths of a percent, a count or a badge's name; null for what is given "
        "in words."
    )


class RewardNotice(Out):
    """A reward came to another state, which stands in the kind too."""

    id: str = Field(description="`rew_…`")
    program: str
    clause: str = Field(description="Its name under `rewards` of the program.")
    version: int = Field(description="The version that granted it.")
    state: str
    referral: str | None = Field(description="`ref_…`; null for a reward without a referral.")
    gives: list[GivenNotice]
    choose_from: list[GivenNotice] = Field(
        description="What its owner may choose among; empty where nothing is left to."
    )
    cost_minor: int = Field(description="What it costs, in minor units of the program's currency.")
    due_at: str | None = Field(description="When a hold ends, RFC 3339; null without one.")
    member: NamedOut | None


class TierNotice(Out):
    """Somebody came to another tier."""

    program: str
    tier: str = Field(description="The tier now; empty for none.")
    before: str = Field(description="The tier before; empty for none.")
    member: NamedOut


class BadgeNotice(Out):
    """Somebody was awarded a badge."""

    program: str
    badge: str = Field(description="Its name in the program.")
    member: NamedOut


class WalletNotice(Out):
    """What somebody has available changed."""

    unit: str = Field(description="A currency, or the name of points.")
    available: int = Field(description="What is there now, in minor units or points.")
    member: NamedOut


class PublishedNotice(Out):
    """A version of a program was published."""

    program: str
    version: int


class ProgramNotice(Out):
    """A program was paused, or goes on."""

    program: str


_BY_KIND: Mapping[str, type[Out]] = {
    "member.joined": MemberNotice,
    "referral.step_reached": StepNotice,
    "tier.changed": TierNotice,
    "badge.awarded": BadgeNotice,
    "wallet.changed": WalletNotice,
    "program.published": PublishedNotice,
}
_BY_FAMILY: Mapping[str, type[Out]] = {"referral": ReferralNotice, "reward": RewardNotice, "program": ProgramNotice}
NOTICES: Mapping[str, type[Out]] = {kind: _BY_KIND.get(kind) or _BY_FAMILY[kind.partition(".")[0]] for kind in KINDS}
"""What `data` holds, by the kind of notice."""


def notice_schemas() -> Json:
    """Return the schemas of all of them, by name, as the API's document keeps them."""
    shapes = [(each, "serialization") for each in dict.fromkeys(NOTICES.values())]
    _, made = models_json_schema(shapes, ref_template=f"{_SCHEMAS}{{model}}")  # type: ignore[arg-type]
    found: Json = made["$defs"]
    return found


def described() -> Json:
    """Return the `webhooks` of the API's document (OpenAPI 3.1): one message for each kind."""
    return dict(_messages())


def _messages() -> Iterator[tuple[str, Json]]:
    for kind, shape in NOTICES.items():
        message = {
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": {"const": kind, "type": "string"},
                "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
                "data": {"$ref": f"{_SCHEMAS}{shape.__name__}"},
            },
        }
        yield (
            kind,
            {
                "post": {
                    "summary": (shape.__doc__ or "").rstrip("."),
                    "requestBody": {"required": True, "content": {"application/json": {"schema": message}}},
                    "responses": {"2XX": {"description": "Taken. Anything else is sent again later."}},
                }
            },
        )
