"""From a message to events, by the rules of a mapping.

Pure: it looks at nothing but the message, the mapping and the time that it is given. What comes out is what somebody
could have sent to the API, and is checked like that afterwards.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.program.problems import Problem
from sayso.core.program.values import minor_digits
from sayso.domains.connectors.incoming import mapping as maps
from sayso.domains.connectors.incoming.mapping import EventMap, Exists, Pick, Rule

LARGEST_BYTES = 262_144
_HEADER = "header:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 30
# Python's own reading takes 1_000, and the digits of every script, for a number.
_NUMBER = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")


class NotReadable(DomainError, ValueError):
    """The body of a message is no JSON in UTF-8."""


class NotTranslated(ValueError):
    """A value that a rule picks cannot be read in the way in which it says."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was read.

    Attributes:
        headers: names in small letters.
        arrived_at: what an event without a time of its own is given.
    """

    id: str
    content: Any
    headers: Mapping[str, str]
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """What a rule made of a message: an event as it would be sent to the API, or what kept it from being one."""

    rule: str
    event: dict[str, Any]
    problems: Sequence[Problem] = ()


def read_body(body: bytes) -> Any:
    """Return what a body says; numbers with decimals stay exact.

    Raises:
        NotReadable: it is no JSON in UTF-8, or nested too deep.
    """
    try:
        return json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, InvalidOperation, RecursionError):
        raise NotReadable("the body is no JSON in UTF-8") from None


def _no_number(text: str) -> Any:
    raise ValueError(text)


def translate(mapping: maps.Mapping, message: Message) -> list[Made]:
    """Return what the rules that are for a message make of it, in their order."""
    return [_made(name, rule, message) for name, rule in mapping.rules.items() if _is_for(rule, message)]


def _is_for(rule: Rule, message: Message) -> bool:
    return all(_holds(wanted, _at(path, message)) for path, wanted in rule.when.items())


def _holds(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Exists):
        return (found is not None) is wanted.exists
    return any(_same(each, found) for each in (wanted if isinstance(wanted, list) else [wanted]))


def _same(wanted: Any, found: Any) -> bool:
    # To Python, true is 1.
    return bool(isinstance(wanted, bool) is isinstance(found, bool) and wanted == found)


def _at(path: str | list[str | int], message: Message) -> Any:
    """What stands at a path, or None."""
    if isinstance(path, str) and path.startswith(_HEADER):
        return message.headers.get(path.removeprefix(_HEADER).lower())
    found = message.content
    for part in path.split(".") if isinstance(path, str) else path:
        if isinstance(found, dict):
            found = found.get(str(part))
        elif isinstance(found, list) and str(part).isascii() and str(part).isdecimal() and len(str(part)) < 6:
            found = found[int(part)] if int(part) < len(found) else None
        else:
            return None
    return found


def _made(name: str, rule: Rule, message: Message) -> Made:
    event: dict[str, Any] = {"type": rule.event.type}
    problems: list[Problem] = []
    for field, read in _fields(rule.event, name, message):
        try:
            value = read()
        except NotTranslated as error:
            problems.append(Problem(0, 0, field, f"{field} {error}."))
        except RecursionError:
            problems.append(Problem(0, 0, field, f"{field} is nested too deep."))
        else:
            _put(event, field, value)
    return Made(name, event, problems)


def _put(event: dict[str, Any], field: str, value: Any) -> None:
    if value is None:
        return
    if field.startswith("props."):
        event.setdefault("props", {})[field.removeprefix("props.")] = value
    else:
        event[field] = value


def _fields(event: EventMap, rule: str, message: Message) -> Iterator[tuple[str, Any]]:
    """Each field of an event with how it is read."""

    def text(value: maps.Value | None) -> Any:
        return lambda: _text(_value(value, message))

    own_id = f"{message.id}/{rule}"
    yield "id", lambda: own_id if event.id is None else _text(_value(event.id, message))
    arrived = message.arrived_at.astimezone(UTC).isoformat()
    yield "occurred_at", lambda: arrived if event.occurred_at is None else _text(_value(event.occurred_at, message))
    for field in ("member", "referral_code", "refers_to"):
        yield field, text(getattr(event, field))
    if event.currency is not None:
        currency = _currency(event, message)
        yield "currency", lambda: currency
        yield "amount_minor", lambda: _amount(event, currency, message)
    for name, value in event.props.items():
        yield f"props.{name}", lambda value=value: _plain(_value(value, message))


def _currency(event: EventMap, message: Message) -> str:
    found = _value(event.currency, message)
    return found.upper() if isinstance(found, str) else ""


def _amount(event: EventMap, currency: str, message: Message) -> int | None:
    given = event.amount_minor if event.amount_major is None else event.amount_major
    found = _value(given, message)
    if found is None:
        return None
    number = _number(found)
    if event.amount_major is not None:
        number = number.scaleb(minor_digits(currency))
    if number != number.to_integral_value():
        raise NotTranslated("is no whole number of the currency's minor unit")
    return int(number)


def _value(value: maps.Value | None, message: Message) -> Any:
    if not isinstance(value, Pick):
        return value
    found = _at(value.path, message)
    if found is None:
        return value.otherwise
    read = found if value.form is None else _FORMS[value.form](found)
    return f"{value.prefix}{_text(read)}" if value.prefix else read


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise NotTranslated("is no number")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise NotTranslated("is no number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise NotTranslated("is no number") from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise NotTranslated("is no number that could be an amount")
    return number


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotTranslated("is no text")
    return str(value)


def _moment(value: Any, per_second: int) -> str:
    try:
        return (_EPOCH + timedelta(seconds=float(_number(value) / per_second))).isoformat()
    except OverflowError:
        raise NotTranslated("is no time that could be") from None


def _plain(value: Any) -> Any:
    """A value as JSON has it, without the exact decimals that only amounts need."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value.adjusted()) < 18 else float(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def _as_text(value: Any) -> str:
    return _text(value) or ""


_FORMS: Mapping[str, Any] = {
    "text": _as_text,
    "upper": lambda value: _as_text(value).upper(),
    "lower": lambda value: _as_text(value).lower(),
    "number": _number,
    "unix_seconds": lambda value: _moment(value, 1),
    "unix_milliseconds": lambda value: _moment(value, 1000),
}
