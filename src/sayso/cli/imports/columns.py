"""Owns how the cells of a CSV row become the same mapping that a line of NDJSON gives.

A column is named as the field is, `props.store` for what lies deeper; an empty cell says nothing. Cells are text, but
for the fields that Sayso itself reads as something else, and for a column whose name ends in `:json`. It must not judge
the values: that is done where events are received, for every source alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from sayso.cli.answers import Refused
from sayso.cli.imports.files import Fields, Header

Cell = Callable[[str], Any]

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_AS_JSON = ":json"


def whole(cell: str) -> int:
    """Read a whole number.

    Raises:
        ValueError: it is none.
    """
    if not _WHOLE.fullmatch(cell):
        raise ValueError(f"{cell!r} is no whole number; money is written in minor units, 1240 for 12.40")
    return int(cell)


def whole_or_text(cell: str) -> int | str:
    """Read a whole number where it is one, else text."""
    return int(cell) if _WHOLE.fullmatch(cell) else cell


def several(cell: str) -> list[str]:
    """Read several words with semicolons or commas between them."""
    return [word for part in re.split("[;,]", cell) if (word := part.strip())]


def from_json(cell: str) -> Any:
    """Read JSON.

    Raises:
        ValueError: it is none.
    """
    try:
        return msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError(f"{cell[:80]!r} is no JSON") from None


def pairs(cell: str) -> dict[str, str]:
    """Read `signed_up=2027-01-31; purchased=2027-02-03`.

    Raises:
        ValueError: a part has no `=`.
    """
    found = {}
    for part in several(cell):
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"{part!r} is no step with its moment; write signed_up=2027-01-31T09:00:00Z")
        found[name.strip()] = value.strip()
    return found


def header_of(known: Mapping[str, Cell], *, deeper: Iterable[str], needed: Iterable[str]) -> Header:
    """Return what reads the head of a CSV file.

    Args:
        known: from the name of a column to what reads its cells.
        deeper: names under which a company's own names stand, `props` for `props.store`.
        needed: columns that must be there.
    """
    within = tuple(f"{name}." for name in deeper)

    def read_head(heads: list[str]) -> Callable[[list[str]], Fields]:
        _check(heads, known, within, needed)
        columns = [(at, *_column(head, known)) for at, head in enumerate(heads)]

        def read_row(row: list[str]) -> Fields:
            fields: Fields = {}
            for at, path, name, read in columns:
                cell = row[at].strip()
                if cell:
                    _put(fields, path, _value(name, read, cell))
            return fields

        return read_row

    return read_head


def _column(head: str, known: Mapping[str, Cell]) -> tuple[list[str], str, Cell]:
    name = head.removesuffix(_AS_JSON)
    read = from_json if head.endswith(_AS_JSON) else known.get(name, str)
    return name.split("."), name, read


def _value(name: str, read: Cell, cell: str) -> Any:
    try:
        return read(cell)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _put(fields: Fields, path: list[str], value: Any) -> None:
    for name in path[:-1]:
        fields = fields.setdefault(name, {})
        if not isinstance(fields, dict):
            raise ValueError(f"{'.'.join(path)}: {name} is given as a whole and in parts")
    fields[path[-1]] = value


def _check(heads: list[str], known: Mapping[str, Cell], within: tuple[str, ...], needed: Iterable[str]) -> None:
    names = [head.removesuffix(_AS_JSON) for head in heads]
    unknown = [name for name in names if name not in known and not (name.startswith(within) and name[-1] != ".")]
    twice = sorted({name for name in names if names.count(name) > 1})
    missing = [name for name in needed if name not in names]
    said = [f"There is no column {name!r}{_instead(name, known)}." for name in unknown]
    said += [f"The column {name!r} is there twice." for name in twice]
    said += [f"The column {name!r} is missing." for name in missing]
    if unknown:
        deeper = "".join(f" What is your own stands in {name}NAME." for name in within)
        said.append(f"Known are {', '.join(name for name in known if not name.startswith(within))}.{deeper}")
    if said:
        raise Refused("\n".join(said), {"problems": [{"line": 1, "problem": each} for each in said]})


def _instead(name: str, known: Mapping[str, Cell]) -> str:
    meant = _OFTEN_CALLED.get(name.casefold().replace(" ", "_"))
    if meant and meant.partition(" ")[0].rstrip(",") in known:
        return f"; write {meant}"
    near = get_close_matches(name, known, n=1)
    return f"; perhaps {near[0]!r}" if near else ""


# What other systems call a column, and what it is called here.
_OFTEN_CALLED = {
    "amount": "amount_minor, in minor units of the currency: 1240 for 12.40",
    "total": "amount_minor, in minor units of the currency: 1240 for 12.40",
    **dict.fromkeys(("date", "time", "timestamp", "created_at"), "occurred_at"),
    **dict.fromkeys(("customer", "customer_id", "user", "user_id", "member_id"), "member"),
    **dict.fromkeys(("event", "event_type"), "type"),
    **dict.fromkeys(("event_id", "order_id"), "id"),
    **dict.fromkeys(("code", "referral"), "referral_code"),
}
