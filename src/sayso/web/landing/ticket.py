"""The ticket that every form carries: which page was shown, since when, and a sum for the visitor's browser.

Owns the ticket, which is signed, and the proof of work in it: the browser finds the number behind a digest, as altcha
does it, which costs a person nothing and a robot a second each time. The server remembers nothing: a ticket is one
sign-up, however often it comes. It must not decide who is let in.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.core import signing

# A browser tries about half of the numbers: a second on a telephone.
HIGHEST_NUMBER = 40_000
VALID_SECONDS = 24 * 3600
_SALT = "sayso.landing.ticket"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Ticket:
    """What was shown to whom.

    Attributes:
        once: names this form and nothing else; 16 random bytes.
        page: what the form belongs to, `program/bring-a-friend`; a ticket is good for one.
        version: of the program whose terms were shown.
        variant: of the page.
        shown_at: seconds since 1970.
        digest: SHA-256 of `once` and the number that is to be found, in hexadecimal.
    """

    once: str
    page: str
    version: int
    variant: str
    shown_at: int
    digest: str

    @property
    def age_seconds(self) -> float:
        """For how long the form has been open."""
        return time.time() - self.shown_at

    def is_proven(self, number: str) -> bool:
        """Whether a browser found the number."""
        return secrets.compare_digest(_digest(self.once, number), self.digest)


def new_ticket(page: str, *, version: int, variant: str = "") -> Ticket:
    """Return a ticket for a form that is shown now."""
    once = secrets.token_hex(16)
    digest = _digest(once, str(secrets.randbelow(HIGHEST_NUMBER)))
    return Ticket(once=once, page=page, version=version, variant=variant, shown_at=int(time.time()), digest=digest)


def write_ticket(ticket: Ticket) -> str:
    """Return a ticket as a form carries it."""
    return signing.dumps(asdict(ticket), salt=_SALT)


def read_ticket(text: str, page: str) -> Ticket | None:
    """Return the ticket of a form; None where it is another page's, too old, or was made by somebody else."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        said: dict[str, Any] = signing.loads(text, salt=_SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    ticket = Ticket(**said)
    return ticket if ticket.page == page else None


def _digest(once: str, number: str) -> str:
    return sha256(f"{once}{number[:20]}".encode()).hexdigest()
