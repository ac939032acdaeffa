"""The brand of a workspace: what members see of the company, and under which host names.

Owns checking and setting it, and finding the workspace of a host. It must not draw a page.
"""

import re
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max

from sayso.core.domain_error import DomainError
from sayso.domains.workspaces.models import Brand, SiteHost, Workspace

LARGEST_LOGO_BYTES = 200_000
LONGEST_TEXT = 500
MOST_ORIGINS = 50
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
# What no line shows, and what begins another one: mails and pages have a brand in lines of their own.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9_.-]+(:[0-9]{1,5})?")
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class BrandNotUsable(DomainError, ValueError):
    """Something about the brand cannot be shown as it is."""


class HostTaken(DomainError, ValueError):
    """Another workspace has its pages under this host."""


@dataclass(frozen=True, slots=True)
class BrandChange:
    """What shall change of a brand; None leaves as it is. The fields mean what they mean in `models.Brand`."""

    name: str | None = None
    colour: str | None = None
    logo: bytes | None = None
    home_url: str | None = None
    reply_to: str | None = None
    postal_address: str | None = None
    privacy_url: str | None = None
    origins: tuple[str, ...] | None = None


def brand_of(workspace: Workspace) -> Brand:
    """Return the brand of a workspace; one that was never set goes by the workspace's name.

    The picture itself is read when somebody looks at it: every page asks for the brand, and hardly any for that.
    """
    found = Brand.objects.filter(workspace=workspace).defer("logo").first()
    return found or Brand(workspace=workspace, name=workspace.name.replace("-", " ").capitalize())


def set_brand(*, workspace: Workspace, change: BrandChange) -> Brand:
    """Change the brand of a workspace.

    Raises:
        BrandNotUsable: a text is too long, a colour, an address, a picture or an origin is none.
    """
    wanted: dict[str, Any] = {each.name: getattr(change, each.name) for each in fields(change)}
    given = {name: value for name, value in wanted.items() if value is not None}
    values = {name: _CHECKS.get(name, _text)(name, value) for name, value in given.items()}
    if "logo" in values:
        values["logo_type"] = _picture_type(values["logo"])
        values["logo_digest"] = sha256(values["logo"]).hexdigest() if values["logo"] else ""
    with transaction.atomic():
        brand = brand_of(workspace)
        for name, value in values.items():
            setattr(brand, name, value)
        brand.save(force_insert=brand._state.adding)
    return brand


def add_host(*, workspace: Workspace, host: str) -> SiteHost:
    """Let the members' pages stand under a host of the company's own, which points to this installation.

    Raises:
        BrandNotUsable: that is no host name.
        HostTaken: another workspace has it.
    """
    name = host.strip().lower().rstrip(".")
    if not _HOST.fullmatch(name):
        raise BrandNotUsable(f"{host!r} is no host name; write for example friends.bluebell.example")
    with transaction.atomic():
        last = SiteHost.objects.filter(workspace=workspace).aggregate(place=Max("place"))["place"] or 0
        wanted = {"workspace": workspace, "place": last + 1}
        found, _ = SiteHost.objects.get_or_create(host=name, defaults=wanted)
        if found.workspace_id != workspace.pk:
            raise HostTaken(f"another workspace has its pages under {name}")
    return found


def remove_host(*, workspace: Workspace, host: str) -> bool:
    """Take a host away from the members' pages; whether it was one of the workspace's."""
    return SiteHost.objects.filter(workspace=workspace, host=host.strip().lower()).delete()[0] > 0


def hosts_of(workspace: Workspace) -> list[str]:
    """Return the hosts under which the members' pages of a workspace stand, in the order in which they were named."""
    found = SiteHost.objects.filter(workspace=workspace).order_by("place", "host")
    return list(found.values_list("host", flat=True))


def workspace_of_host(host: str) -> Workspace | None:
    """Return the workspace whose members' pages stand under a host; None for any other host."""
    # No workspace is known yet: the host says which one it is.
    found = SiteHost.objects.filter(host=host.lower()).select_related("workspace").first()
    return found.workspace if found else None


# --- what may be shown ------------------------------------------------------------------------------------------------


def _text(name: str, value: str) -> str:
    _check_length(name, value)
    if name == "name" and not value.strip():
        raise BrandNotUsable("a brand needs a name")
    if _UNSEEN.search(value.strip()):
        raise BrandNotUsable(f"{name} holds a line break or another control character; write it in one line")
    return value.strip()


def _lines(name: str, value: str) -> str:
    """Text in several lines, each of which is checked; how a line ends is written in one way."""
    lines = value.strip().replace("\r\n", "\n").split("\n")
    if any(map(_UNSEEN.search, lines)):
        raise BrandNotUsable(f"{name} holds a control character that is no line break; leave it out")
    _check_length(name, value)
    return "\n".join(line.strip() for line in lines)


def _check_length(name: str, value: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise BrandNotUsable(f"{name} has {len(value)} characters; at most {LONGEST_TEXT} are taken")


def _colour(name: str, value: str) -> str:
    if not _COLOUR.fullmatch(value.lower()):
        raise BrandNotUsable(f"{value!r} is no colour; write #b4472e")
    return value.lower()


def _url(name: str, value: str) -> str:
    address = _text(name, value)
    if address and not _is_page(address):
        raise BrandNotUsable(f"{value!r} is no address of a page; write https://bluebell.example")
    return address


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket that is not closed
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username and " " not in address


def _mailbox(name: str, value: str) -> str:
    try:
        if value:
            validate_email(value)
    except ValidationError:
        raise BrandNotUsable(f"{value!r} is no mail address; write hello@bluebell.example") from None
    return value


def _logo(name: str, value: bytes) -> bytes:
    if len(value) > LARGEST_LOGO_BYTES:
        raise BrandNotUsable(f"the logo has {len(value):,} bytes; at most {LARGEST_LOGO_BYTES:,} are taken")
    if value and not _picture_type(value):
        raise BrandNotUsable("the logo is no picture; give a PNG, JPEG or WebP file")
    return value


def _origins(name: str, value: tuple[str, ...]) -> str:
    if len(value) > MOST_ORIGINS:
        raise BrandNotUsable(f"at most {MOST_ORIGINS} origins are taken")
    for each in value:
        if not _ORIGIN.fullmatch(each):
            raise BrandNotUsable(f"{each!r} is no origin; write https://shop.bluebell.example")
    return " ".join(sorted(set(value)))


def _picture_type(picture: bytes) -> str:
    """Return the media type that the first bytes of a picture tell; empty for what is none."""
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _PICTURES.items() if picture.startswith(start)), "")


_CHECKS: dict[str, Any] = {
    "colour": _colour,
    "home_url": _url,
    "privacy_url": _url,
    "reply_to": _mailbox,
    "postal_address": _lines,
    "logo": _logo,
    "origins": _origins,
}
