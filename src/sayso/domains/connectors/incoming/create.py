"""Creating, changing and removing sources.

Owns what a source may be. A new mapping is a draft until it was tried; it must not become live here.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import NOT_FOR_OTHERS
from sayso.domains.connectors.incoming.mapping import check_mapping
from sayso.domains.connectors.incoming.models import Source, Untaken
from sayso.domains.connectors.incoming.queries import source_named
from sayso.domains.connectors.incoming.signatures import Signing, SigningNotUsable, check_signing
from sayso.domains.connectors.webhooks.create import new_secret
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.sealing import seal

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_TAKEN = NOT_FOR_OTHERS | {"api"}
# Where the sender makes the secret, it cannot be made here.
_THEIRS = ("stripe", "shopify")
_SECRET_BYTES = 32


class SourceNameNotUsable(DomainError, ValueError):
    """A source's name is made of small letters, digits and hyphens, and is nobody else's."""


@dataclass(frozen=True, slots=True)
class SourceWanted:
    """What a new source should be.

    Attributes:
        name: the source of its events.
        signing: how its messages are signed.
        mapping: what they mean, as decoded from JSON.
        secret: with what they are signed; empty to have one made, where the sender takes ours.
    """

    name: str
    signing: Signing
    mapping: Mapping[str, Any]
    secret: str = ""


def create_source(*, workspace: Workspace, wanted: SourceWanted, now: datetime) -> tuple[Source, str]:
    """Create a source that takes nothing yet, and return it with its secret, which is not shown again.

    Raises:
        SourceNameNotUsable, SigningNotUsable, MappingNotUsable: as they say.
    """
    if not _NAME.fullmatch(wanted.name) or wanted.name in _TAKEN:
        raise SourceNameNotUsable(f"{wanted.name!r} is no name for a source; write small letters, digits and hyphens")
    check_mapping(wanted.mapping)
    secret = wanted.secret or _secret_for(wanted.signing.scheme)
    check_signing(wanted.signing, secret)
    try:
        with transaction.atomic():
            made = Source.objects.create(
                number=new_number(now),
                workspace=workspace,
                name=wanted.name,
                scheme=wanted.signing.scheme,
                signing=asdict(wanted.signing),
                secret=seal(secret),
                draft=json.dumps(wanted.mapping),
                created_at=now,
            )
    except IntegrityError:
        raise SourceNameNotUsable(f"there is a source {wanted.name!r} already") from None
    return made, secret


def change_mapping(*, workspace: Workspace, name: str, mapping: Mapping[str, Any]) -> Source:
    """Write a new draft of a source's mapping; the one that is live stays so until the draft is tried and enabled.

    Raises:
        NoSuchSource, MappingNotUsable: as they say.
    """
    check_mapping(mapping)
    source = source_named(workspace=workspace, name=name)
    source.draft, source.tried = json.dumps(mapping), ""
    source.save(update_fields=["draft", "tried"])
    return source


def replace_secret(*, workspace: Workspace, name: str, secret: str) -> Source:
    """Take messages signed with another secret from now on, and none signed with the one before.

    Raises:
        NoSuchSource, SigningNotUsable: as they say.
    """
    source = source_named(workspace=workspace, name=name)
    check_signing(Signing(**source.signing), secret)
    source.secret = seal(secret)
    source.save(update_fields=["secret"])
    return source


def remove_source(*, workspace: Workspace, name: str) -> None:
    """Remove a source; its events stay in the log.

    Raises:
        NoSuchSource: there is none.
    """
    with transaction.atomic():
        source = source_named(workspace=workspace, name=name)
        Untaken.objects.filter(source=source.number, workspace=workspace).delete()
        Source.objects.filter(number=source.number, workspace=workspace).delete()


def _secret_for(scheme: str) -> str:
    if scheme in _THEIRS:
        raise SigningNotUsable(f"{scheme} makes the secret itself; give the one that it shows")
    return new_secret() if scheme == "standard_webhooks" else secrets.token_urlsafe(_SECRET_BYTES)
