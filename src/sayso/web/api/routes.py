"""How a resource declares its routes: path, scope, what it answers and how it may fail.

Owns what is common to all routes, so that none can leave out its gate or an answer that the document must name.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from sayso.web.api.access import Gate
from sayso.web.api.shapes import Out

READ = "read"
# Where a view keeps its gate, for the document and for tests.
GATE = "gate"

V = TypeVar("V", bound=Callable[..., Any])

# What any route may answer: a bad request, no key, another scope, not valid, too often, no place just now.
_ANYWHERE = (400, 401, 403, 422, 429, 503)
_WITH_A_BODY = (408, 413, 415)


class ProblemPart(Out):
    """One thing that is wrong with the request."""

    path: str = Field(description="Where it stands: the field, or the way through the document.")
    message: str = Field(description="What is wrong, as a sentence.")
    instead: str = Field(description="What to write instead; empty when there is no one answer.")
    line: int = Field(description="The line of a written program; 0 elsewhere.")


class ProblemOut(Out):
    """Why a request was not carried out, as RFC 9457 writes it. After a 503 it may be: send the same again."""

    type: str = Field(examples=["urn:sayso:problem:reward-not-open"])
    title: str
    status: int
    detail: str
    problems: list[ProblemPart]
    request_id: str


class SetAsideOut(Out):
    """Stored, but not decided: a person looks at it, and it is decided later. Do not send it again."""

    status: str = Field(examples=["set_aside"])
    event: str
    detail: str


class Routes:
    """The routes of one resource.

    Args:
        tag: under which the document lists them.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.router = Router(tags=[tag])

    def get(self, path: str, *, gives: Any, scope: str = READ, fails: Sequence[int] = ()) -> Callable[[V], V]:
        """Declare a route that reads; `fails` are the further answers to requests that are in order."""
        return self._declare("GET", path, {200: gives}, _gate(scope), (*_ANYWHERE, *fails))

    def put(
        self, path: str, *, gives: Any, scope: str, fails: Sequence[int] = (), once: bool = False
    ) -> Callable[[V], V]:
        """Declare a route that makes something be as the body says, however often it is called.

        Where the body may ask for something new besides, `once`, an Idempotency-Key makes that once.
        """
        gate = _gate(scope)
        gate.once = once
        return self._declare("PUT", path, _decided(200, gives), gate, (*_ANYWHERE, *_WITH_A_BODY, *fails))

    def delete(self, path: str, *, scope: str, gives: Any = None, fails: Sequence[int] = ()) -> Callable[[V], V]:
        """Declare a route that ends something; without `gives` the answer is empty."""
        answers = _decided(200 if gives else 204, gives)
        return self._declare("DELETE", path, answers, _gate(scope), (*_ANYWHERE, *fails))

    def post(
        self, path: str, *, gives: Any, scope: str | Sequence[str], status: int = 201, fails: Sequence[int] = ()
    ) -> Callable[[V], V]:
        """Declare a route that makes something new; an Idempotency-Key makes it once."""
        gate = _gate(scope)
        gate.once = True
        fails = (*_ANYWHERE, *_WITH_A_BODY, 409, *fails)
        return self._declare("POST", path, _decided(status, gives), gate, fails)

    def check(self, path: str, *, gives: Any, scope: str = READ, fails: Sequence[int] = ()) -> Callable[[V], V]:
        """Declare a route that takes a body and changes nothing."""
        return self._declare("POST", path, {200: gives}, _gate(scope), (*_ANYWHERE, *_WITH_A_BODY, *fails))

    def trial(self, path: str, *, gives: Any, scope: str, fails: Sequence[int] = ()) -> Callable[[V], V]:
        """Declare a route that tries something out as often as it is called, and keeps only what came of it."""
        return self.check(path, gives=gives, scope=scope, fails=fails)

    def passed_on(
        self, path: str, *, answers: dict[int, Any], scope: str, takes: dict[str, Any], fails: Sequence[int] = ()
    ) -> Callable[[V], V]:
        """Declare a POST that another handler answers whole, its gate included; `takes` describes the body."""

        def declare(view: V) -> V:
            response = {**answers, **dict.fromkeys(sorted({*_ANYWHERE, *_WITH_A_BODY, *fails}), ProblemOut)}
            setattr(view, GATE, _gate(scope))
            self.router.api_operation(
                ["POST"],
                path,
                auth=None,
                response=response,
                operation_id=view.__name__,
                summary=_summary(view),
                openapi_extra={"requestBody": takes},
            )(view)
            return view

        return declare

    def _declare(
        self, method: str, path: str, answers: dict[int, Any], gate: Gate, fails: Sequence[int]
    ) -> Callable[[V], V]:
        response = {**answers, **dict.fromkeys(sorted(set(fails)), ProblemOut)}

        def declare(view: V) -> V:
            operation = self.router.api_operation(
                [method], path, auth=gate, response=response, operation_id=view.__name__, summary=_summary(view)
            )
            answering = _answering(view, next(iter(answers)))
            setattr(answering, GATE, gate)
            declared: Any = operation(answering)
            models = declared._ninja_operation.models
            gate.knows, gate.fields = _parameters(models), _fields(models)
            return view

        return declare


def _answering(view: Callable[..., Any], status: int) -> Callable[..., Any]:
    """Give what a view returns the status of an answer that is in order."""

    @wraps(view)
    def answer(request: HttpRequest, **said: Any) -> Status[Any]:
        return Status(status, view(request, **said))

    return answer


def _gate(scope: str | Sequence[str]) -> Gate:
    return Gate(scope) if isinstance(scope, str) else Gate(*scope)


def _decided(status: int, gives: type[BaseModel] | None) -> dict[int, Any]:
    """What a change answers: what came of it, or that it was set aside."""
    return {status: gives, 202: SetAsideOut}


def _summary(view: Callable[..., Any]) -> str:
    return (view.__doc__ or "").strip().splitlines()[0].rstrip(".")


def _parameters(models: Sequence[Any]) -> frozenset[str]:
    query = (model for model in models if model.__ninja_param_source__ == "query")
    return frozenset(name for model in query for name in model.__ninja_flatten_map__)


def _fields(models: Sequence[Any]) -> frozenset[str]:
    bodies = [each.model_fields["body"] for each in models if each.__ninja_param_source__ == "body"]
    return frozenset(name for each in bodies for name in getattr(each.annotation, "model_fields", ()))
