"""The document of the API, OpenAPI 3.1, as it is read by tools and by people.

Owns what the framework does not know: scopes, headers of every answer, the form of problems, and the words of each
group. It must not describe a route: that stands with the route.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from sayso.web.api.access import IDEMPOTENCY, LONGEST_KEY, Gate
from sayso.web.api.notices import described, notice_schemas
from sayso.web.api.routes import GATE
from sayso.web.problems import MEDIA_TYPE

Json = dict[str, Any]

PREFIX = "/api/v1/"
KEY = "key"

DESCRIPTION = """Send events, get the decision in the answer, read what came of it, and settle what needs a person.

**Keys.** Every request bears a key: `Authorization: Bearer sk_live_…`. The key says which workspace it is; nothing of
another one is ever seen. Each route names the scope that it takes. A public key (`pk_…`) may stand in a page: it
identifies and shares, and never reads or pays.

**Once.** A POST, or the PUT of a provider, with an `Idempotency-Key` is carried out once: the same key with the same
body gets the first outcome again, but for a secret, which is shown once; with another body 409. Events bear an id of
their own, which does the same.

**Problems.** What cannot be done is answered with `application/problem+json` (RFC 9457): a stable `type`, a sentence,
and each thing that is wrong with its place and what to write instead. Nothing moved then: no reward, no points, no
referral. What the programs themselves turned down (a spending that the wallet does not hold, a referral that the rules
do not allow) was an event, and that it was asked stands in the log.

**Lists** come in pages: `next` of one page is the `cursor` of the next.

**Ids** are prefixed: `mem_` a member, `ref_` a referral, `rew_` a reward, `evt_` an event. A member is also found under
your own name for them, percent-encoded in paths.

**Amounts** are whole numbers of the currency's minor unit; moments are RFC 3339.
"""

TAGS = {
    "Events": "What happened, in your shop, bank or app. Everything else follows from it.",
    "Members": "Anyone we know. Advocate and friend are roles on a referral.",
    "Wallets": "Points and credit: what a member has, and how it came about.",
    "Why": "Each decision explained, for your staff and for the member.",
    "Referrals": "Advocate, friend and program, from the moment both are known.",
    "Sharing": "Codes to recommend with, and what a page may say with a public key.",
    "Rewards": "What was granted, and what people decide about it.",
    "Programs": "The written programs, which are the programs that run.",
    "Pages": "The landing pages of programs, and how the company appears there.",
    "Mails": "Which mails members get, and what became of each.",
    "Tasks": "Long work, with its progress.",
    "Set aside": "Events that could not be decided, kept until they can be.",
    "Clock": "The time in the workspace; that of a test workspace can be moved forward.",
    "Keys": "Keys to this API.",
    "Webhooks": "Endpoints of yours that are told what happens, signed by Standard Webhooks.",
    "Incoming": "Messages of other systems that become events by a small mapping.",
    "Fulfilment": "Who hands over what the books cannot: coupons, gift cards, services.",
}

_HEADERS: Json = {
    "X-Request-Id": {"description": "The id of the request, for the log.", "schema": {"type": "string"}},
    "RateLimit": {"description": "What this process leaves of the minute.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "How much a minute holds.", "schema": {"type": "string"}},
}
_RETRY: Json = {"description": "After how many seconds to try again.", "schema": {"type": "integer", "minimum": 1}}
_ONCE: Json = {
    "in": "header",
    "name": IDEMPOTENCY,
    "required": False,
    "description": "What is sent twice under one such key is carried out once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[\\x21-\\x7e]+$"},
}
_HEADER = "#/components/headers/"
_EVERYWHERE: Json = {name: {"$ref": _HEADER + name} for name in _HEADERS}
_RETRIED = (429, 503)
_WHY = {
    400: "The request cannot be read.",
    401: "The key is missing, not known, revoked or has ended.",
    403: "The key has not the scope that this takes.",
    404: "The workspace of the key has nothing of this name.",
    408: "The body did not come whole within half a minute; send the same again.",
    409: "It stands otherwise by now, or the same key or id came with something else.",
    413: "The body is too large.",
    415: "The body is packed (Content-Encoding), or of a kind that is not read here.",
    422: "The request is not valid; each problem is named with its place.",
    429: "The key asked too often.",
    503: "There is no place or no answer just now; send the same again, with the same id or `Idempotency-Key`.",
}


class SaysoApi(NinjaAPI):
    """The API, which writes its document as this module says."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Json | None = None) -> OpenAPISchema:
        """Return the document; its paths begin with `path_prefix`."""
        made = super().get_openapi_schema(path_prefix=path_prefix or PREFIX, path_params=path_params)
        gates = dict(_gates(self))
        for operation in _operations(made):
            _complete(operation, gates[operation["operationId"]])
        known = {operation["tags"][0] for operation in _operations(made)}
        made["tags"] = [{"name": name, "description": words} for name, words in TAGS.items() if name in known]
        made["components"] |= {
            "headers": {**_HEADERS, "Retry-After": _RETRY},
            "parameters": {IDEMPOTENCY: _ONCE},
            "responses": {str(status): _problem(status) for status in _WHY},
        }
        made["components"]["schemas"] |= notice_schemas()
        made["webhooks"] = described()
        made["components"]["securitySchemes"] = {KEY: {"type": "http", "scheme": "bearer", "bearerFormat": "sk_live_…"}}
        return made


def _operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from path.values()


def _gates(api: NinjaAPI) -> Iterator[tuple[str, Gate]]:
    """The gate of each route, by the route's name."""
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                yield str(operation.operation_id), getattr(operation.view_func, GATE)


def _complete(operation: Json, gate: Gate) -> None:
    operation["security"] = [{KEY: []}]
    operation["x-scopes"] = list(gate.scopes)
    _, _, more = operation.get("description", "").partition("\n\n")
    scopes = " or ".join(f"`{scope}`" for scope in gate.scopes)
    operation["description"] = f"{more}\n\nScope: {scopes}.".strip()
    for parameter in operation["parameters"]:
        parameter["schema"] = _sent_as_text(parameter["schema"])
    if gate.once:
        operation["parameters"].append({"$ref": f"#/components/parameters/{IDEMPOTENCY}"})
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    operation["responses"] = {
        status: _by_name(status) if int(status) >= HTTPStatus.BAD_REQUEST else {**answer, "headers": _EVERYWHERE}
        for status, answer in answers.items()
    }


def _by_name(status: str) -> Json:
    return {"$ref": f"#/components/responses/{status}"}


def _sent_as_text(schema: Json) -> Json:
    """What a parameter may be: one that is left out is not there, and so is never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "title", "description")}
    return {**kinds[0], **rest} if len(kinds) == 1 else {name: schema[name] for name in schema if name in rest or kinds}


def _problem(status: int) -> Json:
    headers = {**_EVERYWHERE, **({"Retry-After": {"$ref": _HEADER + "Retry-After"}} if status in _RETRIED else {})}
    schema = {"$ref": "#/components/schemas/ProblemOut"}
    return {"description": _WHY[status], "content": {MEDIA_TYPE: {"schema": schema}}, "headers": headers}
