"""The mailboxes of everybody in a journey: a real SMTP server on loopback that keeps what it takes.

Owns the server and waiting for a letter. It must not check anything.
"""

from __future__ import annotations

import contextlib
import email.policy
import re
import socket
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_PATIENCE_SECONDS = 30.0
_CODE = re.compile(r"^\w{4}-\w{4}$", re.MULTILINE)


class Mailbox:
    """Takes every letter."""

    def __init__(self) -> None:
        self._letters: list[tuple[str, EmailMessage]] = []
        self._codes_read: set[str] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter."""
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self._letters += [(each, letter) for each in envelope.rcpt_tos]
        return "250 taken"

    @contextlib.contextmanager
    def opened(self) -> Iterator[str]:
        """Run the server until the end of the block, and yield how it is named in the settings."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        server = Controller(self, hostname="127.0.0.1", port=port)
        server.start()
        try:
            yield f"smtp+plain://127.0.0.1:{port}"
        finally:
            server.stop()

    def letter_to(self, address: str, about: str) -> str:
        """Wait for a letter and return its text.

        Args:
            address: whose.
            about: what its subject or its text says.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for to, letter in reversed(self._letters):
                text = _text(letter)
                if to == address and about in f"{letter['Subject']}\n{text}":
                    return text
            time.sleep(0.1)
        raise AssertionError(f"no letter to {address} about {about!r}: {[to for to, _ in self._letters]}")

    def code_for(self, address: str) -> str:
        """Wait for a code to sign in with that was not read before: the last one may still be on its way."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for to, letter in reversed(self._letters):
                found = _CODE.search(_text(letter))
                if to == address and found and found[0] not in self._codes_read:
                    self._codes_read.add(found[0])
                    return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no code for {address}")


def _text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
