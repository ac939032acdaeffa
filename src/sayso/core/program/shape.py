"""From pydantic's findings to problems that a marketer understands.

Owns the sentences about the shape of a document. It must not judge what a section means.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sayso.core.program.document import Document
from sayso.core.program.problems import Problem
from sayso.core.program.scalars import LANGUAGES
from sayso.core.program.schema import allowed_keys, choices, example, examples, kinds
from sayso.core.program.vocabulary import nearest
from sayso.core.program.yaml_source import Path, Source, dotted

_NAME = "^[a-z][a-z0-9_]{0,63}$"
_PATTERNS = {
    _NAME: ("is no name; names have small letters, digits and _ and begin with a letter", "_"),
    "^[a-z][a-z0-9-]{0,63}$": ("is no name of a program; it has small letters, digits and - and begins so", "-"),
}
_WANTED = {
    "^[A-Z]{3}$": ("is no currency; it has three capital letters", "EUR"),
    r"^[a-z][a-z0-9_]*\.amount$": ("cannot be summed; only the amount of an event can", "purchase.amount"),
    r"^(points_earned|spent|referrals_completed)( within .+)?$": (
        "is no measure of a tier; it is points_earned, spent or referrals_completed",
        "points_earned within 12 months",
    ),
    r"^\S+( \S+)? after member\.\w+$": ("is no time after a moment", "30d after member.joined"),
}
_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a section of entries such as name: value",
    "array": "a list",
    "date": "a day",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "The number is too small; it is at least {}."),
    "less_than_equal": ("le", "The number is too large; it is at most {}."),
    "string_too_long": ("max_length", "The text is longer than {} characters."),
    "too_short": ("min_length", "Here belong at least {} entries."),
    "too_long": ("max_length", "Here belong at most {} entries."),
}

_SAMPLES = {
    "sayso": "1",
    "program": "bring-a-friend",
    "title": "Bring a friend",
    "currency": "EUR",
    "on": "purchase",
    "after": "purchase",
    "success": "purchased",
    "unit": "points",
    "if": "member.orders_90d >= 1",
    "by": "points_earned within 12 months",
}
MAXIMUM_LISTED = 20
_CENTS = re.compile(r"\d{1,3} [A-Z]{3}")


def validate(source: Source) -> tuple[Document | None, list[Problem]]:
    """The document if its shape is right, and everything that is wrong with its shape."""
    problems = [_problem(source, path, "Here belongs no true or false.") for path in _stray_booleans(source.data)]
    if not isinstance(source.data, dict):
        message = "A program is a list of entries such as program: bring-a-friend."
        return None, [Problem(1, 1, "", message, "sayso: 1")]
    try:
        document = Document.model_validate(source.data, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        return None, [*problems, *_problems(source, details)]
    return (None if problems else document), problems


def _stray_booleans(data: Any, path: Path = ()) -> Iterator[Path]:
    """Where true or false stands for a number, which pydantic would read as 1 or 0."""
    if isinstance(data, bool):
        wanted = kinds(path)
        if wanted & {"integer"} and "boolean" not in wanted:
            yield path
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _stray_booleans(value, (*path, key))


def _problems(source: Source, details: Iterable[ErrorDetails]) -> list[Problem]:
    """One problem for each place: a place with several alternatives is found wrong once for each of them."""
    found: dict[Path, list[ErrorDetails]] = {}
    for detail in details:
        found.setdefault(_path(source.data, detail), []).append(detail)
    torn = {before for path in found if (before := _torn_from(source.data, path))}
    return [_tell(source, path, group) for path, group in found.items() if path not in torn]


def _torn_from(data: Any, path: Path) -> Path:
    """The entry that a comma cut in two: `{credit: 3,00 EUR}` is read as the entries `credit: 3` and `00 EUR`."""
    section = _value_at(data, path[:-1]) if path else None
    if not isinstance(section, dict) or section.get(path[-1], "") is not None or not _CENTS.fullmatch(str(path[-1])):
        return ()
    keys = list(section)
    before = keys[keys.index(path[-1]) - 1]
    return (*path[:-1], before) if isinstance(section[before], int) else ()


def _path(data: Any, detail: ErrorDetails) -> Path:
    """The way through the text; pydantic names the alternatives of a type on the way, which nobody wrote."""
    path: list[str | int] = []
    for part in detail["loc"]:
        inside = _inside(data, part)
        if inside:
            data = inside[0]
            path.append(part)
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    return tuple(path)


def _problem(source: Source, path: Path, message: str, instead: str = "") -> Problem:
    line, column = source.place(path)
    return Problem(line, column, dotted(path), message, instead)


def _tell(source: Source, path: Path, group: list[ErrorDetails]) -> Problem:
    detail = next((one for one in group if one["type"] == "value_error"), group[0])
    kind, value = detail["type"], _value_at(source.data, path)
    if kind == "value_error":
        return _own_words(source, path, detail)
    if kind == "extra_forbidden":
        return _unknown_key(source, path)
    if kind == "missing":
        return _missing(source, path)
    if detail["loc"][-1] == "[key]":
        return _bad_key(source, path, detail)
    if kind == "string_pattern_mismatch" and len(group) == 1:
        return _bad_pattern(source, path, (str(value), str(detail["ctx"]["pattern"])))
    if kind in _BOUNDS and len(group) == 1:
        key, message = _BOUNDS[kind]
        return _problem(source, path, message.format(detail["ctx"][key]), _least(kind, detail))
    return _wrong_kind(source, path, value)


def _own_words(source: Source, path: Path, detail: ErrorDetails) -> Problem:
    """What a value of ours says about itself: "… is not an amount; write for example 20 EUR"."""
    said = str(detail.get("ctx", {}).get("error", detail["msg"]))
    message, _, instead = said.partition("; write ")
    if message.startswith("write "):
        message, instead = f"{_shown(_value_at(source.data, path))} has no place here", message.removeprefix("write ")
    return _problem(source, path, _sentence(message), instead)


def _unknown_key(source: Source, path: Path) -> Problem:
    key, known = str(path[-1]), allowed_keys(path[:-1])
    if before := _torn_from(source.data, path):
        message = "A comma parts two entries here; the decimals of an amount follow a point."
        return _problem(source, before, message, f"{before[-1]}: {_value_at(source.data, before)}.{key}")
    line, column = source.marks[path].key if path in source.marks else source.place(path)
    near = nearest(key.rstrip("_"), known)
    where = f"in {dotted(path[:-1])}" if path[:-1] else "in a program"
    message = f"There is no {key} {where}."
    if near is None:
        message = f"{message[:-1]}, only {_listed(known)}." if 0 < len(known) <= MAXIMUM_LISTED else message
    return Problem(line, column, dotted(path), message, near or "")


def _missing(source: Source, path: Path) -> Problem:
    section, key = path[:-1], str(path[-1])
    line, column = source.place(section)
    sample = _last_step(source, section) if key == "success" else _SAMPLES.get(key) or example(path) or "…"
    subject = dotted(section) or "The program"
    return Problem(line, column, dotted(path), f"{subject} needs {key}.", f"{key}: {sample}")


def _last_step(source: Source, section: Path) -> str:
    """The step that is most likely the success of a referral: its last one."""
    steps = _value_at(source.data, (*section, "steps"))
    return str(list(steps)[-1]) if isinstance(steps, dict) and steps else _SAMPLES["success"]


def _bad_key(source: Source, path: Path, detail: ErrorDetails) -> Problem:
    key = str(path[-1]) if path else ""
    if detail["type"] == "literal_error":
        return _problem(source, path, f"There is no language {key} here, only {_listed(LANGUAGES)}.")
    if detail["type"] != "string_pattern_mismatch" and "int" in detail["type"]:
        return _problem(source, path, f"{key} is no count.", "1")
    said, joint = _PATTERNS[_NAME]
    return _problem(source, path, f"{key} {said}.", _slug(key, joint))


def _bad_pattern(source: Source, path: Path, found: tuple[str, str]) -> Problem:
    value, pattern = found
    counted, _, length = value.partition(" within ")
    if length and path[-1] in ("count", "sum"):
        message = "The length of time stands beside what is counted."
        return _problem(source, path, message, f"{path[-1]}: {counted}, within: {length}")
    if pattern in _PATTERNS:
        said, joint = _PATTERNS[pattern]
        return _problem(source, path, f"{_shown(value)} {said}.", _slug(value, joint))
    said, instead = _WANTED.get(pattern, ("has no place here", example(path)))
    if pattern == "^[A-Z]{3}$" and re.fullmatch("[A-Za-z]{3}", value):
        instead = value.upper()
    return _problem(source, path, f"{_shown(value)} {said}.", instead)


def _wrong_kind(source: Source, path: Path, value: Any) -> Problem:
    words = choices(path)
    if words and kinds(path) <= {"string", "integer", "boolean", "null"}:
        near = nearest(str(value), words) or (words[0] if len(words) == 1 else "")
        return _problem(source, path, f"{_shown(value)} is not possible here, only {_listed(words)}.", near)
    wanted = [_KINDS[kind] for kind in sorted(kinds(path), reverse=True) if kind in _KINDS]
    if "by_hand" in allowed_keys(path):
        return _problem(source, path, "A group is a condition, or kept by hand.", "{by_hand: true}")
    if isinstance(value, str) and "string" in kinds(path) and (samples := examples(path)):
        return _problem(source, path, f"{_shown(value)} is not possible here.", f"for example {_listed(samples, 'or')}")
    belongs = f"Here belongs {_listed(wanted, 'or')}" if wanted else "This has no place here"
    instead = example(path)
    instead = instead if instead and instead != str(value) and not allowed_keys(path) else ""
    return _problem(source, path, f"{belongs}, not {_shown(value)}.", f"for example {instead}" if instead else "")


def _least(kind: str, detail: ErrorDetails) -> str:
    key = {"greater_than_equal": "ge", "less_than_equal": "le"}.get(kind)
    return str(detail["ctx"][key]) if key else ""


def _inside(data: Any, part: str | int) -> tuple[Any, ...]:
    """What stands in a section or list under a key or number, alone in a tuple; empty when nothing does."""
    if isinstance(data, dict) and part in data:
        return (data[part],)
    return (data[part],) if isinstance(data, list) and isinstance(part, int) and part < len(data) else ()


def _value_at(data: Any, path: Path) -> Any:
    for part in path:
        inside = _inside(data, part)
        data = inside[0] if inside else None
    return data


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return _KINDS["object" if isinstance(value, dict) else "array"]
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _slug(text: str, joint: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", joint, text.lower()).strip(joint)
    return slug[:64] if slug and slug[0].isalpha() else ""


def _listed(words: Iterable[str], last: str = "and") -> str:
    items = list(words)
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
