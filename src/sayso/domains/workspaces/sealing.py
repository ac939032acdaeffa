"""Secrets that must be used again, kept so that a copy of the database alone does not give them away.

Owns the sealing: Fernet under a key derived from the installation's secret key; earlier ones, as listed in
SAYSO_SECRET_KEY_FALLBACKS, still open what they sealed. It must not keep a secret anywhere.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

from sayso.core.domain_error import DomainError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet

# What it was called when the first secrets were sealed: another purpose would open none of them.
_PURPOSE = b"sayso.connectors.sealing:"


class SealBroken(DomainError, ValueError):
    """What was sealed cannot be opened: it was changed, or sealed under a secret key that is gone."""


def seal(secret: str) -> str:
    """Return a secret in the form in which it is stored."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret that was sealed.

    Raises:
        SealBroken: as it says.
    """
    from cryptography.fernet import InvalidToken  # noqa: PLC0415

    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken(
            "a secret was sealed under another SAYSO_SECRET_KEY; list that key among the "
            "SAYSO_SECRET_KEY_FALLBACKS, or make a new secret"
        ) from None


def is_under_earlier_key(sealed: str) -> bool:
    """Say whether what was sealed is opened by an earlier secret key only, so that it has to be sealed anew."""
    if not settings.SECRET_KEY_FALLBACKS:
        return False
    from cryptography.fernet import InvalidToken  # noqa: PLC0415

    try:
        _fernet(settings.SECRET_KEY).decrypt(sealed.encode())
    except InvalidToken:
        return True
    return False


def _box() -> "MultiFernet":
    # Imported when it is used: it takes long, and most processes open nothing.
    from cryptography.fernet import MultiFernet  # noqa: PLC0415

    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> "Fernet":
    from cryptography.fernet import Fernet  # noqa: PLC0415

    return Fernet(urlsafe_b64encode(sha256(_PURPOSE + key.encode()).digest()))
