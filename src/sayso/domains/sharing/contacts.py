"""The contacts of those who are invited: addresses and numbers as keyed hashes, which nobody can read.

Owns the key of each workspace, how a contact is hashed, and adding the hashes to what identifies whoever comes. An
address is hashed as its mailbox too, so that dots and plus signs do not hide whom somebody invited. It must not keep
an address or a number.
"""

import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence

from sayso.core.engine.events import Arrival
from sayso.core.engine.invitations import CONTACT
from sayso.core.program.problems import Problem
from sayso.domains.events.act import NotSayable
from sayso.domains.events.identities import recognise
from sayso.domains.people.models import Identity
from sayso.domains.sharing.models import Salt
from sayso.domains.workspaces.models import Workspace

Identities = Iterable[tuple[str, str]]
# Under which an invitation may be found; of an address the mailbox goes into the invitation.
_HASHED = frozenset({"email", "mailbox", "phone"})
_SALT_BYTES = 32


def salt_of(workspace: Workspace) -> bytes:
    """Return the key with which a workspace hashes contacts; it is made when it is first needed."""
    made, _ = Salt.objects.get_or_create(workspace=workspace, defaults={"salt": secrets.token_bytes(_SALT_BYTES)})
    return bytes(made.salt)


def known_salt(workspace: int) -> bytes | None:
    """Return the key of a workspace by its number; None where nobody was ever invited."""
    found = Salt.objects.filter(workspace=workspace).values_list("salt", flat=True).first()
    return None if found is None else bytes(found)


def contact_of(salt: bytes, value: str) -> str:
    """Return the hash of a normalised address or number: HMAC-SHA-256, 64 hexadecimal digits."""
    return hmac.digest(salt, value.encode(), "sha256").hex()


def contact_in(salt: bytes, *, email: str | None = None, phone: str | None = None) -> str:
    """Return the hash of an address or a number as a person writes it; of the address where both are given.

    Raises:
        NotSayable: there is neither, or it is none.
    """
    found = recognise({"email": email} if email else {"phone": phone})
    if found.problems or not found.identities:
        missing = Problem(0, 0, "email", "An e-mail address or a phone number says who is invited.")
        raise NotSayable(found.problems or [missing])
    return contact_of(salt, found.identities[-1][1])


def hashed(identities: Identities, salt: bytes | None) -> tuple[tuple[str, str], ...]:
    """Return identities with the hashes by which invitations find them; as they are where there is no key."""
    plain = tuple(each for each in identities if each[0] != CONTACT)
    if salt is None:
        return plain
    values = dict.fromkeys(value for kind, value in plain if kind in _HASHED)
    return (*plain, *((CONTACT, contact_of(salt, value)) for value in values))


def contacts_of(workspace: int, members: Collection[int]) -> set[str]:
    """Return the hashes under which members may have been invited, by all that identifies them.

    Args:
        workspace: the number of their workspace.
        members: their numbers.
    """
    salt = known_salt(workspace)
    if salt is None:
        return set()
    known = Identity.objects.filter(member__in=members, kind__in=_HASHED, workspace=workspace)
    return {contact_of(salt, value) for value in known.values_list("value", flat=True)}


def hash_contacts(workspace: int, arrivals: Sequence[Arrival]) -> None:
    """Let arrivals that give an address or a number be found by invitations, in the transaction that decides them."""
    giving = [each for each in arrivals if any(kind in _HASHED for kind, _ in each.identities)]
    salt = known_salt(workspace) if giving else None
    if salt is not None:
        for each in giving:
            each.identities = hashed(each.identities, salt)
