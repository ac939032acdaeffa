"""What stands on the landing page of a program, in the visitor's language: the document's words, and what follows from
the program itself.

Owns the reading of `page` with its variants, and whether the offer can be taken up today. Words that neither the
document nor the program has are the web's. It must not know a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, cast

from sayso.core.program.document import Document, Page, PageParts, Runs
from sayso.core.program.explain import Explanation
from sayso.core.program.explain.frame import dates_in_words
from sayso.core.program.explain.offers import Offer, offers_in, terms_for_members, who_is_a_friend
from sayso.core.program.explain.recommending import offers_in_words
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.review import read_published
from sayso.core.program.scalars import words
from sayso.core.program.spoken import languages_of_page
from sayso.domains.pages.variants import ORIGINAL
from sayso.domains.programs.queries import is_paused, program_named, published_versions, version_numbered
from sayso.domains.referrals.lead import takes_leads
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

_MOST_KEPT = 256
_MOST_DAYS = 90
Offered = Literal["now", "not_yet", "paused", "ended"]
FIELDS = ("name", "email")


@dataclass(frozen=True, slots=True)
class Question:
    """What friends ask, and the answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Landing:
    """The page of a program; a text that the document does not have is empty.

    Attributes:
        version: of the program, whose terms are shown.
        variants: the names of those that are tried against the page.
        ideal_customer: for whom it is, above the form.
        form: what is asked, in order.
        friend, advocate: what each side gets.
        to_advocate: the same as `advocate`, in sentences to whoever recommends: "When your friend buys, you get …".
        dates: between which days it runs, in a sentence.
        until: the last day on which it can be taken up.
        eligible: who counts as a friend, in sentences.
    """

    program: str
    version: int
    title: str
    variants: tuple[str, ...]
    headline: str
    offer: str
    ideal_customer: str
    proof: tuple[str, ...]
    form: tuple[str, ...]
    call_to_action: str
    questions: tuple[Question, ...]
    friend: tuple[Offer, ...]
    advocate: tuple[Offer, ...]
    to_advocate: tuple[str, ...]
    dates: str
    until: date | None
    eligible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The latest version of a program, and whether it takes new friends today.

    Attributes:
        text: the document as it was written.
    """

    name: str
    version: int
    text: str
    offered: Offered

    @property
    def days_remembered(self) -> int:
        """For how many days a visitor's browser may remember who recommended: no longer than it would count."""
        referral = _document(self.text).referral
        if referral is None:
            return _MOST_DAYS
        window = referral.window
        return max(1, min(_MOST_DAYS, window.months * 30 + window.days + window.hours // 24))

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which the words of the page are written; none where they are for every reader."""
        return _languages(self.text)

    @property
    def takes_leads(self) -> bool:
        """Whether a step of it is a contact that an advocate hands in."""
        return takes_leads(_document(self.text))

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants of its page."""
        page = _document(self.text).page
        return tuple(page.variants) if page else ()

    @property
    def accounts(self) -> tuple[str, ...]:
        """The names of the accounts that have a page with words of their own."""
        page = _document(self.text).page
        return tuple(page.accounts) if page else ()


def published_page(workspace: Workspace, program: str, *, now: datetime) -> Published:
    """Return the program whose page is asked for.

    Args:
        workspace: whose program.
        program: its name.
        now: the time.

    Raises:
        NoSuchProgram: none of this name was published, or it takes no referrals.
    """
    found = program_named(workspace, program)
    latest = published_versions(workspace, program)[-1]
    document = _document(latest.text)
    today = now_in(workspace, now).astimezone(workspace.zone).date()
    offered = "paused" if is_paused(workspace, found) else _offered(document.runs, today)
    return Published(program, latest.number, latest.text, offered)


def earlier_terms(workspace: Workspace, program: str, number: int) -> str:
    """Return the document of one published version of a program; recommendations keep the version they began with.

    Args:
        workspace: whose program.
        program: its name.
        number: of the version.

    Raises:
        NoSuchProgram: there is none of this name, or none of this number.
    """
    return str(version_numbered(workspace, program, number).text)


def landing_of(published: Published, *, language: Language, variant: str = ORIGINAL, account: str = "") -> Landing:
    """Return what stands on the page of a program.

    Args:
        published: the program.
        language: of the visitor.
        variant: of the page; what it does not say is as on the page.
        account: whose page it is; what it does not say is as on the page. It has no variants.
    """
    return _landing(published.text, published.version, language, (account, variant))


def takes_referrals(published: Published) -> bool:
    """Say whether the program has referrals at all: one without them has no page for friends."""
    return _document(published.text).referral is not None


@lru_cache(_MOST_KEPT)
def terms_of(text: str, language: Language) -> Explanation:
    """Return the terms of a document that was published, as a member reads them."""
    parsed = read_published(text)
    return terms_for_members(_document(text), parsed.conditions, language=language)


def title_of(published: Published, language: Language) -> str:
    """Return what a program is called in a language."""
    return words(_document(published.text).title, language)


@lru_cache(_MOST_KEPT)
def _landing(text: str, version: int, language: Language, seen_by: tuple[str, str]) -> Landing:
    parsed, document = read_published(text), _document(text)
    page = _page(document, *seen_by)
    offers = offers_in(document, parsed.conditions, language=language)
    return Landing(
        program=document.program,
        version=version,
        title=words(document.title, language),
        variants=tuple(document.page.variants) if document.page else (),
        headline=words(page.headline, language) if page.headline else "",
        offer=words(page.offer, language) if page.offer else "",
        ideal_customer=words(document.ideal_customer, language) if document.ideal_customer else "",
        proof=tuple(words(each, language) for each in page.proof),
        form=_form(page),
        call_to_action=words(page.call_to_action, language) if page.call_to_action else "",
        questions=tuple(
            Question(words(each.question, language), words(each.answer, language)) for each in page.questions
        ),
        friend=tuple(each for each in offers if each.to == "friend"),
        advocate=tuple(each for each in offers if each.to == "advocate"),
        to_advocate=tuple(
            each.sentence
            for each in offers_in_words(document, parsed.conditions, language=language)
            if each.to == "advocate"
        ),
        dates=dates_in_words(document, voice_of(language)) or "",
        until=document.runs.until,
        eligible=tuple(who_is_a_friend(document, parsed.conditions, language=language)),
    )


def _page(document: Document, account: str, variant: str) -> PageParts:
    """The words of the page, with those of an account or else of a variant in place of them."""
    page = document.page or Page()
    other = page.accounts.get(account) if account else page.variants.get(variant)
    if other is None:
        return page
    return page.model_copy(update={name: getattr(other, name) for name in other.model_fields_set})


def _form(page: PageParts) -> tuple[str, ...]:
    """What is asked: without an address or a number, the friend could not be told about the reward."""
    asked = tuple(dict.fromkeys(page.form)) or FIELDS
    return asked if "email" in asked or "phone" in asked else (*asked, "email")


def _offered(runs: Runs, today: date) -> Offered:
    if runs.until and today > runs.until:
        return "ended"
    return "not_yet" if runs.from_ and today < runs.from_ else "now"


@lru_cache(_MOST_KEPT)
def _languages(text: str) -> tuple[Language, ...]:
    return cast(tuple[Language, ...], tuple(languages_of_page(_document(text))))


def _document(text: str) -> Document:
    document = read_published(text).document
    assert document is not None  # it was checked before it was published
    return document
