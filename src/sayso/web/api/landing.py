"""What landing pages bring, and the texts with which consent is asked, over the API.

Owns no figure of its own: `pages` counts.
"""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from sayso.core.program.scalars import LANGUAGES
from sayso.domains.pages.consent_texts import LONGEST, texts_in, write_text
from sayso.domains.pages.figures import page_figures
from sayso.domains.pages.models import ConsentText
from sayso.domains.programs.queries import program_named
from sayso.web.api.access import caller_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import READABLE_LINES, In, Out, Told

routes = Routes("Pages")

Text = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=READABLE_LINES)]


class VariantOut(Out):
    """What one variant of a page did."""

    name: str = Field(description="As the document names it; empty for the page that variants are tried against.")
    shown: int = Field(description="How often people saw it.")
    signed_up: int
    share: float = Field(description="Sign-ups by views.")


class PageOut(Out):
    """What the landing page of a program did."""

    program: str
    variants: list[VariantOut]
    chance: float = Field(
        description="How likely chance alone spreads the views so unevenly; a tiny one: the trial is not fair."
    )
    fair: bool = Field(description="Whether the spread of the views is no reason to doubt the figures.")


class Since(In):
    """From when on."""

    since: date | None = Field(None, description="A day; without it from the beginning.")


class ConsentTextOut(Out):
    """One text with which consent was asked, kept for good."""

    purpose: str = Field(examples=["news"])
    language: str
    version: int
    text: str
    own: bool = Field(description="The company wrote it; else it is Sayso's.")
    since: Told


class ConsentTextsOut(Out):
    """Texts with which consent is asked, by purpose and language, the latest version last."""

    items: list[ConsentTextOut]


class ConsentTextsIn(In):
    """The company's own words."""

    texts: dict[str, Text] = Field(
        min_length=1,
        max_length=len(LANGUAGES),
        description="By language: en, es, it or nl; one that is not named stays as it is.",
    )


@routes.get("/programs/{program}/page", gives=PageOut, fails=(404,))
def get_page(request: HttpRequest, program: str, wanted: Query[Since]) -> PageOut:
    """Show how often the landing page of a program was seen and brought a sign-up, by variant."""
    workspace = caller_of(request).workspace
    name = program_named(workspace, program).name
    found = page_figures(workspace, name, since=wanted.since)
    return PageOut(
        program=name,
        variants=[
            VariantOut(name=each.name, shown=each.shown, signed_up=each.signed_up, share=round(each.share, 6))
            for each in found.variants
        ],
        chance=round(found.chance, 6),
        fair=found.is_fair,
    )


@routes.get("/consent-texts", gives=ConsentTextsOut)
def get_consent_texts(request: HttpRequest) -> ConsentTextsOut:
    """List every text with which consent was ever asked."""
    return _texts_out(texts_in(caller_of(request).workspace))


@routes.put("/consent-texts/{purpose}", gives=ConsentTextsOut, scope="programs")
def put_consent_texts(request: HttpRequest, purpose: str, body: ConsentTextsIn) -> ConsentTextsOut:
    """Ask for consent with words of the company's own from now on; others become another version."""
    caller = caller_of(request)
    found = write_text(workspace=caller.workspace, purpose=purpose, texts=dict(body.texts), now=caller.now)
    return _texts_out(found)


def _texts_out(found: list[ConsentText]) -> ConsentTextsOut:
    items = [
        ConsentTextOut(
            purpose=each.purpose,
            language=each.language,
            version=each.version,
            text=each.text,
            own=each.is_own,
            since=each.since,
        )
        for each in found
    ]
    return ConsentTextsOut(items=items)
