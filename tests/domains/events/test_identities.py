"""The mailbox behind an address: what known providers ignore is left out, nobody else's is touched."""

import pytest

from sayso.domains.events.identities import mailbox_of

MAILBOXES = [
    ("b.e.n@gmail.com", "ben@gmail.com"),
    ("ben+bluebell@gmail.com", "ben@gmail.com"),
    ("ben@googlemail.com", "ben@gmail.com"),
    ("b.en+x@outlook.com", "b.en@outlook.com"),
    ("ben+x@icloud.com", "ben@icloud.com"),
    ("ben+x@pm.me", "ben@proton.me"),
    ("b.en+x@bluebell.example", "b.en+x@bluebell.example"),
]


@pytest.mark.parametrize(("address", "mailbox"), MAILBOXES)
def test_the_mailbox_behind_an_address(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox
