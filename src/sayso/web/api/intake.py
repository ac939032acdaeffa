"""`POST /api/v1/events`: an event in, its decision out; or up to a thousand lines, with a line of answer for each.

Owns this route whole, for the front door and for Django alike: who may send, what can be read, and how an answer is
written. It must not decide, and it opens no connection but to look a key up.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars

from sayso.core.engine import events as kinds
from sayso.core.engine.events import Arrival
from sayso.core.engine.rows import Earned, Referral, Reward
from sayso.core.program.calendar import Moment, datetime_of, moment_of
from sayso.core.program.problems import Problem
from sayso.domains.decisions.committer import committer
from sayso.domains.decisions.effects import Told
from sayso.domains.events.reading import refuse_repeated_names
from sayso.domains.events.receive import receive
from sayso.domains.sharing.click import with_touch
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.keys import Key, recognised
from sayso.web.api.limits import Allowance, counter
from sayso.web.api.reasons import reasons_as_dicts
from sayso.web.callers import client_address
from sayso.web.problems import (
    MEDIA_TYPE,
    Refusal,
    Refused,
    check_encoding,
    defect,
    no_key,
    not_readable,
    not_valid,
    refusal_of,
    scope_missing,
    too_large,
    too_many,
)

PATH = "/api/v1/events"
SCOPE = "events"
JSON, NDJSON = "application/json", "application/x-ndjson"
MOST_BYTES = 1_000_000
MOST_LINES = 1000

# What staff decide, or what changes the workspace, takes the scope that its own route takes.
SCOPE_OF: Mapping[str, str] = {
    **dict.fromkeys([*kinds.DECISIONS_OF_PEOPLE, kinds.POINTS_SPENT, kinds.POINTS_MOVED_IN], "rewards"),
    **dict.fromkeys(
        [
            kinds.MEMBER_UPDATED,
            kinds.MEMBER_MERGED,
            kinds.MEMBER_ERASED,
            kinds.MEMBER_BANNED,
            kinds.REFERRAL_MOVED_IN,
        ],
        "members",
    ),
    **dict.fromkeys([kinds.PROGRAM_PAUSED, kinds.PROGRAM_RESUMED, kinds.RATE_SET], "programs"),
}
# What else does something whatever the programs say, and yet is told by whoever may send events.
WITHOUT_A_SCOPE = frozenset({kinds.REFUND, kinds.CANCELLED, kinds.SURVEY, kinds.INVITED})

_encode = msgspec.json.Encoder(enc_hook=str).encode
_decode = msgspec.json.Decoder().decode
_log = logging.getLogger("sayso.api")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came in, from whichever door.

    Attributes:
        length: of the body as it was announced; empty when it was not.
        read: reads at most so many bytes of the body.
        encoding: of the body; empty for none.
        address: where it came from.
    """

    authorization: str
    content_type: str
    length: str
    read: Callable[[int], bytes]
    address: str = ""
    request_id: str = ""
    encoding: str = ""


@dataclass(slots=True)
class Reply:
    """An answer, for whichever door."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def take_events(sent: Sent) -> Reply:
    """Answer one request: decide what it brings, or say why not. Never raises."""
    allowance: dict[str, str] = {}
    try:
        now = datetime.now(UTC)
        key = _let_in(sent, now, allowance)
        reply = _take(sent, key, now)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            _log.exception("request %s failed", sent.request_id)
            refusal = defect()
        reply = Reply(refusal.status, refusal.as_bytes(sent.request_id), MEDIA_TYPE, dict(refusal.headers))
    reply.headers.update(allowance)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def events_view(request: HttpRequest) -> HttpResponse:
    """Answer a request that came in through Django."""
    reply = take_events(
        Sent(
            request.headers.get("Authorization", ""),
            request.headers.get("Content-Type", ""),
            request.headers.get("Content-Length", ""),
            request.read,
            client_address(request.META),
            getattr(request, "id", ""),
            request.headers.get("Content-Encoding", ""),
        )
    )
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type, headers=reply.headers)


# --- who sends ------------------------------------------------------------------------------------------------------


def _let_in(sent: Sent, now: datetime, headers: dict[str, str]) -> Key:
    scheme, _, secret = sent.authorization.partition(" ")
    key = recognised(secret.strip(), now=now) if scheme.lower() == "bearer" else None
    allowance = _count(sent, key)
    headers.update(allowance.headers())
    if allowance.left < 0:
        raise Refused(too_many(allowance.seconds))
    if not scheme:
        raise Refused(no_key("Send your key as Authorization: Bearer sk_live_…"))
    if key is None:
        raise Refused(no_key("The key is not known, was revoked or has ended."))
    if not key.may(SCOPE):
        raise Refused(scope_missing(SCOPE))
    return key


def _count(sent: Sent, key: Key | None) -> Allowance:
    if key is None:
        return counter.take(f"address {sent.address}", settings.REQUESTS_PER_MINUTE)
    return counter.take(f"events of key {key.number}", settings.EVENT_REQUESTS_PER_MINUTE)


# --- what is sent ---------------------------------------------------------------------------------------------------


def _take(sent: Sent, key: Key, now: datetime) -> Reply:
    check_encoding(sent.encoding)
    media = sent.content_type.partition(";")[0].strip().lower()
    if media not in (JSON, NDJSON):
        detail = f"Events come as {JSON}, or many of them as {NDJSON}."
        raise Refused(Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "Only JSON is read here.", detail))
    body = _body(sent)
    return _take_lines(body, key, now) if media == NDJSON else _take_one(body, key, now)


def _body(sent: Sent) -> bytes:
    try:
        announced = int(sent.length or 0)
    except ValueError:
        raise Refused(not_readable("Content-Length is a number.")) from None
    body = sent.read(MOST_BYTES + 1) if announced <= MOST_BYTES else b""
    if max(announced, len(body)) > MOST_BYTES:
        raise Refused(too_large(MOST_BYTES))
    return body


def _take_one(body: bytes, key: Key, now: datetime) -> Reply:
    arrival = _arrival(body, key, now)
    told = committer().decide(key.workspace, [arrival], now=now)[0]
    bind_contextvars(event_id=public_id("evt", told.answer.position))
    refusal = _conflict(told)
    if refusal is not None:
        raise Refused(refusal)
    status = HTTPStatus.OK if told.answer.status == "decided" else HTTPStatus.ACCEPTED
    return Reply(status, _encode(answer_as_dict(told)))


def _take_lines(body: bytes, key: Key, now: datetime) -> Reply:
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused(Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "There are too many lines.",
                              f"At most {MOST_LINES} lines are taken at once; there are {len(lines)}."))  # fmt: skip
    answers: dict[int, dict[str, Any]] = {}
    arrivals: dict[int, Arrival] = {}
    for number, line in lines:
        try:
            arrivals[number] = _arrival(line, key, now)
        except Refused as error:
            answers[number] = _refused(error.refusal)
    if arrivals:
        told = committer().decide(key.workspace, list(arrivals.values()), now=now, bulk=True)
        answers.update(zip(arrivals, map(_line_as_dict, told), strict=True))
    written = b"".join(_encode({"line": number, **answers[number]}) + b"\n" for number, _ in lines)
    return Reply(HTTPStatus.OK, written, NDJSON)


def _line_as_dict(told: Told) -> dict[str, Any]:
    refusal = _conflict(told)
    return answer_as_dict(told) if refusal is None else {"event": told.answer.external_id, **_refused(refusal)}


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"status": "refused", "problem": refusal.as_dict()}


def _arrival(content: bytes, key: Key, now: datetime) -> Arrival:
    """One event, read and checked.

    Raises:
        Refused: it cannot be read, is not valid, or needs another scope.
    """
    sent = with_touch(decoded(content), key.workspace)
    found = receive(sent, source=key.source, latest=None if key.is_test else moment_of(now))
    if not isinstance(found, Arrival):
        raise Refused(not_valid(found))
    scope = SCOPE_OF.get(found.type)
    if scope is not None and not key.may(scope):
        raise Refused(scope_missing(scope))
    return found


def decoded(content: bytes) -> Any:
    """Return what JSON in UTF-8 says, in which no object has a name twice.

    Raises:
        Refused: it is anything else.
    """
    try:
        value = _decode(content)
        refuse_repeated_names(content, value)
    except RecursionError:
        raise Refused(not_readable("The body is nested too deeply.")) from None
    except UnicodeDecodeError:
        raise Refused(not_readable("The body is not in UTF-8.")) from None
    except ValueError as error:  # of which all of msgspec's are
        raise Refused(not_readable(f"The body is not JSON: {error}.")) from None
    return value


# --- what is answered -----------------------------------------------------------------------------------------------


def _conflict(told: Told) -> Refusal | None:
    answer = told.answer
    if answer.status != "refused":
        return None
    if not answer.differs:
        return not_valid([Problem(0, 0, "", answer.problem)])
    problems = [Problem(0, 0, name, f"{name} is not what was sent before.") for name in answer.differs]
    detail = f"An event with the id {answer.external_id} is stored already and differs in {', '.join(answer.differs)}."
    return Refusal(HTTPStatus.CONFLICT, "event-differs", "This id is taken by another event.", detail, problems)


def answer_as_dict(told: Told) -> dict[str, Any]:
    """Return an answer as its sender reads it; of members and things only their ids.

    A repeat tells of the same things as the first answer; the state of each is how it stands now.
    """
    answer = told.answer
    found: dict[str, Any] = {
        "event": answer.external_id,
        "id": public_id("evt", answer.position),
        "position": answer.position,
        "status": answer.status,
        "repeated": answer.repeated,
    }
    if answer.status != "decided":
        return {**found, "detail": answer.problem}
    found["member"] = _id("mem", answer.member)
    found["decision"] = {
        "rewards": [*map(_reward, told.rewards)],
        "points": [*map(_points, answer.earned)],
        "referrals": [_referral(row, answer.position) for row in told.referrals],
        "reasons": reasons_as_dicts(answer.reasons, rewards={row.id for row in told.rewards}),
    }
    return {**found, "note": answer.note} if answer.note else found


def _reward(row: Reward) -> dict[str, Any]:
    return {
        "id": public_id("rew", row.id),
        "program": row.program,
        "clause": row.clause,
        "member": _id("mem", row.beneficiary),
        "referral": _id("ref", row.referral),
        "state": row.state,
        "cost_minor": row.cost_minor,
        "due_at": _moment(row.due_at),
    }


def _points(earned: Earned) -> dict[str, Any]:
    program, _, clause, points, _, unit, expires_at = earned
    return {"program": program, "clause": clause, "unit": unit, "points": points, "expires_at": _moment(expires_at)}


def _referral(row: Referral, position: int) -> dict[str, Any]:
    return {
        "id": public_id("ref", row.id),
        "program": row.program,
        "status": row.status,
        "advocate": _id("mem", row.advocate),
        "friend": _id("mem", row.friend),
        "steps": [step for step, taken_by in row.taken_by.items() if taken_by == position],
    }


def _id(prefix: str, number: int) -> str | None:
    return public_id(prefix, number) if number else None


def _moment(moment: Moment) -> str | None:
    return datetime_of(moment).isoformat().replace("+00:00", "Z") if moment else None
