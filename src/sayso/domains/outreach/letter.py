"""Writing a letter: what a mail says, in its reader's language and the company's look, with the headers that it needs.

Owns the putting together, and who gets none. It must not send anything.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import formataddr
from typing import cast

import structlog
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.templates import NotUsable
from sayso.domains.outreach.company_words import company_words
from sayso.domains.outreach.layout import Frame, as_html, as_text
from sayso.domains.outreach.leads import check_is_first
from sayso.domains.outreach.marks import mark_of_mailbox
from sayso.domains.outreach.models import ASKED_FOR, Mail, MailKind, SignInCode
from sayso.domains.outreach.recipient import NotToBeSent, Recipient, country_of, recipient_of
from sayso.domains.outreach.server import Letter
from sayso.domains.outreach.sign_in import GOOD_FOR, code_of
from sayso.domains.outreach.site_links import page_url, stop_url
from sayso.domains.outreach.story import Story, story_of
from sayso.domains.outreach.suppress import is_stopped
from sayso.domains.outreach.switches import is_on
from sayso.domains.outreach.words import Words, code_words, test_words, words_for
from sayso.domains.workspaces.brand import brand_of
from sayso.domains.workspaces.models import Brand

PORTAL = "/portal/"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_log = structlog.get_logger(__name__)


class NotYet(Exception):
    """A mail cannot be written before the operator does something; the message says what."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, and what is noted of it.

    Attributes:
        mark: of the mailbox that it goes to.
        told: the rewards that it tells of, as kind of mail and number.
    """

    letter: Letter
    mark: bytes
    told: Sequence[tuple[str, int]] = ()


def write_letter(mail: Mail, now: datetime) -> Written:
    """Return a mail as it is sent now.

    Args:
        mail: which.
        now: the time, by the calendar.

    Raises:
        NotToBeSent: it is not sent at all, and why.
        NotYet, TooEarly: as they say.
    """
    to = recipient_of(mail)
    mark = mark_of_mailbox(mail.workspace_id, to.address)
    _check_wanted(mail, to, mark)
    brand = brand_of(mail.workspace)
    with translation.override(to.language):
        words, told = _words(mail, to, brand, now)
        frame = _frame(mail, to, brand, mark)
    letter = Letter(
        sender=formataddr((_in_one_line(brand.name), settings.MAIL_FROM)),
        to=to.address,
        subject=_in_one_line(words.subject),
        text=as_text(words, frame),
        html=as_html(words, frame),
        reply_to=brand.reply_to,
        headers=_headers(mail, to, frame),
    )
    return Written(letter, mark, told)


def _check_wanted(mail: Mail, to: Recipient, mark: bytes) -> None:
    if mail.kind in ASKED_FOR:
        return
    if is_stopped(mail.workspace_id, mark):
        raise NotToBeSent("mails to this address were stopped")
    if mail.kind == MailKind.LEAD:
        check_is_first(mail, mark)
    if not is_on(mail.workspace_id, mail.kind, country=country_of(to.member)):
        raise NotToBeSent("mails of this kind are turned off")
    if not page_url(mail.workspace, "/"):
        raise NotYet("nobody could stop such mails: set SAYSO_PUBLIC_URL, or give the site a host with `sayso brand`")


# --- what it says -----------------------------------------------------------------------------------------------------


def _words(mail: Mail, to: Recipient, brand: Brand, now: datetime) -> tuple[Words, Sequence[tuple[str, int]]]:
    if mail.kind == MailKind.SIGN_IN:
        return _code(mail, brand), ()
    if mail.kind == MailKind.TEST:
        return test_words(company=brand.name), ()
    story = story_of(mail, voice_of(cast(Language, to.language)), now)
    link = page_url(mail.workspace, f"/r/{story.slug}" if story.slug else PORTAL)
    words = words_for(mail.kind, story, company=brand.name, link=link)
    return _in_company_words(mail, story, words, to.language, brand.name), story.told


def _code(mail: Mail, brand: Brand) -> Words:
    row = SignInCode.objects.filter(number=mail.cause, workspace=mail.workspace_id).first()
    if row is None or row.used_at:
        raise NotToBeSent("the code was used before it was sent")
    code = code_of(row).upper()
    minutes = int(GOOD_FOR.total_seconds()) // 60
    return code_words(f"{code[:4]}-{code[4:]}", company=brand.name, minutes=minutes)


def _in_company_words(mail: Mail, story: Story, words: Words, language: str, company: str) -> Words:
    """The words with the company's own in their place, where the program has any that can be used."""
    message = story.program.document.messages.get(mail.kind) if story.program else None
    if message is None:
        return words
    values = {
        "company": company,
        "friend": story.friend,
        "advocate": story.advocate,
        "reward": story.reward,
        "choices": story.offered,
        "code": ", ".join(story.codes),
        "link": words.button[1],
    }
    try:
        subject, paragraphs = company_words(message, values, language=language)
    except NotUsable as problem:
        _log.warning("a company's own words cannot be used", program=mail.program, kind=mail.kind, problem=str(problem))
        return words
    title = subject or words.title
    return replace(words, subject=subject or words.subject, title=title, paragraphs=paragraphs)


# --- what stands around it --------------------------------------------------------------------------------------------


def _frame(mail: Mail, to: Recipient, brand: Brand, mark: bytes) -> Frame:
    said = {"company": brand.name}
    can_be_stopped = mail.kind not in ASKED_FOR
    why = _("You get this mail because you take part in the program of %(company)s.") % said
    if mail.kind == MailKind.LEAD:
        why = _("You get this mail because somebody recommended %(company)s to you.") % said
    return Frame(
        brand=brand,
        language=to.language,
        home_url=brand.home_url,
        logo_url=page_url(mail.workspace, "/logo"),
        footer=tuple(filter(None, [why if can_be_stopped else "", brand.postal_address])),
        stop=(_("Stop these mails"), stop_url(mail.workspace, mark)) if can_be_stopped else ("", ""),
    )


def _in_one_line(text: str) -> str:
    """A text as a header holds it: a line break would begin another header, and other characters stop the mail."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _headers(mail: Mail, to: Recipient, frame: Frame) -> Mapping[str, str]:
    domain = settings.MAIL_FROM.rpartition("@")[2]
    headers = {
        "Message-ID": f"<{mail.id}.{mail.workspace_id}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": to.language,
    }
    if frame.stop[1]:
        # RFC 8058: the reader's program posts there; a GET only shows a button.
        headers |= {"List-Unsubscribe": f"<{frame.stop[1]}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers
