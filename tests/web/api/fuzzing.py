"""Requests that nobody thought of, made from the document of the API and sent to it in process.

Owns the making, the sending and what is looked for: no defect, no answer that the document does not name, nothing slow.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sayso.web.api.api import api

SLOWEST = timedelta(seconds=2)
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Of paths and bodies so many name something that is there.
_KNOWN_SHARE = 0.7
# This one takes as long as whoever is called.
CALLS_OUT = "/api/v1/webhook-endpoints/{endpoint}/tests"

Application = Callable[..., Any]


@dataclass
class Seen:
    """What came of a run.

    Attributes:
        answers: how often each route answered with each status.
        slowest: the longest that one request took.
    """

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: tuple[timedelta, str] = (timedelta(), "")

    @property
    def cases(self) -> int:
        """How many requests were sent."""
        return sum(self.answers.values())


def fuzz(application: Application, *, secret: str, known: Mapping[str, Any], cases: int, start: int) -> Seen:
    """Send requests of every route, and fail at the first answer that should not be.

    Args:
        application: the WSGI application.
        secret: a key that may do everything.
        known: what is there and what can be read, by the names under which the document asks for it.
        cases: how many requests altogether, at least one for each route.
        start: where chance begins; the same start sends the same requests.
    """
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
    schema.app = _over_https(application)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    operations = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    seen = Seen()
    for operation in operations:
        chance = random.Random(f"{start} {operation.label}")
        _send(operation, -(-cases // len(operations)), _Sender(secret, known, chance, seen), start)
    return seen


def _over_https(application: Application) -> Application:
    def asked(environ: dict[str, Any], start_response: Any) -> Any:
        return application({**environ, "wsgi.url_scheme": "https"}, start_response)

    return asked


@dataclass
class _Sender:
    secret: str
    known: Mapping[str, Any]
    chance: random.Random
    seen: Seen

    def send(self, case: Any) -> None:
        """Send one request and look at its answer."""
        if case.operation.path != CALLS_OUT:
            case.path_parameters = self._filled(case.path_parameters or {})
        if isinstance(case.body, dict):
            case.body = self._filled(case.body)
        response = case.call(headers={"Authorization": f"Bearer {self.secret}"})
        took = timedelta(seconds=response.elapsed)
        label = case.operation.label
        self.seen.answers[label, response.status_code] += 1
        self.seen.slowest = max(self.seen.slowest, (took, label))
        assert took < SLOWEST, f"{label} took {took}: {case.as_curl_command()}"
        case.validate_response(response, checks=CHECKS)

    def _filled(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Put what is there in place of some of what was made up."""
        return {
            name: self.known[name] if name in self.known and self.chance.random() < _KNOWN_SHARE else value
            for name, value in said.items()
        }


def _send(operation: Any, count: int, sender: _Sender, start: int) -> None:
    @seed(start)
    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate], derandomize=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        sender.send(case)

    run()
