"""Owns what a line of members, balances or referrals becomes: the events that say the same, with an id of their own.

An id is made from what names the line, so a file taken twice is taken once. It must not judge what every event is
judged by; only what the lists add to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import msgspec

from sayso.cli.answers import Refused
from sayso.cli.imports.columns import Cell, from_json, header_of, pairs, several, whole, whole_or_text
from sayso.cli.imports.files import Fields, Header
from sayso.core.engine.events import MEMBER_UPDATED, POINTS_MOVED_IN, REFERRAL_MOVED_IN
from sayso.core.program.calendar import Moment, moment_of
from sayso.core.program.vocabulary import nearest

LARGEST_AMOUNT = 10**13

_canonical = msgspec.json.Encoder(order="deterministic", enc_hook=str).encode


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a line is read against.

    Attributes:
        zone: in which days begin and end.
        steps: the steps of the referral of each published program, by its name.
        units: in which the published programs give: their points and their currencies; empty where none is published.
        events: the types of event that the published programs speak of.
        holds_from: when the first version of any of them began to hold; 0 for always.
    """

    zone: tzinfo
    steps: Mapping[str, frozenset[str]] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    holds_from: Moment = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        cells: the columns it may have, with what reads their cells.
        deeper: names under which a company's own names stand.
        needed: what every line must have.
        events: from a line to its events; a ValueError says what is wrong with the line.
        listed: its lines are no events as they stand, so names are checked here and moments may be missing.
    """

    cells: Mapping[str, Cell]
    deeper: tuple[str, ...]
    needed: tuple[str, ...]
    events: Callable[[Fields, Surroundings], list[Fields]]
    listed: bool = True


def check_names(fields: Fields, kind: Kind) -> None:
    """Check the names of a line of one of the lists.

    Raises:
        ValueError: one is unknown, or one that is needed is missing.
    """
    for name in fields:
        if name not in kind.cells and name not in kind.deeper:
            raise ValueError(f"there is no field {name!r}; known are {', '.join((*kind.cells, *kind.deeper))}")
    for name in kind.needed:
        if fields.get(name) in (None, ""):
            raise ValueError(f"{name} is missing")


# --- events -----------------------------------------------------------------------------------------------------


def _event(fields: Fields, around: Surroundings) -> list[Fields]:
    """An event as it stands. What moves in is checked as a balance is, for it is booked like one."""
    props = fields.get("props")
    if fields.get("type") == POINTS_MOVED_IN and isinstance(props, dict) and isinstance(props.get("unit"), str):
        _check_unit(props["unit"], around.units)
    return [fields]


# --- members ----------------------------------------------------------------------------------------------------


def _member(fields: Fields, around: Surroundings) -> list[Fields]:
    apart = ("member", "joined_at", "name")
    props = {name: value for name, value in fields.items() if name not in apart and value is not None}
    if fields.get("name"):
        props["attributes"] = {**(fields.get("attributes") or {}), "name": fields["name"]}
    event = {"id": _id("member", fields), "type": MEMBER_UPDATED, "member": fields["member"], "props": props}
    return [_at(event, fields.get("joined_at"), around)]


# --- balances ---------------------------------------------------------------------------------------------------


def _balance(fields: Fields, around: Surroundings) -> list[Fields]:
    _check_unit(str(fields["unit"]), around.units)
    amount, named = fields["amount"], {name: fields.get(name) for name in ("member", "unit", "expires_at")}
    if type(amount) is not int or not 0 <= amount <= LARGEST_AMOUNT:
        raise ValueError(f"amount: {amount!r} is no whole number between 0 and {LARGEST_AMOUNT}")
    event: Fields = {"id": fields.get("id") or _id("balance", named), "member": fields["member"]}
    if amount == 0:  # nothing to book, and yet somebody to know
        return [{**event, "type": MEMBER_UPDATED, "props": {}}]
    props = {"unit": fields["unit"], "amount": amount}
    if fields.get("expires_at"):
        props["expires_at"] = _number(str(fields["expires_at"]), around.zone, _end)
    return [{**event, "type": POINTS_MOVED_IN, "props": props}]


def _check_unit(unit: str, known: Set[str]) -> None:
    """Refuse a unit that no published program gives: what is booked in it nobody could ever spend."""
    if not known or unit in known:
        return
    folded = {each.casefold(): each for each in sorted(known)}
    near = nearest(unit.casefold(), folded)
    instead = f"write {folded[near]}" if near else f"there are {', '.join(folded.values())}"
    raise ValueError(f"unit: no published program has {unit!r}; {instead}")


# --- referrals --------------------------------------------------------------------------------------------------


def _referral(fields: Fields, around: Surroundings) -> list[Fields]:
    advocate, friend, code = fields["advocate"], fields.get("friend"), fields.get("code")
    if not friend and not code:
        raise ValueError("a friend is missing; a line without one must have a code")
    props = {"code": code} if code else {}
    known = {"id": _id("advocate", fields), "type": MEMBER_UPDATED, "member": advocate, "props": props}
    found = [_at(known, fields.get("opened_at"), around)]
    if friend:
        found.append(_moved_in(fields, around))
    return found


def _moved_in(fields: Fields, around: Surroundings) -> Fields:
    program, named = (
        str(fields.get("program") or ""),
        {name: fields.get(name) for name in ("advocate", "friend", "program")},
    )
    if program not in around.steps:
        known = ", ".join(around.steps) or "none"
        raise ValueError(f"program: {program!r} is not published with a referral here; published are {known}")
    steps = fields.get("steps") or {}
    if not isinstance(steps, dict):
        raise ValueError("steps: an object of names and moments is expected")
    for name in steps:
        if name not in around.steps[program]:
            raise ValueError(f"steps: {program} has no step {name!r}")
    reached = {name: _number(str(at), around.zone, _moment) for name, at in steps.items()}
    event = {
        "id": fields.get("id") or _id("referral", named),
        "type": REFERRAL_MOVED_IN,
        "member": fields["friend"],
        "props": {"advocate": fields["advocate"], "program": program, "steps": reached},
    }
    return _at(event, fields.get("opened_at"), around)


# --- pieces -----------------------------------------------------------------------------------------------------


def _id(kind: str, named: Mapping[str, Any]) -> str:
    return f"{kind}-{hashlib.sha256(_canonical(named)).hexdigest()[:32]}"


def _at(event: Fields, moment: Any, around: Surroundings) -> Fields:
    return {**event, "occurred_at": _moment(str(moment), around.zone).isoformat()} if moment else event


def _number(text: str, zone: tzinfo, read: Callable[[str, tzinfo], datetime]) -> Moment:
    try:
        return moment_of(read(text, zone))
    except OverflowError:
        raise ValueError(f"{text!r} is beyond the calendar; what never ends is left empty") from None


def _moment(text: str, zone: tzinfo) -> datetime:
    """Read a moment; a day is its beginning, and a time without an offset is local."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no moment; write 2027-01-31 or 2027-01-31T09:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _end(text: str, zone: tzinfo) -> datetime:
    """Read the moment at which something ends; a day is its end."""
    try:
        last = date.fromisoformat(text) if len(text) == len("2027-01-31") else None
    except ValueError:
        last = None
    return datetime.combine(last + timedelta(days=1), time(), zone) if last else _moment(text, zone)


_PROPS: dict[str, Cell] = {
    **dict.fromkeys(("points", "score", "amount", "reward", "version"), whole),
    **dict.fromkeys(("choice", "shown_version"), whole_or_text),
    **dict.fromkeys(("touches", "give", "steps", "attributes"), from_json),
    **dict.fromkeys(("tags", "groups", "codes"), several),
}
_EVENT = ("id", "type", "member", "occurred_at", "currency", "referral_code", "refers_to")

KINDS: Mapping[str, Kind] = {
    "events": Kind(
        cells={
            **dict.fromkeys(_EVENT, str),
            "amount_minor": whole,
            **{f"props.{name}": read for name, read in _PROPS.items()},
        },
        deeper=("props",),
        needed=("id", "type", "occurred_at"),
        events=_event,
        listed=False,
    ),
    "members": Kind(
        cells={
            **dict.fromkeys(("member", "email", "phone", "name", "language", "country", "account", "code"), str),
            **dict.fromkeys(("tags", "groups"), several),
            "joined_at": str,
        },
        deeper=("attributes",),
        needed=("member",),
        events=_member,
    ),
    "balances": Kind(
        cells={**dict.fromkeys(("member", "unit", "expires_at", "id"), str), "amount": whole},
        deeper=(),
        needed=("member", "unit", "amount"),
        events=_balance,
    ),
    "referrals": Kind(
        cells={
            **dict.fromkeys(("advocate", "friend", "program", "code", "opened_at", "id"), str),
            "steps": pairs,
        },
        deeper=("steps",),
        needed=("advocate",),
        events=_referral,
    ),
}


def header_for(kind: Kind) -> Header:
    """Return what reads the head of a CSV file of a kind, and refuses that of another."""
    read_head = header_of(kind.cells, deeper=kind.deeper, needed=kind.needed)

    def read(heads: list[str]) -> Callable[[list[str]], Fields]:
        refuse_other_lists([head.partition(":")[0].partition(".")[0] for head in heads], kind)
        return read_head(heads)

    return read


def refuse_other_lists(names: Collection[str], kind: Kind) -> None:
    """Refuse what is plainly a list of another kind, in one sentence instead of one for each name.

    Args:
        names: of the columns, or of the fields of a line, without what stands after a point.

    Raises:
        Refused: another kind knows all of them and misses none, and this one does not.
    """
    if _fits(names, kind):
        return
    for other, wanted in KINDS.items():
        if wanted is not kind and _fits(names, wanted):
            raise Refused(f"This looks like a file of {other}; use sayso import {other}.")


def _fits(names: Collection[str], kind: Kind) -> bool:
    known = {name.partition(".")[0] for name in kind.cells} | set(kind.deeper)
    return known.issuperset(names) and set(kind.needed).issubset(names)
