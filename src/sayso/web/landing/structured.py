"""What search engines and assistants read of a landing page: JSON-LD in the words of schema.org.

Owns that text. It must say nothing that the page does not say.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from sayso.web.landing.visit import LandingVisit

# Inside a script element these could end it, or begin another (HTML, restrictions on script contents).
_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def structured_data(visit: LandingVisit) -> SafeString:
    """Return the element to be put into the page."""
    text = json.dumps({"@context": "https://schema.org", "@graph": _things(visit)}, ensure_ascii=False)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text.translate(_ESCAPED)))  # noqa: S308


def _things(visit: LandingVisit) -> list[dict[str, Any]]:
    brand, said = visit.site.brand, visit.said
    company = {"@type": "Organization", "name": brand.name, **({"url": brand.home_url} if brand.home_url else {})}
    offer: dict[str, Any] = {
        "@type": "Offer",
        "name": said.headline,
        "description": " ".join(filter(None, (said.offer, *said.gets))),
        "url": visit.site.url(visit.address),
        "offeredBy": company,
    }
    if visit.landing.until:
        offer["validThrough"] = visit.landing.until.isoformat()
    asked = [
        {"@type": "Question", "name": each.question, "acceptedAnswer": {"@type": "Answer", "text": each.answer}}
        for each in visit.landing.questions
    ]
    return [offer, {"@type": "FAQPage", "mainEntity": asked}] if asked else [offer]
