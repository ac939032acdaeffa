"""What follows from an attempt to send a mail: that it is sent, tried again, or given up.

Pure: what the server said is given. It must not read or write anything.
"""

import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta

from sayso.domains.outreach.models import MailKind

# Seconds from each failed attempt to the next; after the last one the mail is given up.
WAITS = (20, 60, 300, 1800, 7200, 21_600, 43_200)
# A waiting time is made up to this part longer, so that what failed together does not come back together.
JITTER = 0.2
# News that is older is none any more. A code to sign in with has ended by then.
LATE = timedelta(days=3)
LATE_CODE = timedelta(minutes=10)
_LONGEST_SAID = 200
# Servers like to repeat the address, which is kept nowhere here.
_ADDRESS = re.compile(r"\S+@\S+")


@dataclass(frozen=True, slots=True)
class MailAttempt:
    """What came of an attempt.

    Attributes:
        problem: why it was not taken, as a sentence; nothing when it was.
        is_final: trying again would not help.
    """

    problem: str = ""
    is_final: bool = False


def wait_seconds(outcome: MailAttempt, *, attempts: int, chance: float) -> float | None:
    """Return how long a mail that was not taken waits; None when it is given up.

    Args:
        outcome: of the last attempt.
        attempts: how many were made, that one included.
        chance: from 0 to 1.
    """
    if outcome.is_final or attempts > len(WAITS):
        return None
    return WAITS[attempts - 1] * (1 + JITTER * chance)


def late_after(kind: str) -> timedelta:
    """Return for how long a mail of some kind is worth sending."""
    return LATE_CODE if kind == MailKind.SIGN_IN else LATE


def outcome_of(error: Exception) -> MailAttempt:
    """Return what an error while sending means (RFC 5321: 4xx passes, 5xx does not).

    Only what the server says about this mail or its recipient is final: when it refuses us, somebody will put it right.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # One mail has one recipient.
        status, said = next(iter(error.recipients.values()))
        return MailAttempt(f"the server does not take the recipient: {_said(status, said)}", is_final=status >= 500)
    if isinstance(error, smtplib.SMTPDataError):
        answer = _said(error.smtp_code, error.smtp_error)
        return MailAttempt(f"the server does not take the mail: {answer}", is_final=error.smtp_code >= 500)
    if isinstance(error, smtplib.SMTPResponseException):
        return MailAttempt(f"the server refuses us: {_said(error.smtp_code, error.smtp_error)}")
    if isinstance(error, OSError):  # smtplib's own errors are of this kind too
        return MailAttempt(f"the server cannot be reached: {_without_address(str(error)) or type(error).__name__}")
    return MailAttempt(f"{type(error).__name__}: {_without_address(str(error))}", is_final=True)


def _said(status: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{status} {_without_address(text)}"


def _without_address(text: str) -> str:
    return _ADDRESS.sub("…", text)[:_LONGEST_SAID]
