"""`/portal/friends`: whom the member recommended and how far they are; reminding one of them, once.

Owns what these pages show. What a friend allowed is decided below.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sayso.domains.insight.portal.friends import Friend, friend_by_referral, friends_of
from sayso.domains.insight.portal.leaders import leaders_for
from sayso.domains.insight.portal.offer import recommending
from sayso.domains.people.consents import LISTED
from sayso.domains.referrals.listing import is_listed
from sayso.domains.referrals.queries import NoSuchReferral
from sayso.domains.referrals.remind import MayNotRemind, remind_friend
from sayso.domains.workspaces.ids import number_of
from sayso.web.portal.lines import friend_line
from sayso.web.portal.visit import PortalVisit, for_member
from sayso.web.share_sheet import Message, disclosure, mail_subject, ways_of

# Ways that reach one person, and not everybody at once.
_TO_ONE = ("whatsapp", "email", "sms", "telegram")


@require_safe
@for_member
def friends(visit: PortalVisit) -> HttpResponse:
    """Show the friends, the latest first, and the list of those who recommended most."""
    titles = {each.program: each.title for each in recommending(visit.me)}
    return visit.show(
        "friends.html",
        "friends",
        friends=[(each, friend_line(each)) for each in friends_of(visit.me)],
        titles=titles if len(titles) > 1 else {},
        lists=[(title, leaders_for(visit.me, name)) for name, title in titles.items()],
        listing=visit.consent_text(LISTED),
        is_listed=is_listed(visit.workspace, visit.member.id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_member
def reminder(visit: PortalVisit, referral: str) -> HttpResponse:
    """Show what a reminder would say; posted, note that the member reminds their friend."""
    number = number_of("ref", referral)
    friend = friend_by_referral(visit.me, number) if number is not None else None
    if friend is None or number is None or not (friend.may_be_reminded or friend.reminded):
        raise Http404
    if visit.request.method == "POST":
        try:
            remind_friend(workspace=visit.workspace, referral=number, advocate=visit.me.numbers, now=visit.now)
        except (MayNotRemind, NoSuchReferral):
            return visit.go("friends")
        return visit.go(f"friends/{friend.id}/reminder")
    message, links = _message(visit, friend)
    ways = [each for each in ways_of(message, links) if each.channel in _TO_ONE]
    return visit.show(
        "reminder.html",
        "friends",
        friend=friend,
        called=friend.name or _("your friend"),
        text=message.text(next(iter(links.values()))),
        ways=ways,
    )


def _message(visit: PortalVisit, friend: Friend) -> tuple[Message, dict[str, str]]:
    """What the member may write, and the link in it."""
    offer = next((each for each in recommending(visit.me) if each.program == friend.program), None)
    links = visit.links(offer) if offer else {}
    if offer is None or not links:
        raise Http404
    company = visit.site.brand.name
    said = {"company": company, "day": friend.until}
    greeting = _("Hi %(name)s!") % {"name": friend.name} if friend.name else _("Hi!")
    if friend.until:
        words = _("Have you tried %(company)s yet? What I sent you is good until %(day)s: {link}") % said
    else:
        words = _("Have you tried %(company)s yet? This is my link again: {link}") % said
    return Message(f"{greeting} {words}", disclosure(offer), mail_subject(company)), links
