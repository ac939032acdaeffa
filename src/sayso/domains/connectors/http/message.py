"""What is sent and what comes back, and what it means that nothing did.

Owns these shapes. It must not send anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_BYTES = 65_536


class Unanswered(OSError):
    """The request may have arrived: it was sent, or partly, and no answer came. Whether it took effect is unknown."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request.

    Attributes:
        url: where to, as it was given to us.
        headers: besides Host and Content-Length.
    """

    url: str
    body: bytes = b""
    method: str = "POST"
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        headers: names in small letters; of a repeated one, the last.
        body: at most `MOST_BYTES`, as it was sent.
        cut: the body is not whole: it was longer, or broke off, or did not come in time.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool

    @property
    def ok(self) -> bool:
        """Whether the receiver took it: a redirect, too, is a failure."""
        return 200 <= self.status < 300
