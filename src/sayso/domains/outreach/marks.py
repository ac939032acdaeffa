"""Marks: by what an address is recognised where the address itself is not kept.

Owns the keyed hash. The key is random, one for each workspace, and kept sealed: a copy of the database alone does not
tell whether a mark is of a certain address, and a new secret key of the installation changes no mark. It must not keep
an address.
"""

import hashlib
import hmac
import secrets

from sayso.domains.events.identities import mailbox_of, recognise
from sayso.domains.outreach.models import AddressKey
from sayso.domains.workspaces.sealing import is_under_earlier_key, seal, unseal

_KEY_BYTES = 32


def address_in(text: str) -> str:
    """Return the mail address that somebody wrote, in the one form in which members have it; empty for none."""
    found = recognise({"email": text}).identities
    return next((value for kind, value in found if kind == "email"), "")


def mark_of_mailbox(workspace: int, address: str) -> bytes:
    """Return the mark of the mailbox behind an address: however known providers let it be written, it is one mark.

    Args:
        workspace: the workspace's number; the same mailbox has another mark in another workspace.
        address: as `address_in` returns it.
    """
    return _mark(workspace, "mailbox", mailbox_of(address))


def mark_of_client(workspace: int, client: str) -> bytes:
    """Return the mark of a network address; nothing for nothing."""
    return _mark(workspace, "client", client) if client else b""


def _mark(workspace: int, kind: str, value: str) -> bytes:
    return hmac.new(_key(workspace), f"{kind}:{value}".encode(), hashlib.sha256).digest()


def _key(workspace: int) -> bytes:
    found = AddressKey.objects.filter(workspace=workspace).first()
    if found is None:
        fresh = {"sealed": seal(secrets.token_hex(_KEY_BYTES))}
        found, _ = AddressKey.objects.get_or_create(workspace_id=workspace, defaults=fresh)
    key = unseal(found.sealed)
    if is_under_earlier_key(found.sealed):
        # So that the earlier secret key can be dropped one day.
        AddressKey.objects.filter(workspace=workspace).update(sealed=seal(key))
    return bytes.fromhex(key)
