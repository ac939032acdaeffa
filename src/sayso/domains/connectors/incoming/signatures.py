"""How messages are signed: Standard Webhooks, Stripe, Shopify, and plain HMAC with the settings of a source.

Owns the checks, over the raw body and in constant time. A message's id is taken from what is signed, never from what
anybody could change on the way. It must not read what the body says, but for the id of a message of Stripe.
"""

import hmac
import json
from base64 import b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from standardwebhooks import Webhook

from sayso.core.domain_error import DomainError

OLDEST_SECONDS = 300
_ID_LETTERS = 32
_LONGEST_ID = 150


class BadSignature(DomainError, ValueError):
    """The message is not signed with the secret of its source, or was signed too long ago."""


class SigningNotUsable(DomainError, ValueError):
    """There is no such scheme, or its secret or a setting of it is not usable."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How a source signs.

    Attributes:
        scheme: one of `SCHEMES`.
        header: for `hmac`, where the signature stands.
        encoding: for `hmac`, `hex` or `base64`.
        prefix: for `hmac`, what stands before the signature, `sha256=`.
        timestamp_header: for `hmac`, where the time in seconds stands, if it is signed: `time.body`.
    """

    scheme: str
    header: str = "X-Signature"
    encoding: str = "hex"
    prefix: str = ""
    timestamp_header: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A message as it came in; names of headers in small letters."""

    body: bytes
    headers: Mapping[str, str]

    def header(self, name: str) -> str:
        """Return a header.

        Raises:
            BadSignature: it is missing.
        """
        value = self.headers.get(name.lower(), "")
        if not value:
            raise BadSignature(f"the header {name} is missing")
        return value


def verify(signed: Signed, signing: Signing, secret: str, *, now: datetime) -> str:
    """Check a message and return its id.

    Args:
        signed: the message.
        signing: how its source signs.
        secret: with what.
        now: the time; what was signed five minutes from it is refused, where the time is signed.

    Raises:
        BadSignature: it does not hold.
    """
    return SCHEMES[signing.scheme](signed, signing, secret, now)


def check_signing(signing: Signing, secret: str) -> None:
    """Check that a source can sign in this way.

    Raises:
        SigningNotUsable: as it says.
    """
    if signing.scheme not in SCHEMES:
        raise SigningNotUsable(f"there is no way of signing {signing.scheme!r}; there are {', '.join(SCHEMES)}")
    if signing.encoding not in _ENCODINGS:
        raise SigningNotUsable(f"a signature is written in {' or '.join(_ENCODINGS)}")
    if not secret.isascii() or not secret.isprintable() or not 8 <= len(secret) <= 500:
        raise SigningNotUsable("a secret has 8 to 500 letters of ASCII")
    if signing.scheme == "standard_webhooks":
        try:
            Webhook(secret)
        except (ValueError, NotBase64):
            raise SigningNotUsable("a secret of Standard Webhooks is whsec_ and base 64") from None


def _standard(signed: Signed, _: Signing, secret: str, now: datetime) -> str:
    name, time = signed.header("webhook-id"), signed.header("webhook-timestamp")
    moment = datetime.fromtimestamp(_fresh(time, now), UTC)
    expected = Webhook(secret).sign(name, moment, _text(signed.body))
    _one_matches(expected, [each for each in signed.header("webhook-signature").split() if each.startswith("v1,")])
    if len(name) > _LONGEST_ID:
        raise BadSignature("webhook-id is too long")
    return name


def _stripe(signed: Signed, _: Signing, secret: str, now: datetime) -> str:
    parts = [each.partition("=") for each in signed.header("Stripe-Signature").split(",")]
    time = next((value for name, _, value in parts if name.strip() == "t"), "")
    _fresh(time, now)
    expected = _digest(secret, time.encode() + b"." + signed.body).hex()
    _one_matches(expected, [value for name, _, value in parts if name.strip() == "v1"])
    return _id_within(signed.body) or _id_of(signed.body)


def _shopify(signed: Signed, _: Signing, secret: str, now: datetime) -> str:
    expected = b64encode(_digest(secret, signed.body)).decode()
    _one_matches(expected, [signed.header("X-Shopify-Hmac-Sha256")])
    return _id_of(signed.body)


def _hmac(signed: Signed, signing: Signing, secret: str, now: datetime) -> str:
    content = signed.body
    if signing.timestamp_header:
        time = signed.header(signing.timestamp_header)
        _fresh(time, now)
        content = time.encode() + b"." + content
    given = signed.header(signing.header)
    expected = signing.prefix + _ENCODINGS[signing.encoding](_digest(secret, content))
    _one_matches(expected, [given])
    return _id_of(signed.body)


_ENCODINGS: Mapping[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "base64": lambda digest: b64encode(digest).decode(),
}
SCHEMES: Mapping[str, Callable[[Signed, Signing, str, datetime], str]] = {
    "standard_webhooks": _standard,
    "stripe": _stripe,
    "shopify": _shopify,
    "hmac": _hmac,
}


def _digest(secret: str, content: bytes) -> bytes:
    return hmac.new(secret.encode(), content, sha256).digest()


def _id_of(body: bytes) -> str:
    """The same message sent again has the same body, and of that alone nobody can make another."""
    return sha256(body).hexdigest()[:_ID_LETTERS]


def _id_within(body: bytes) -> str:
    """The id that the body says, or nothing: sent again, a message of Stripe differs in `pending_webhooks`."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    name = said.get("id") if isinstance(said, dict) else None
    return name if isinstance(name, str) and len(name) <= _LONGEST_ID and name.isprintable() else ""


def _one_matches(expected: str, given: list[str]) -> None:
    matches = [hmac.compare_digest(expected.encode(), each.strip().encode()) for each in given]
    if not any(matches):
        raise BadSignature("the signature does not hold")


def _fresh(text: str, now: datetime) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        raise BadSignature("the time of signing is no number of seconds")
    if abs(int(text) - now.timestamp()) > OLDEST_SECONDS:
        raise BadSignature(f"it was signed more than {OLDEST_SECONDS} seconds from now")
    return int(text)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadSignature("the body is no UTF-8") from None
