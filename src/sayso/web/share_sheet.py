"""What an advocate passes on: the message with the disclosure in it, and for each channel the address that opens it.

Owns how a message is put together and how each network wants it. It must not draw anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from sayso.core.program.document import LINK_PLACE
from sayso.domains.insight.portal.me import Me
from sayso.domains.insight.portal.offer import Recommending, slugs_for
from sayso.web.links import share_url
from sayso.web.site import Site

# Where there is this one, its link stands in the message as it is shown, and the device's own way of sharing has it.
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
        disclosure: that the advocate gets something too, which cannot be left out; empty where they get nothing.
        link: the share link that stands in the message; empty where the program is passed on by paper alone.
        ways: the program's channels but paper, in its order.
    """

    program: str
    title: str
    message: str
    disclosure: str
    link: str
    ways: tuple[Way, ...]


def sheet_for(site: Site, me: Me, offer: Recommending) -> Sheet:
    """Return what an advocate passes on; links that are not there yet are made.

    Args:
        site: whose pages the links are under.
        me: the advocate.
        offer: in which program.

    Raises:
        MayNotShare: the member was barred.
    """
    links = {each: share_url(site, slug) for each, slug in slugs_for(me, offer).items() if each not in _ON_PAPER}
    with translation.override(me.language):
        disclosure = (
            _("If you join, I get a reward too.") if any(each.to == "advocate" for each in offer.offers) else ""
        )
        texts = {each: _message(offer, link, disclosure) for each, link in links.items()}
        ways = tuple(_way(each, link, texts[each], offer.title) for each, link in links.items())
    shown = PLAIN if PLAIN in links else next(iter(links), "")
    return Sheet(offer.program, offer.title, texts.get(shown, ""), disclosure, links.get(shown, ""), ways)


def _message(offer: Recommending, link: str, disclosure: str) -> str:
    """The advocate's words; where the program has none, what it is called and the link."""
    own = offer.message or f"{offer.title}: {LINK_PLACE}"
    return f"{own.replace(LINK_PLACE, link)}\n{disclosure}".rstrip()


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
