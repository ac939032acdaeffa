"""How the company appears to its members, over the API.

Owns no rule of its own: what can be shown is the brand's.
"""

import base64
import binascii
from dataclasses import replace
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from sayso.core.program.problems import Problem
from sayso.domains.workspaces.brand import (
    LARGEST_LOGO_BYTES,
    MOST_ORIGINS,
    BrandChange,
    brand_of,
    hosts_of,
    set_brand,
)
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import READABLE_LINES, In, Out
from sayso.web.problems import Refused, not_valid

routes = Routes("Pages")

_LONGEST_LOGO = (LARGEST_LOGO_BYTES + 2) // 3 * 4
Said = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Lines = Annotated[str, Field(max_length=500, pattern=READABLE_LINES)]
Origin = Annotated[str, Field(min_length=1, max_length=300)]


class BrandOut(Out):
    """How the company appears: on pages, in mails, on cards."""

    name: str = Field(examples=["Bluebell Coffee"])
    colour: str = Field(description="Of buttons and marks.", examples=["#005b5c"])
    has_logo: bool = Field(description="Else the first letter of the name stands for it.")
    home_url: str
    privacy_url: str
    reply_to: str = Field(description="Where answers to mails go.")
    postal_address: str = Field(description="Stands under every mail and under the terms.")
    origins: list[str] = Field(description="Sites that may frame the widget.")
    hosts: list[str] = Field(description="Hosts of the company's own under which these pages stand.")


class BrandIn(In):
    """What shall change; what is not named stays as it is."""

    name: Said | None = Field(None, description="What the company calls itself.")
    colour: Annotated[str, Field(max_length=7)] | None = Field(
        None, description="Of buttons and marks.", examples=["#005b5c"]
    )
    logo: Annotated[str, Field(max_length=_LONGEST_LOGO)] | None = Field(
        None, description="A PNG, JPEG or WebP file of at most 200,000 bytes, in base64; empty takes it away."
    )
    home_url: Said | None = Field(None, description="The company's own site.")
    privacy_url: Said | None = Field(None, description="What the company says about people's data.")
    reply_to: Said | None = Field(None, description="Where answers to mails go.")
    postal_address: Lines | None = Field(None, description="Stands under every mail and under the terms.")
    origins: Annotated[list[Origin], Field(max_length=MOST_ORIGINS)] | None = Field(
        None, description="Sites that may frame the widget; the list replaces the one before."
    )


@routes.get("/brand", gives=BrandOut)
def get_brand(request: HttpRequest) -> BrandOut:
    """Show how the company appears to its members."""
    return _out(caller_of(request))


@routes.put("/brand", gives=BrandOut, scope="programs")
def put_brand(request: HttpRequest, body: BrandIn) -> BrandOut:
    """Change how the company appears to its members."""
    caller = caller_of(request)
    texts = body.model_dump(exclude={"logo", "origins"})
    change = BrandChange(**texts, origins=None if body.origins is None else tuple(body.origins))
    set_brand(workspace=caller.workspace, change=replace(change, logo=_picture(body.logo)))
    return _out(caller)


def _picture(text: str | None) -> bytes | None:
    try:
        return None if text is None else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(not_valid([Problem(0, 0, "logo", "logo is a file written in base64.")])) from None


def _out(caller: Caller) -> BrandOut:
    found = brand_of(caller.workspace)
    return BrandOut(
        name=found.name,
        colour=found.colour,
        has_logo=bool(found.logo_type),
        home_url=found.home_url,
        privacy_url=found.privacy_url,
        reply_to=found.reply_to,
        postal_address=found.postal_address,
        origins=found.origins.split(),
        hosts=hosts_of(caller.workspace),
    )
