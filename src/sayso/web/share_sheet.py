"""What an advocate passes on: the message with the disclosure in it, and for each channel the address that opens it.

Owns how a message is put together, that the disclosure stands in every one, and how each network wants it. It must not
draw or send anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from sayso.core.program.document import LINK_PLACE
from sayso.core.program.explain.voice import sentence
from sayso.domains.insight.portal.me import Me
from sayso.domains.insight.portal.offer import Recommending, slugs_for
from sayso.domains.workspaces.addresses import site_root
from sayso.web.links import share_url
from sayso.web.site.addresses import Site

# Where there is this one, its link stands in the message as it is shown, and the device's own way of sharing has it.
PLAIN = "copy"
# On paper, or drawn: no address opens these.
_ON_PAPER = frozenset({"qr", "card"})
_LONGEST = 700
# Stands for the message in an address that a script fills in while it is typed.
_TEXT = "{text}"

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
class Message:
    """What is sent.

    Attributes:
        words: with `{link}` where the link goes.
        disclosure: what stands below them in any case: what is asked of whoever uses the gift, where the words do not
            say so, and that the advocate gets something too; empty where there is neither.
        subject: of a mail.
    """

    words: str
    disclosure: str
    subject: str

    def text(self, link: str) -> str:
        """Return everything that is sent, with a link in its place."""
        said = self.words.replace(LINK_PLACE, link)
        return f"{said}\n\n{self.disclosure}" if self.disclosure else said


@dataclass(frozen=True, slots=True)
class Way:
    """One channel.

    Attributes:
        link: the advocate's share link for this channel.
        address: what opens the channel with the message in it; empty where the link is copied.
        pattern: the same with `{text}` in the place of the message, for a script that follows what is typed.
    """

    channel: str
    name: str
    link: str
    address: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one advocate passes on in one program.

    Attributes:
        message: what is passed on.
        link: the share link that stands in the message; empty where the program is passed on by paper alone.
        ways: the program's channels but paper, in its order.
    """

    program: str
    title: str
    message: Message
    link: str
    ways: tuple[Way, ...]


def links_for(site: Site, me: Me, offer: Recommending) -> dict[str, str]:
    """Return the address of each channel, in order; links that are not there yet are made.

    Args:
        site: whose pages the links are under.
        me: the advocate.
        offer: in which program.

    Raises:
        MayNotShare: the member was barred.
    """
    root = site_root(site.workspace, visited=site.origin)
    return {channel: share_url(root, slug) for channel, slug in slugs_for(me, offer).items()}


def sheet_for(site: Site, me: Me, offer: Recommending) -> Sheet:
    """Return what an advocate passes on in their language; arguments and errors are those of `links_for`."""
    links = links_for(site, me, offer)
    with translation.override(me.language):
        message = message_of(offer, company=site.brand.name)
        ways = tuple(ways_of(message, links))
    return Sheet(offer.program, offer.title, message, shown_link(links), ways)


def shown_link(links: Mapping[str, str]) -> str:
    """Return the link that stands in the message as it is shown; empty where only paper passes the program on."""
    open_ways = {channel: link for channel, link in links.items() if channel not in _ON_PAPER}
    return open_ways.get(PLAIN) or next(iter(open_ways.values()), "")


def message_of(offer: Recommending, *, company: str, typed: str = "") -> Message:
    """Return what is sent, in the language that is active.

    Args:
        offer: in which program; its own words go before ours.
        company: as it calls itself.
        typed: what the advocate made of them, with `{link}`; empty where they changed nothing.
    """
    words = typed or offer.message or _ours(company, _with(offer.friend_gets, offer.friend_condition))
    if LINK_PLACE not in words:
        words = f"{words.rstrip()} {LINK_PLACE}"
    small_print = " ".join(filter(None, (_condition(offer, words), disclosure(offer))))
    return Message(words, small_print, mail_subject(company))


def disclosure(offer: Recommending) -> str:
    """Return the sentence that no advocate who gains something can leave out; empty where they gain nothing."""
    gains = any(each.to == "advocate" for each in offer.offers)
    return _("If you join, I get a reward too.") if gains else ""


def mail_subject(company: str) -> str:
    """Return the subject of a mail in which an advocate passes a link on."""
    return _("%(company)s, for you") % {"company": company}


def read_typed(text: str, shown: str) -> str:
    """Return what was typed, with `{link}` where the link stood that the member was shown."""
    plain = text.replace(LINK_PLACE, "").replace("\r\n", "\n").strip()
    return plain.replace(shown, LINK_PLACE)[:_LONGEST]


def ways_of(message: Message, links: Mapping[str, str]) -> list[Way]:
    """Return the ways of passing a link on but paper.

    Args:
        message: what is sent.
        links: the link of each channel, in order.
    """
    found = []
    for channel, link in links.items():
        if channel not in _ON_PAPER:
            pattern = _address_of(channel, _TEXT, quote(link, safe=""), quote(message.subject, safe=""))
            address = pattern.replace(_TEXT, quote(message.text(link), safe=""))
            found.append(Way(channel, _name_of(channel), link, address, pattern))
    return found


def _condition(offer: Recommending, words: str) -> str:
    """What is asked of whoever uses the gift, which the company's own words and the member's may leave out."""
    asked = offer.friend_condition
    return sentence(f"{offer.friend_gets} {asked}") if asked and asked not in words else ""


def _with(gift: str, condition: str) -> str:
    return f"{gift} ({condition})" if condition else gift


def _ours(company: str, gift: str) -> str:
    if gift:
        return _("I like %(company)s and thought of you. With my link you get %(gift)s: {link}") % {
            "company": company, "gift": gift,
        }  # fmt: skip
    return _("I like %(company)s and thought of you. This is my link: {link}") % {"company": company}


def _name_of(channel: str) -> str:
    names = {**_NAMES, "email": _("E-mail"), PLAIN: _("Copy link")}
    return names.get(channel, channel)


def _address_of(channel: str, message: str, link: str, title: str) -> str:
    """What opens a channel, everything in it percent-encoded; empty where nothing does."""
    address = _ADDRESSES.get(channel)
    return address(message, link, title) if address else ""
