"""The links of a member in a program, as addresses that a friend opens.

Owns that there is one for each channel. It must not put words around them.
"""

from __future__ import annotations

from sayso.domains.insight.portal.offer import Recommending, slugs_for
from sayso.domains.sharing.links import MayNotShare
from sayso.web.links import share_url
from sayso.web.portal.visit import Visit


def channel_links(visit: Visit, offer: Recommending) -> dict[str, str]:
    """Return the address of each channel, in order; none where the member was barred.

    Args:
        visit: of the member.
        offer: in which program.
    """
    try:
        slugs = slugs_for(visit.me, offer)
    except MayNotShare:
        return {}
    start = share_url(visit.site, "")
    return {channel: f"{start}{slug}" for channel, slug in slugs.items()}
