"""Click tokens: what a visit through a link carries along, signed, so that it counts even where its row was lost.

Owns how a token is written and read. It names no visitor, and it must not be taken for more than a touch: it says that
somebody followed a link, at which moment, and which version of the program held then.
"""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings

from sayso.core.program.document import CHANNELS
from sayso.domains.workspaces.models import Workspace

# The parameter that carries the token: to our own pages, and to a page of the company's.
ON_OUR_PAGES, ON_THEIR_PAGES = "t", "sayso"
# The prop of an event in which a company passes on what its page got.
IN_PROPS = "click"
LONGEST = 600

_PURPOSE = b"sayso.sharing.click:"
_SIGNED_BYTES = 12
# Workspace, seconds since 1970, version, channel; the code follows, a zero, the program.
_HEAD = struct.Struct(">HIHB")
_NO_CHANNEL = 255


@dataclass(frozen=True, slots=True)
class Click:
    """A visit through a link.

    Attributes:
        workspace: the number of the workspace whose link it was.
        at: to the second.
        version: of the program, in force at that moment.
    """

    workspace: int
    code: str
    program: str
    channel: str
    at: datetime
    version: int

    def touch(self, source: str = "token") -> dict[str, str]:
        """Return it as one of the `touches` in an event's props.

        Args:
            source: where it was found: token (in the request) or cookie.
        """
        return {"code": self.code, "at": self.at.isoformat(), "source": source, "program": self.program}


def click_token(click: Click) -> str:
    """Return the token of a click, to be put into an address as it is."""
    channel = CHANNELS.index(click.channel) if click.channel in CHANNELS else _NO_CHANNEL
    head = _HEAD.pack(click.workspace, int(click.at.timestamp()), click.version, channel)
    content = b"%s%s\0%s" % (head, click.code.encode(), click.program.encode())
    return _text(content + _signature(content, _key(settings.SECRET_KEY)))


def read_token(text: str, workspace: Workspace) -> Click | None:
    """Return the click of a token; None where it was not made here, was changed, or is another workspace's."""
    return _read(text, workspace.pk)


def with_touch(sent: Any, workspace: int) -> Any:
    """Return an event as it was sent, but for a click token in its props: a touch stands in its place.

    A token that is none is left out without a word: visitors can change what stands in an address, and who signs up
    with such a one signs up all the same.

    Args:
        sent: the event as decoded, whatever it is.
        workspace: the number of the workspace that it was sent to.
    """
    props = sent.get("props") if isinstance(sent, dict) else None
    if not isinstance(props, dict) or IN_PROPS not in props:
        return sent
    text, kept = props[IN_PROPS], {name: value for name, value in props.items() if name != IN_PROPS}
    click = _read(text, workspace) if isinstance(text, str) else None
    touches = kept.get("touches", [])
    if click is None or not isinstance(touches, list):
        return {**sent, "props": kept}
    said = touches_of(click)
    return {**sent, "props": {**said, **kept, "touches": [*touches, *said["touches"]]}}


def _read(text: str, workspace: int) -> Click | None:
    content, signature = _parts(text)
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not content or not any(hmac.compare_digest(signature, _signature(content, _key(key))) for key in keys):
        return None
    number, seconds, version, channel = _HEAD.unpack_from(content)
    code, _, program = content[_HEAD.size :].partition(b"\0")
    if number != workspace:
        return None
    name = CHANNELS[channel] if channel < len(CHANNELS) else ""
    return Click(number, code.decode(), program.decode(), name, datetime.fromtimestamp(seconds, UTC), version)


def touches_of(click: Click | None, source: str = "token") -> dict[str, Any]:
    """Return what a sign-up's props say of a click: the touch, and the version that was shown; nothing of none."""
    if click is None:
        return {}
    return {"touches": [click.touch(source)], "shown_version": {click.program: click.version}}


def _parts(text: str) -> tuple[bytes, bytes]:
    """Content and signature; empty where the text cannot be a token."""
    if not text or len(text) > LONGEST or not text.isascii():
        return b"", b""
    try:
        whole = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b"", b""
    # One token is written in one way only.
    if len(whole) <= _HEAD.size + _SIGNED_BYTES or _text(whole) != text:
        return b"", b""
    return whole[:-_SIGNED_BYTES], whole[-_SIGNED_BYTES:]


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _signature(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")[:_SIGNED_BYTES]


@lru_cache
def _key(secret: str) -> bytes:
    return sha256(_PURPOSE + secret.encode()).digest()
