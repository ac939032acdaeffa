"""How pictures and initials are set on the members' own pages.

Owns the drawing of icons (Lucide's outlines, 24 by 24). It must not read anything from a store.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_PATHS = {
    "whatsapp": '<path d="M7.9 20A9 9 0 1 0 4 16.1L2 22Z"/>',
    "email": '<rect x="2" y="4" width="20" height="16" rx="2"/><path d="m22 7-10 6L2 7"/>',
    "sms": '<path d="M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z"/>'
    '<path d="M8 10h.01M12 10h.01M16 10h.01"/>',
    "facebook": '<path d="M18 2h-3a5 5 0 0 0-5 5v3H7v4h3v8h4v-8h3l1-4h-4V7a1 1 0 0 1 1-1h3z"/>',
    "x": '<path d="M4 4l16 16M20 4 4 20"/>',
    "linkedin": '<path d="M16 8a6 6 0 0 1 6 6v7h-4v-7a2 2 0 0 0-4 0v7h-4v-7a6 6 0 0 1 6-6z"/>'
    '<path d="M2 9h4v12H2z"/><circle cx="4" cy="4" r="2"/>',
    "telegram": '<path d="m22 2-7 20-4-9-9-4Z"/><path d="M22 2 11 13"/>',
    "copy": '<path d="M10 13a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7l-1.7 1.7"/>'
    '<path d="M14 11a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7l1.7-1.7"/>',
    "qr": '<rect x="3" y="3" width="6" height="6" rx="1"/><rect x="15" y="3" width="6" height="6" rx="1"/>'
    '<rect x="3" y="15" width="6" height="6" rx="1"/><path d="M15 15h2v2m4-2v6h-4m-2 0v-2"/>',
    "card": '<path d="M6 9V3h12v6"/><path d="M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5'
    'a2 2 0 0 1-2 2h-2"/>'
    '<path d="M6 14h12v7H6z"/>',
    "share": '<path d="M12 15V3m0 0L7.5 7.5M12 3l4.5 4.5"/><path d="M4 14v5a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-5"/>',
    "friends": '<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><circle cx="9" cy="7" r="4"/>'
    '<path d="M22 21v-2a4 4 0 0 0-3-3.9M16 3.1a4 4 0 0 1 0 7.8"/>',
    "rewards": '<path d="M20 12v10H4V12M2 7h20v5H2zM12 22V7"/>'
    '<path d="M12 7H7.5a2.5 2.5 0 1 1 0-5C11 2 12 7 12 7zM12 7h4.5a2.5 2.5 0 1 0 0-5C13 2 12 7 12 7z"/>',
    "points": '<path d="m12 2.5 2.9 6 6.6.9-4.8 4.6 1.2 6.6L12 17.5l-5.9 3.1 1.2-6.6L2.5 9.4l6.6-.9z"/>',
    "me": '<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7"/>',
}  # fmt: skip


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon; what it means stands beside it in words."""
    # The outlines are ours.
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', mark_safe(_PATHS[name]))  # noqa: S308


@register.filter
def initial(name: str) -> str:
    """Return the first letter of a name."""
    return name[:1].upper()


@register.filter
def titled(titles: dict[str, str], program: str) -> str:
    """Return what a program is called; nothing where there is only one."""
    return titles.get(program, "")
