"""The port of fulfilment: what a provider is asked, and what it may answer.

Owns the two kinds of provider. One that works in our own database hands over in the transaction that notes it. One that
asks somebody else is only ever *sent* an order after the order says so, and is asked by its key before it is sent
again. It must not know a provider.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from sayso.core.domain_error import DomainError
from sayso.core.engine.rows import Item
from sayso.domains.rewards.models import Order, Reward, Way
from sayso.domains.workspaces.models import Workspace

# What a receiver says is kept up to so many characters.
LONGEST = 500


class Said(StrEnum):
    """What a provider may say of an order."""

    DELIVERED = "delivered"
    REFUSED = "refused"  # the receiver does not want this reward to be issued
    FAILED = "failed"  # it cannot be delivered, for good
    WAITS = "waits"  # nothing was delivered, and later it may be
    PENDING = "pending"  # the receiver has it and is still at it
    UNKNOWN = "unknown"  # it may have taken effect
    NOT_FOUND = "not_found"  # the receiver never got it
    ALLOWED = "allowed"  # the receiver has nothing against it


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """The answer of a provider.

    Attributes:
        code, reference, proof: as in `models.Order`.
        reason: why nothing was delivered, at most `LONGEST` characters.
        wait_seconds: when the receiver wants to be asked again; None when it does not say.
    """

    said: Said
    code: str = ""
    reference: str = ""
    proof: str = ""
    reason: str = ""
    wait_seconds: float | None = None


# Asks, which may take long, and returns the answer. It is called in another thread, and must not read the database.
Asking = Callable[[], ProviderAnswer]


@dataclass(frozen=True, slots=True)
class Handover:
    """One thing that is to be handed over.

    Attributes:
        settings: of the provider.
        now: the time.
        until: when our lease on the order is over, on the monotonic clock; who wakes up after it sends nothing.
    """

    workspace: Workspace
    order: Order
    reward: Reward
    item: Item
    settings: Mapping[str, Any]
    now: datetime
    until: float


class Kept(NamedTuple):
    """The settings of a provider as they are kept, and what is shown of them this once: a new secret."""

    settings: dict[str, Any]
    once: dict[str, str]


class ProviderNotUsable(DomainError, ValueError):
    """What was said about a provider is not enough for it to work, or wrong."""


class Local(Protocol):
    """Hands over out of our own database.

    Attributes:
        takes: the names of what may be said when it is set.
    """

    takes: Collection[str]

    def checked(self, workspace: Workspace, settings: Mapping[str, Any]) -> Kept:
        """Return the settings as they are kept, from those that were there with what was said now.

        Raises:
            ProviderNotUsable: they are not enough, or wrong.
        """

    def hand_over(self, wanted: Handover) -> ProviderAnswer:
        """Hand over, in the transaction of the caller, who notes it there: `DELIVERED` or `WAITS`."""


class Remote(Protocol):
    """Hands over by asking somebody else, who may answer, or not; `takes` as in `Local`.

    Each question is prepared when its method is called, and asked when what that returns is called; what is known
    without asking is returned as the answer.
    """

    takes: Collection[str]

    def checked(self, workspace: Workspace, settings: Mapping[str, Any]) -> Kept:
        """As `Local.checked`."""

    def may_be_issued(self, wanted: Handover) -> ProviderAnswer | Asking:
        """Ask whether the receiver has something against it: `ALLOWED`, `REFUSED`, or `WAITS` while it does not say."""

    def order(self, wanted: Handover) -> ProviderAnswer | Asking:
        """Send the order, once."""

    def status(self, wanted: Handover) -> ProviderAnswer | Asking:
        """Ask by key what became of an order that was sent."""


_local: dict[str, Local] = {}
_remote: dict[str, Remote] = {}


def register_local(way: Way, provider: Local) -> None:
    """Let a provider of our own see to a way."""
    _local[way] = provider


def register_remote(way: Way, provider: Remote) -> None:
    """Let a provider that asks others see to a way."""
    _remote[way] = provider


def local_providers() -> Mapping[str, Local]:
    """Return the providers of our own, by way."""
    return _local


def remote_providers() -> Mapping[str, Remote]:
    """Return the providers that ask others, by way."""
    return _remote


def provider_of(way: str) -> Local | Remote | None:
    """Return who sees to a way; None where people do."""
    return _local.get(way) or _remote.get(way)
