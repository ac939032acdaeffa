"""What an advocate passes on: the message with the disclosure in it, and for each channel the address that opens it.

Owns how a message is put together and how each network wants it. It must not draw anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from sayso.core.program.calendar import moment_of
from sayso.core.program.document import LINK_PLACE, Document
from sayso.core.program.explain.voice import Language
from sayso.core.program.scalars import words
from sayso.domains.people.models import Member
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.sharing.links import link_for, links_of
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import head_of
from sayso.web.links import share_url
from sayso.web.site import Site

# The one whose link stands in the message as it is shown, and is passed on by the device's own way of sharing.
PLAIN = "copy"
# On paper, or drawn: no address opens these.
_ON_PAPER = frozenset({"qr", "card"})

_NAMES: Mapping[str, str] = {
    "whatsapp": "WhatsApp", "sms": "SMS", "facebook": "Facebook", "x": "X", "linkedin": "LinkedIn",
    "telegram": "Telegram",
}  # fmt: skip
_ADDRESSES: Mapping[str, Callable[[str, str, str], str]] = {
    "whatsapp": lambda text, link, title: f"https://wa.me/?text={text}",
    "email": lambda text, link, title: f"mailto:?subject={title}&body={text}",
    # The odd beginning is what both kinds of phone read.
    "sms": lambda text, link, title: f"sms:?&body={text}",
    "facebook": lambda text, link, title: f"https://www.facebook.com/sharer/sharer.php?u={link}",
    "x": lambda text, link, title: f"https://x.com/intent/post?text={text}",
    "linkedin": lambda text, link, title: f"https://www.linkedin.com/sharing/share-offsite/?url={link}",
    "telegram": lambda text, link, title: f"https://t.me/share/url?url={link}&text={text}",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel.

    Attributes:
        link: the advocate's share link for this channel.
        address: what opens the channel with the message in it; empty where the link is copied.
    """

    channel: str
    name: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one advocate passes on in one program.

    Attributes:
        message: what is passed on, word for word, the disclosure in it.
        disclosure: that the advocate gets something too; it cannot be left out.
        link: the share link that stands in the message.
        ways: the program's channels that an address opens, in its order, and copying.
    """

    program: str
    title: str
    message: str
    disclosure: str
    link: str
    ways: tuple[Way, ...]


def sharable(site: Site, now: datetime) -> list[str]:
    """Return the names of the programs in which members recommend now, in the order of the alphabet."""
    return [each.program for each in _documents(site, now) if each.referral]


def sheet_for(site: Site, program: str, member: Member, *, language: Language, now: datetime) -> Sheet | None:
    """Return what an advocate passes on; None where no such program runs, or nobody recommends in it.

    Links that are not there yet are made.

    Args:
        program: its name.
        member: the advocate.
        language: of the message and of the channels' names.
        now: the time.

    Raises:
        MayNotShare: the member was barred.
    """
    document = next((each for each in _documents(site, now) if each.program == program and each.referral), None)
    if document is None:
        return None
    channels = [each for each in document.sharing.channels if each not in _ON_PAPER and each != PLAIN]
    links = _links(site, program, member, (*channels, PLAIN), now)
    title = words(document.title, language)
    with translation.override(language):
        disclosure = _("If you join, I get a reward too.")
        texts = {each: _message(document, link, language, disclosure) for each, link in links.items()}
        ways = tuple(_way(each, link, texts[each], title) for each, link in links.items())
    return Sheet(program, title, texts[PLAIN], disclosure, links[PLAIN], ways)


def _documents(site: Site, now: datetime) -> list[Document]:
    moment = moment_of(now_in(site.workspace, now))
    running = rulebook_of(head_of(site.workspace)).running(moment, site.workspace.position + 1)
    return sorted((each.document for each in running), key=lambda each: each.program)


def _links(site: Site, program: str, member: Member, channels: Sequence[str], now: datetime) -> dict[str, str]:
    """The addresses of the advocate's links, by channel."""
    mine = links_of(site.workspace, member.id)
    slugs = {each.channel: each.slug for each in mine if each.program == program}
    for each in channels:
        if each not in slugs:
            made = link_for(workspace=site.workspace, program=program, member=member.ref, channel=each, now=now)
            slugs[each] = made.slug
    return {each: share_url(site, slugs[each]) for each in channels}


def _message(document: Document, link: str, language: Language, disclosure: str) -> str:
    """The advocate's words; where the program has none, what it is called and the link."""
    own = document.sharing.message
    text = words(own, language).replace(LINK_PLACE, link) if own else f"{words(document.title, language)}: {link}"
    return f"{text}\n{disclosure}"


def _way(channel: str, link: str, message: str, title: str) -> Way:
    parts = (quote(each, safe="") for each in (message, link, title))
    return Way(channel, name_of(channel), link, address_of(channel, *parts))


def name_of(channel: str) -> str:
    """Return what a channel is called."""
    names = {**_NAMES, "email": _("E-mail"), PLAIN: _("Copy link")}
    return names.get(channel, channel)


def address_of(channel: str, message: str, link: str, title: str) -> str:
    """Return what opens a channel with a message in it; empty where nothing does.

    Args:
        channel: one of `core.program.document.CHANNELS`.
        message: percent-encoded, as are the others; a network that takes no text of others leaves it out.
        link: to be passed on.
        title: of a mail.
    """
    address = _ADDRESSES.get(channel)
    return address(message, link, title) if address else ""
