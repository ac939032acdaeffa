"""The one table from errors to answers: problem details as RFC 9457 writes them.

Owns which error is answered with which status, and how a problem is written. What an error says is written for whoever
sent the request, and is handed on; of an error that is not in the table nothing is told. It must not know a route.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError

from sayso.core.domain_error import DomainError
from sayso.core.engine.why import UnknownClause
from sayso.core.program.filters import NotOfPeople
from sayso.core.program.problems import Problem, in_one_line
from sayso.domains.connectors.http.destination import UrlNotAllowed
from sayso.domains.connectors.incoming.accept import MessageRefused
from sayso.domains.connectors.incoming.create import SourceNameNotUsable
from sayso.domains.connectors.incoming.enable import NotTried
from sayso.domains.connectors.incoming.mapping import MappingNotUsable
from sayso.domains.connectors.incoming.queries import NoSuchSource
from sayso.domains.connectors.incoming.signatures import BadSignature, SigningNotUsable
from sayso.domains.connectors.incoming.translate import NotReadable
from sayso.domains.connectors.webhooks.create import EndpointNotUsable
from sayso.domains.connectors.webhooks.queries import NoSuchDelivery, NoSuchEndpoint
from sayso.domains.connectors.webhooks.rotate import TimeNotUsable
from sayso.domains.decisions.clock import BackInTime, NotATest, TooFarAhead
from sayso.domains.decisions.committer import NotAnswered, TooBusy
from sayso.domains.events.act import KeyReused, NotSayable
from sayso.domains.events.queries import NoSuchEvent
from sayso.domains.jobs.tasks import NoSuchTask
from sayso.domains.ledger.spend import NoSuchUnit, NotEnough
from sayso.domains.outreach.switches import MailNotSendable
from sayso.domains.pages.consent_texts import ConsentTextNotUsable, NoSuchConsentText
from sayso.domains.people.host_token import TokenRefused
from sayso.domains.people.queries import NoSuchMember
from sayso.domains.people.update import SameMember
from sayso.domains.programs.publish import ProgramRefused
from sayso.domains.programs.queries import NoSuchProgram
from sayso.domains.referrals.groups import NoSuchGroup, NotRunning
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.referrals.queries import NoSuchReferral
from sayso.domains.referrals.remind import MayNotRemind
from sayso.domains.rewards.fulfilment.port import ProviderNotUsable
from sayso.domains.rewards.grant import BudgetSpent, GrantLimitReached, NoStaffGrants
from sayso.domains.rewards.load_codes import PoolNotUsable
from sayso.domains.rewards.queries import NoSuchReward
from sayso.domains.rewards.rule import ChoiceNotOffered, RewardNotOpen
from sayso.domains.rewards.set_provider import ProviderBusy
from sayso.domains.sharing.give_code import CodeTaken
from sayso.domains.sharing.invite import TooManyInvitations
from sayso.domains.sharing.links import MayNotShare, NoSuchChannel
from sayso.domains.sharing.queries import NoSuchCode
from sayso.domains.sharing.track import NotTrackable
from sayso.domains.workspaces.brand import BrandNotUsable, HostTaken
from sayso.domains.workspaces.head import NoSuchWorkspace
from sayso.domains.workspaces.keys import KeyNameTaken, KeyNotUsable, NoSuchKey
from sayso.domains.workspaces.once import RequestReused
from sayso.domains.workspaces.portal_secret import KeepingNotUsable
from sayso.domains.workspaces.sealing import SealBroken

# PostgreSQL's word for a transaction that may not write.
_READ_ONLY = "25006"
MEDIA_TYPE = "application/problem+json"
# How long a client is asked to wait before it tries again, when the database or a queue has no place.
RETRY_SECONDS = 1

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# How a sentence may begin: not the name of a field, nor the way to one.
_BEGINNING = re.compile(r"[a-z]+[ ,']")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was not carried out, and why; nothing was changed, but perhaps by one that got no answer.

    Attributes:
        status: of the answer.
        kind: a stable name for programs, `reward-not-open`.
        title: the same for people; it does not change from case to case.
        detail: what it was in this case.
        problems: each thing that is wrong, with its place and what to write instead.
        headers: of the answer, beside those that every answer has.
    """

    status: int
    kind: str
    title: str
    detail: str = ""
    problems: Sequence[Problem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self, request_id: str = "") -> dict[str, Any]:
        """Return the members of the problem document."""
        told: dict[str, Any] = {
            "type": f"urn:sayso:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "problems": [
                {"path": each.path, "message": each.message, "instead": each.instead, "line": each.line}
                for each in self.problems
            ],
        }
        return {**told, "request_id": request_id} if request_id else told

    def as_bytes(self, request_id: str = "") -> bytes:
        """Return the problem document."""
        return json.dumps(self.as_dict(request_id), ensure_ascii=False).encode("utf-8", "replace")


class Refused(Exception):
    """The ring itself refuses a request, before any domain is asked."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Row:
    """What an error of a domain is answered with.

    Attributes:
        status: of the answer.
        title: what went wrong, the same in every case.
        detail: said in place of the error's own words, where those are for the operator.
    """

    status: HTTPStatus
    title: str
    detail: str = ""


_NOT_FOUND, _CONFLICT, _WRONG = HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY
_LATER = HTTPStatus.SERVICE_UNAVAILABLE

ANSWERS: Mapping[type[DomainError], Row] = {
    NoSuchWorkspace: Row(_NOT_FOUND, "There is no such workspace."),
    NoSuchMember: Row(_NOT_FOUND, "Nobody is called that."),
    NoSuchGroup: Row(_NOT_FOUND, "The program has no such group."),
    NoSuchKey: Row(_NOT_FOUND, "There is no such key."),
    NoSuchCode: Row(_NOT_FOUND, "Nobody recommends with that code."),
    NoSuchEvent: Row(_NOT_FOUND, "There is no such event."),
    NoSuchProgram: Row(_NOT_FOUND, "There is no such program."),
    NoSuchReferral: Row(_NOT_FOUND, "There is no such referral."),
    NoSuchReward: Row(_NOT_FOUND, "There is no such reward."),
    NoSuchTask: Row(_NOT_FOUND, "There is no such task."),
    NoStaffGrants: Row(_CONFLICT, "The program gives nothing on the word of staff."),
    NotRunning: Row(_NOT_FOUND, "No version of this program is in force."),
    UnknownClause: Row(_NOT_FOUND, "No program has such a clause."),
    NotOfPeople: Row(_WRONG, "That cannot be asked of a set of people."),
    ProgramRefused: Row(_WRONG, "The program cannot be published."),
    KeyNotUsable: Row(_WRONG, "No such key can be made."),
    BrandNotUsable: Row(_WRONG, "No brand can look so."),
    NoSuchConsentText: Row(_NOT_FOUND, "Consent was never asked with such a text."),
    ConsentTextNotUsable: Row(_WRONG, "Consent cannot be asked with these words."),
    MailNotSendable: Row(_WRONG, "Mails of this kind cannot be sent."),
    HostTaken: Row(_CONFLICT, "This host is another workspace's."),
    KeyNameTaken: Row(_CONFLICT, "There is a key of this name."),
    TokenRefused: Row(HTTPStatus.UNAUTHORIZED, "The token signs nobody in."),
    KeepingNotUsable: Row(_WRONG, "A secret does not live that long."),
    NotSayable: Row(_WRONG, "The request is not valid."),
    RewardNotOpen: Row(_CONFLICT, "The reward is not in a state that allows it."),
    ChoiceNotOffered: Row(_WRONG, "The reward does not offer that."),
    GrantLimitReached: Row(_CONFLICT, "That is more than this person may give for now."),
    BudgetSpent: Row(_CONFLICT, "The budget does not hold that."),
    ProviderNotUsable: Row(_WRONG, "Nobody can hand that over so."),
    ProviderBusy: Row(_CONFLICT, "The receiver still has orders."),
    PoolNotUsable: Row(_WRONG, "No pool can be named so."),
    NotEnough: Row(_CONFLICT, "The wallet does not hold that."),
    NoSuchUnit: Row(_WRONG, "It is not clear which points are meant."),
    MayNotRemind: Row(_CONFLICT, "This friend is not to be reminded."),
    NoSuchChannel: Row(_WRONG, "Links are not passed on in that way."),
    TooManyInvitations: Row(HTTPStatus.TOO_MANY_REQUESTS, "The member has invited enough people for today."),
    MayNotShare: Row(_CONFLICT, "This member may not recommend."),
    CodeTaken: Row(_CONFLICT, "The code is somebody else's."),
    NotTrackable: Row(_CONFLICT, "Pages may not tell that."),
    NothingOpened: Row(_CONFLICT, "No referral was opened."),
    RequestReused: Row(_CONFLICT, "This Idempotency-Key was used for something else."),
    KeyReused: Row(_CONFLICT, "This Idempotency-Key was used for something else."),
    SameMember: Row(_CONFLICT, "They are one member already."),
    NotATest: Row(_CONFLICT, "Only a test workspace has a clock that can be moved."),
    BackInTime: Row(_WRONG, "A clock moves forward only."),
    TooFarAhead: Row(_WRONG, "A clock does not move that far at once."),
    NoSuchEndpoint: Row(_NOT_FOUND, "There is no such endpoint."),
    NoSuchDelivery: Row(_NOT_FOUND, "There is no such delivery."),
    EndpointNotUsable: Row(_WRONG, "No such endpoint can be made."),
    UrlNotAllowed: Row(_WRONG, "This URL is not called."),
    TimeNotUsable: Row(_WRONG, "A secret does not live that long."),
    SealBroken: Row(_CONFLICT, "A secret cannot be opened."),
    NoSuchSource: Row(_NOT_FOUND, "There is no such source."),
    SourceNameNotUsable: Row(_WRONG, "No source can be named so."),
    SigningNotUsable: Row(_WRONG, "Nothing can be signed so."),
    MappingNotUsable: Row(_WRONG, "The mapping is not written as it should be."),
    NotTried: Row(_CONFLICT, "The mapping was not tried."),
    BadSignature: Row(HTTPStatus.UNAUTHORIZED, "The signature does not hold."),
    NotReadable: Row(HTTPStatus.BAD_REQUEST, "The message cannot be read."),
    MessageRefused: Row(_WRONG, "The message makes no event."),
    TooBusy: Row(_LATER, "Try again in a moment.", "More events wait than can be decided soon; nothing was stored."),
    NotAnswered: Row(_LATER, "No answer yet.", "Send it again with the same id: it is stored once, and answered."),
}


def refusal_of(error: Exception) -> Refusal | None:
    """Return what an error is answered with; None when it is a defect, of which nothing is told."""
    if isinstance(error, Refused):
        return error.refusal
    if is_of_the_database(error):
        return busy("The database is busy or away. Nothing was lost; try again.")
    row = ANSWERS.get(type(error)) if isinstance(error, DomainError) else None
    if row is None:
        return None
    return Refusal(
        int(row.status),
        _kind(type(error)),
        row.title,
        row.detail or _sentence(str(error)),
        tuple(getattr(error, "problems", ())),
        headers=_headers(error, row),
    )


def is_of_the_database(error: object) -> bool:
    """Whether the database is busy, away, or a standby that takes no writes: then the same may be tried again."""
    away = isinstance(error, OperationalError | InterfaceError)
    return away or (isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", "") == _READ_ONLY)


def _headers(error: Exception, row: Row) -> dict[str, str]:
    if row.status != _LATER:
        return {}
    return {"Retry-After": str(getattr(error, "retry_after_seconds", RETRY_SECONDS))}


def _kind(error: type[Exception]) -> str:
    return _WORD.sub("-", error.__name__).lower()


def _sentence(text: str) -> str:
    start = text[:1].upper() + text[1:] if _BEGINNING.match(text) else text
    return start if not start or start.endswith((".", "!", "?")) else f"{start}."


# --- what the ring itself refuses -----------------------------------------------------------------------------------


def no_key(detail: str) -> Refusal:
    """Nobody, or nobody we know, asks."""
    headers = {"WWW-Authenticate": 'Bearer realm="sayso"'}
    return Refusal(HTTPStatus.UNAUTHORIZED, "no-key", "A key is needed.", detail, headers=headers)


def scope_missing(*scopes: str) -> Refusal:
    """The key may not do that."""
    detail = f"This needs a key with the scope {' or '.join(scopes)}."
    return Refusal(HTTPStatus.FORBIDDEN, "scope-missing", "The key may not do that.", detail)


def not_here(detail: str = "") -> Refusal:
    """There is nothing of that name in the workspace of the key."""
    return Refusal(_NOT_FOUND, "not-found", "There is nothing here.", detail)


def method_not_allowed(allowed: Sequence[str]) -> Refusal:
    """The resource does not take this method."""
    detail = f"Here goes {', '.join(allowed)}." if allowed else "No method goes here."
    title = "The method does not go here."
    return Refusal(
        HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", title, detail, headers={"Allow": ", ".join(allowed)}
    )


def not_readable(detail: str) -> Refusal:
    """The request could not be understood at all."""
    return Refusal(HTTPStatus.BAD_REQUEST, "not-readable", "The request cannot be read.", detail)


def not_valid(problems: Sequence[Problem]) -> Refusal:
    """The request was understood, and says something that cannot be."""
    detail = in_one_line(problems[:3])
    return Refusal(int(_WRONG), "not-valid", "The request is not valid.", detail, problems)


def check_encoding(encoding: str) -> None:
    """Check what a request says in Content-Encoding.

    Raises:
        Refused: the body is packed, and bodies are read as they come.
    """
    if encoding.strip().lower() in ("", "identity"):
        return
    detail = f"Send the body as it is, without Content-Encoding: {encoding[:40]!a} is not unpacked here."
    title, headers = "The body is packed.", {"Accept-Encoding": "identity"}
    raise Refused(Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "encoded", title, detail, headers=headers))


def too_large(most_bytes: int) -> Refusal:
    """The body is longer than what is read."""
    detail = f"A body of at most {most_bytes} bytes is read here."
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The body is too large.", detail)


def too_many(seconds: int) -> Refusal:
    """The key asked for more than its share."""
    detail = f"Try again in {seconds} s."
    headers = {"Retry-After": str(seconds)}
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests.", detail, headers=headers)


def busy(detail: str, *, seconds: int = RETRY_SECONDS) -> Refusal:
    """There is no place just now."""
    headers = {"Retry-After": str(seconds)}
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Try again in a moment.", detail, headers=headers)


def defect() -> Refusal:
    """Something is wrong with Sayso; the log says what, under the id of the request."""
    detail = "The operator's log says what went wrong, under the id of this request."
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "defect", "Something went wrong here.", detail)
