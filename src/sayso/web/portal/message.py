"""The words with which a member passes their link on, and the ways of doing it.

Owns that the disclosure stands in every message, and how a message becomes an address that a phone opens. It must not
send anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from sayso.web.share_sheet import address_of, name_of

LINK = "{link}"
LONGEST = 700
# Stands for the message in an address that a script fills in while it is typed.
_TEXT = "{text}"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        words: the member's own, with `{link}` where the link goes.
        disclosure: what stands below them in any case; empty where the member gets nothing for it.
        subject: of a mail.
    """

    words: str
    disclosure: str
    subject: str

    def text(self, link: str) -> str:
        """Return everything that is sent, with a link in its place."""
        said = self.words.replace(LINK, link)
        return f"{said}\n\n{self.disclosure}" if self.disclosure else said


@dataclass(frozen=True, slots=True)
class Way:
    """One way of passing a link on.

    Attributes:
        href: what opens it; empty where a page of ours does.
        pattern: the same with `{text}` in the place of the message, for a script that follows what is typed.
    """

    channel: str
    label: str
    link: str
    href: str
    pattern: str


def message_of(written: str, typed: str, *, company: str, gift: str, discloses: bool) -> Message:
    """Return what is sent.

    Args:
        written: the document's words with `{link}`; empty for ours.
        typed: what the member made of them, with `{link}`; empty where they changed nothing.
        company: as it calls itself.
        gift: what the friend gets, in short; empty where that cannot be said so.
        discloses: the member gets something for it.
    """
    words = typed or written or _ours(company, gift)
    if LINK not in words:
        words = f"{words.rstrip()} {LINK}"
    disclosure = _("If you join, I get a reward too.") if discloses else ""
    return Message(words, disclosure, _("%(company)s, for you") % {"company": company})


def read_typed(text: str, shown: str) -> str:
    """Return what was typed, with `{link}` where the link stood that the member was shown."""
    plain = text.replace(LINK, "").replace("\r\n", "\n").strip()
    return plain.replace(shown, LINK)[:LONGEST]


def ways_of(message: Message, links: Mapping[str, str]) -> list[Way]:
    """Return the ways of passing a link on that a browser opens by itself.

    Args:
        message: what is sent.
        links: the link of each channel, in order.
    """
    found = []
    for channel, link in links.items():
        pattern = address_of(channel, _TEXT, quote(link, safe=""), quote(message.subject, safe=""))
        if pattern:
            href = pattern.replace(_TEXT, quote(message.text(link), safe=""))
            found.append(Way(channel, name_of(channel), link, href, pattern))
    return found


def _ours(company: str, gift: str) -> str:
    if gift:
        return _("I like %(company)s and thought of you. With my link you get %(gift)s: {link}") % {
            "company": company, "gift": gift,
        }  # fmt: skip
    return _("I like %(company)s and thought of you. This is my link: {link}") % {"company": company}
