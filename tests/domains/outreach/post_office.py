"""A real SMTP server on loopback, for tests of mails: it keeps what it takes, and answers what it is told to.

Owns the server and reading what arrived. It must not check anything.
"""

import email.policy
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from sayso.core.engine.events import Arrival
from sayso.domains.events.identities import recognise
from sayso.domains.outreach.deliver import send_mails
from tests.domains.cast import event

TAKEN = "250 taken"


class PostOffice:
    """Takes mails.

    Attributes:
        letters: what it took, as it was read.
        raw: the same as it came.
        recipients: for whom, in the same order.
        at_recipient, at_data: what it answers; `TAKEN` takes the mail.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.raw: list[bytes] = []
        self.at_recipient, self.at_data = TAKEN, TAKEN

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        """Take or refuse a recipient."""
        if self.at_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.at_recipient.replace("ADDRESS", address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take or refuse a mail."""
        if self.at_data == TAKEN:
            assert isinstance(envelope.content, bytes)
            letter = message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.raw.append(envelope.content)
            self.recipients += envelope.rcpt_tos
        return self.at_data

    def empty(self, now: datetime) -> list[EmailMessage]:
        """Have every mail that is due sent, then what let another go first; return what arrived since the last time."""
        known = len(self.letters)
        for moment in (now, now + timedelta(seconds=2)):
            while send_mails(moment):
                pass
        return self.letters[known:]


def settings_for(port: int) -> dict[str, Any]:
    """Return Django's settings for a server at a port of this machine."""
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": False,
        "EMAIL_TIMEOUT": 5,
        "MAIL_FROM": "hello@bluebell.example",
        "PUBLIC_URL": "https://friends.example",
    }


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Yield a server that Django's settings name as long as it is open."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    office = PostOffice(port)
    server = Controller(office, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with override_settings(**settings_for(port)):
            yield office
    finally:
        server.stop()


def signup(name: str, member: str, email: str, **fields: Any) -> Arrival:
    """A sign-up by somebody who gives an address."""
    props = {"email": email, **fields.pop("props", {})}
    return event(name, "signup", member, props=props, identities=tuple(recognise(props).identities), **fields)


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(letter: EmailMessage) -> str:
    """Return the HTML of a letter."""
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def code_in(letter: EmailMessage) -> str:
    """Return the code to sign in with that a letter brings."""
    found = re.search(r"^\w{4}-\w{4}$", text_of(letter), re.MULTILINE)
    assert found
    return found[0]
