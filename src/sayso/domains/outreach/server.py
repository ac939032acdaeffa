"""The mail server, as far as this room knows it: whether there is one, and handing one letter over to it.

Owns the lines to it. It must not touch the database: it runs in threads of its own.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from sayso.domains.outreach.judge import MailAttempt, outcome_of

# RFC 5322, 2.1.1
_LONGEST_LINE = 998


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it leaves.

    Attributes:
        sender: address with the company's name before it.
        to: the address of the one recipient.
        text, html: the same said twice, for readers of either.
        headers: beside those that follow from the rest.
    """

    sender: str
    to: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def why_nothing_is_sent() -> str:
    """Return what the operator has to set before any mail is sent; nothing when all is set."""
    missing = {"SAYSO_MAIL_URL": settings.EMAIL_HOST, "SAYSO_MAIL_FROM": settings.MAIL_FROM}
    names = [name for name, value in missing.items() if not value]
    return f"no mail is sent: set {' and '.join(names)}" if names else ""


class Lines:
    """Lines to the server, one for each thread that sends; each is opened when it is first used."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._open: list[BaseEmailBackend] = []

    def send(self, letter: Letter) -> MailAttempt:
        """Hand a letter over, and return what came of it, whatever that was."""
        try:
            _message(letter, self._line()).send()
        except Exception as error:
            self._hang_up()
            return outcome_of(error)
        return MailAttempt()

    def close(self) -> None:
        """Close every line; no thread may be sending."""
        for line in self._open:
            line.close()

    def _line(self) -> BaseEmailBackend:
        line: BaseEmailBackend | None = getattr(self._mine, "line", None)
        if line is None:
            line = self._mine.line = get_connection()
            self._open.append(line)
            line.open()
        return line

    def _hang_up(self) -> None:
        """Leave a line on which something went wrong; the next letter gets a fresh one."""
        line, self._mine.line = getattr(self._mine, "line", None), None
        if line is not None:
            self._open.remove(line)
            line.close()


class _Unfolded(EmailMultiAlternatives):
    """A mail whose headers stay on one line: an address is not found by every reader where its header is folded."""

    def message(self, **options: Any) -> Any:
        """Return the mail in the form in which it is sent."""
        made: Any = super().message(**options)
        made.policy = made.policy.clone(max_line_length=_LONGEST_LINE)
        return made


def _message(letter: Letter, line: BaseEmailBackend) -> EmailMultiAlternatives:
    message = _Unfolded(
        subject=letter.subject,
        body=letter.text,
        from_email=letter.sender,
        to=[letter.to],
        headers=dict(letter.headers),
        reply_to=[letter.reply_to] if letter.reply_to else None,
        connection=line,
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message
