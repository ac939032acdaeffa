"""`/portal/`: what recommending brings, and passing it on in one tap; the card that is printed.

Owns what these pages show. Links are `sharing`'s, words `share_sheet`'s. The first look makes the member's code and
links, since a link must be there to be shown and most members never look; it takes their own sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sayso.core.program.document import LINK_PLACE
from sayso.domains.insight.portal.friends import friends_of
from sayso.domains.insight.portal.offer import Recommending, recommending
from sayso.domains.insight.portal.rewards import open_choices
from sayso.domains.insight.portal.standing import roads_of, standings_of
from sayso.domains.insight.portal.wallet import wallets_of_mine
from sayso.domains.sharing.click import ON_OUR_PAGES, Click, click_token
from sayso.domains.sharing.note_share import note_share
from sayso.domains.sharing.qr import qr_svg
from sayso.domains.sharing.queries import codes_of
from sayso.web.portal.lines import because, friend_line, headline, small_print
from sayso.web.portal.visit import PortalVisit, for_member
from sayso.web.share_sheet import Message, Way, disclosure, message_of, read_typed, shown_link, ways_of
from sayso.web.site.pages import LANGUAGE

_FEW = 3


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a member passes a program on.

    Attributes:
        link: the plain one, to be copied; what the message shows.
        qr: the picture of the code; empty where the program does not want one.
        has_card: a card may be printed.
        introduction: the form on which they hand in a contact; empty where the program asks for none.
        words: the message without the disclosure, as it is shown and edited.
        is_typed: the member changed it.
    """

    offer: Recommending
    message: Message
    ways: list[Way]
    link: str
    qr: SafeString
    has_card: bool
    introduction: str
    words: str
    is_typed: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_member
def share(visit: PortalVisit, program: str = "") -> HttpResponse:
    """Show the page; a message that was typed is taken over into what is sent, and kept nowhere."""
    offers = recommending(visit.me)
    if not offers:
        return visit.go("points")
    offer = next((each for each in offers if each.program == program), None) if program else offers[0]
    if offer is None:
        raise Http404
    sharing = _sharing(visit, offer)
    return visit.show(
        "share.html",
        "share",
        offers=offers,
        offer=offer,
        # Nobody is promised what would not come of it.
        headline=headline(offer) if sharing else offer.title,
        small_print=small_print(offer),
        sharing=sharing,
        roads=_roads(visit, offer.program),
        gift=_gift(visit),
        friends=[(each, friend_line(each)) for each in friends_of(visit.me, program=offer.program, limit=_FEW)],
        wallets=wallets_of_mine(visit.me),
        standing=next((each for each in standings_of(visit.me) if each.program == offer.program), None),
    )


@require_POST
@for_member
def shares(visit: PortalVisit, program: str) -> HttpResponse:
    """Note that the member passed their link on, which a script tells the moment they do."""
    channel = visit.request.POST.get("channel", "")
    if not note_share(
        workspace=visit.workspace, member=visit.member, program=program, channel=channel, now=visit.now
    ):  # fmt: skip
        raise Http404
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_safe
@for_member
def card(visit: PortalVisit, program: str) -> HttpResponse:
    """Show a card with the code, to be printed and handed over."""
    offer = next((each for each in recommending(visit.me) if each.program == program), None)
    if offer is None or "card" not in offer.channels:
        raise Http404
    links = _links(visit, offer)
    if not links:
        return visit.go(f"share/{program}")  # where it says why
    link = links["card"]
    start, slash, slug = link.rpartition("/")
    shown = {"link_start": start + slash, "link_end": slug, "qr": _picture(link), "disclosure": disclosure(offer)}
    return visit.show("card.html", "", offer=offer, **shown)


def _sharing(visit: PortalVisit, offer: Recommending) -> Sharing | None:
    """How it is passed on; None where the member may not."""
    links = _links(visit, offer)
    if not links:
        return None
    shown = shown_link(links) or next(iter(links.values()))
    typed = read_typed(visit.request.POST.get("message", ""), shown) if visit.request.method == "POST" else ""
    message = message_of(offer, company=visit.site.brand.name, typed=typed)
    ways = [each for each in ways_of(message, links) if each.address]
    qr = _picture(links["qr"]) if "qr" in links else mark_safe("")
    words = message.words.replace(LINK_PLACE, shown)
    return Sharing(
        offer=offer,
        message=message,
        ways=ways,
        link=shown,
        qr=qr,
        has_card="card" in links,
        introduction=_introduction(visit, offer),
        words=words,
        is_typed=bool(typed),
    )


def _links(visit: PortalVisit, offer: Recommending) -> dict[str, str]:
    """The member's links by channel; none while what they pass on would not count."""
    return {} if offer.condition or offer.rests else visit.links(offer)


def _introduction(visit: PortalVisit, offer: Recommending) -> str:
    if not offer.takes_leads:
        return ""
    # Whoever has a link has a code. The form knows by it who hands in, as a page knows who sent its visitor.
    code = codes_of(visit.workspace, visit.me.numbers)[0].code
    token = click_token(
        Click(
            workspace=visit.workspace.pk,
            code=code,
            program=offer.program,
            channel="",
            at=visit.now,
            version=offer.version,
        )
    )
    return visit.site.path(f"/p/{offer.program}/lead?{ON_OUR_PAGES}={token}&{LANGUAGE}={visit.language}")


def _picture(link: str) -> SafeString:
    # Nothing of what stands in the link can leave the picture: its content is squares.
    return mark_safe(qr_svg(link))  # noqa: S308


def _roads(visit: PortalVisit, name: str) -> list[object]:
    program = visit.me.program(name)
    return list(roads_of(visit.me, program)) if program else []


def _gift(visit: PortalVisit) -> dict[str, object] | None:
    """The reward that waits to be chosen, and whether it only just arrived."""
    waiting = open_choices(visit.me)
    if not waiting:
        return None
    joy = visit.celebrate({each.number for each in waiting})
    return {"reward": waiting[0], "because": because(waiting[0]), "more": len(waiting) - 1, "joy": joy}
