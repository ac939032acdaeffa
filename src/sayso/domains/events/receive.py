"""Receiving events: from what somebody sent to an arrival, or to everything that is wrong with it.

Owns the checks of one event's form. It must not read a database, and it changes nothing: problems are values.
"""

import re
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from sayso.core.engine.events import (
    CLOCK_MOVED,
    OUR_OWN,
    PROGRAM_PAUSED,
    PROGRAM_PUBLISHED,
    PROGRAM_RESUMED,
    RATE_SET,
    TIMER,
    Arrival,
)
from sayso.core.engine.rows import ERASED
from sayso.core.program.calendar import SECOND, Moment, moment_of
from sayso.core.program.problems import Problem
from sayso.domains.events.identities import IDENTITY_PROPS, recognise
from sayso.domains.events.own_types import check_own
from sayso.domains.events.props import check_props

FIELDS = (
    "id", "type", "member", "occurred_at", "amount_minor", "currency", "referral_code", "refers_to", "props",
)  # fmt: skip
_NAMES = frozenset(FIELDS)
# Props that say who the member is are read one by one.
_NEVER_PLAIN = frozenset({*IDENTITY_PROPS, "email_disposable"})
LONGEST = 200
LARGEST_AMOUNT_MINOR = 10**13
FUTURE = 300 * SECOND
# What only Sayso itself may say.
RESERVED = frozenset({PROGRAM_PUBLISHED, CLOCK_MOVED, TIMER})
# Events of the workspace itself, which name no member.
WITHOUT_MEMBER = frozenset({RATE_SET, PROGRAM_PAUSED, PROGRAM_RESUMED})

_AN_ERASED_MEMBER = re.compile(rf"{ERASED}[0-9]+")
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_MOMENT = ("occurred_at is a date and time with its zone.", "2027-01-31T11:53:26Z")
_EARLIEST: Moment = 1
# A test workspace may play any time; what is set from a moment on must still have a day, so ten centuries are left.
_NO_END: Moment = moment_of(datetime(9000, 1, 1, tzinfo=UTC))


def receive(raw: Any, *, source: str, latest: Moment | None, counts_only: bool = False) -> Arrival | list[Problem]:
    """Check one event as it was sent.

    Args:
        raw: the event as decoded from JSON: `id`, `type`, `member`, `occurred_at` (RFC 3339), and as far as they apply
            `amount_minor` (minor units), `currency` (ISO 4217), `referral_code`, `refers_to`, `props`.
        source: who sends it; ids are unique within a source, and Sayso's own is nobody else's.
        latest: the clock of a live workspace, microseconds UTC; None for a test workspace, which takes any moment.
        counts_only: history that counts and rewards nothing.

    Returns:
        The arrival, or every problem found.
    """
    if source == OUR_OWN:
        return [Problem(0, 0, "source", f"{OUR_OWN} is Sayso's own name as a source; name your system otherwise.")]
    if not isinstance(raw, dict):
        return [Problem(0, 0, "", "An event is an object with the fields id, type, member and occurred_at.")]
    return _plain(raw, source, latest, counts_only) or _examined(raw, source, latest, counts_only)


def _plain(raw: dict[str, Any], source: str, latest: Moment | None, counts_only: bool) -> Arrival | None:
    """The arrival, where a glance shows that all is well, as it nearly always is; None where it must be examined."""
    values: list[Any] = list(map(raw.get, FIELDS))
    name, kind, member, when, amount, currency, code, refers_to, props = values
    code, refers_to, currency = code or "", refers_to or "", currency or ""
    try:
        well = (
            type(name) is type(member) is type(code) is type(refers_to) is str
            and 0 < len(name) <= LONGEST
            and 0 < len(member) <= LONGEST
            and len(code) <= LONGEST
            and len(refers_to) <= LONGEST
            and f"{name}{member}{code}{refers_to}".isprintable()
            and not member.startswith(ERASED)
            and kind not in RESERVED
            and _TYPE.fullmatch(kind)
            and _NAMES.issuperset(raw)
            and (amount is None or (type(amount) is int and 0 <= amount <= LARGEST_AMOUNT_MINOR))
            and (_CURRENCY.fullmatch(currency) if currency else amount is None)
            and (not props or (type(props) is dict and _NEVER_PLAIN.isdisjoint(props) and not check_props(props)))
            and not check_own(kind, props or {})
        )
        moment = moment_of(datetime.fromisoformat(when)) if well else 0
    except (TypeError, ValueError, OverflowError):
        return None
    if not _EARLIEST <= moment <= (_NO_END if latest is None else latest + FUTURE):
        return None
    return Arrival(
        source, name, kind, member, moment, amount, currency, code, refers_to, props or {}, counts_only=counts_only
    )


def _examined(raw: dict[str, Any], source: str, latest: Moment | None, counts_only: bool) -> Arrival | list[Problem]:
    form = _Form(raw)
    kind = form.text("type", required=True)
    form.check_type(kind)
    arrival = Arrival(
        source,
        form.text("id", required=True),
        kind,
        form.member(required=kind not in WITHOUT_MEMBER),
        form.moment(latest),
        form.amount(),
        form.currency(),
        form.text("referral_code"),
        form.text("refers_to"),
        form.props(kind),
        counts_only=counts_only,
    )
    if not form.problems:
        form.identify(arrival)
    form.check_names()
    return form.problems or arrival


class _Form:
    """One event in the reading."""

    __slots__ = ("problems", "raw")

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw, self.problems = raw, list[Problem]()

    def wrong(self, name: str, what: str, instead: str = "") -> None:
        self.problems.append(Problem(0, 0, name, what, instead))

    def text(self, name: str, *, required: bool = False) -> str:
        value = self.raw.get(name)
        if value is None or value == "":
            if required:
                self.wrong(name, f"{name} is missing.")
            return ""
        if not isinstance(value, str):
            self.wrong(name, f"{name} must be a text.", f'"{value}"')
        elif len(value) > LONGEST:
            self.wrong(name, f"{name} has {len(value)} characters; at most {LONGEST} are taken.")
        elif _UNREADABLE.search(value):
            self.wrong(name, f"{name} holds a character that cannot be read.")
        else:
            return value
        return ""

    def check_type(self, kind: str) -> None:
        if kind and not _TYPE.fullmatch(kind):
            self.wrong("type", "type is a name in small letters, digits and underscores.", "purchase")
        elif kind in RESERVED:
            self.wrong("type", f"{kind} is said by Sayso itself; name your own event otherwise.")

    def member(self, *, required: bool) -> str:
        name = self.text("member", required=required)
        if _AN_ERASED_MEMBER.fullmatch(name):
            self.wrong("member", f"{name} is Sayso's own name for somebody who was erased; name a member otherwise.")
        return name

    def moment(self, latest: Moment | None) -> Moment:
        if isinstance(self.raw.get("occurred_at"), (int, float)):  # as text it would be refused as well
            self.wrong("occurred_at", *_NO_MOMENT)
            return 0
        text = self.text("occurred_at", required=True)
        if not text:
            return 0
        try:
            when = datetime.fromisoformat(text)
            moment = moment_of(when)
        except (ValueError, TypeError, OverflowError):
            self.wrong("occurred_at", *_NO_MOMENT)
            return 0
        if moment < _EARLIEST:
            self.wrong("occurred_at", "occurred_at lies before 1970.")
        elif latest is not None and moment > latest + FUTURE:
            self.wrong(
                "occurred_at", "occurred_at lies more than 5 minutes ahead; a test workspace has a clock of its own."
            )
        elif moment > _NO_END:
            self.wrong("occurred_at", "occurred_at lies after the year 8999.")
        return moment

    def amount(self) -> int | None:
        value = self.raw.get("amount_minor")
        if value is None or value == "":
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong("amount_minor", "amount_minor is a whole number of the currency's minor unit.", "1240")
        elif not 0 <= value <= LARGEST_AMOUNT_MINOR:
            self.wrong("amount_minor", f"amount_minor lies between 0 and {LARGEST_AMOUNT_MINOR:,} of the minor unit.")
        else:
            return value
        return None

    def currency(self) -> str:
        currency = self.text("currency")
        if currency and not _CURRENCY.fullmatch(currency):
            self.wrong("currency", "currency is a code of three capital letters.", "EUR")
        elif not currency and self.raw.get("amount_minor") is not None:
            self.wrong("currency", "An amount needs its currency.", "EUR")
        return currency

    def props(self, kind: str) -> dict[str, Any]:
        props = self.raw.get("props")
        if props is None:
            props = {}
        if not isinstance(props, dict):
            self.wrong("props", "props is an object of names and values.")
            return {}
        said = check_props(props)
        told = {problem.path for problem in said}
        self.problems += [*said, *(problem for problem in check_own(kind, props) if problem.path not in told)]
        return props

    def identify(self, arrival: Arrival) -> None:
        if not arrival.props:
            return
        found = recognise(arrival.props)
        self.problems += found.problems
        arrival.identities = tuple(found.identities)
        if found.disposable or "email_disposable" in arrival.props:
            arrival.props = {**arrival.props, "email_disposable": found.disposable}

    def check_names(self) -> None:
        for name in self.raw:
            if name not in FIELDS:
                shown = str(name)[:LONGEST]
                near = get_close_matches(str(name), FIELDS, n=1)
                if name == "amount":
                    what = "There is no field 'amount'; an amount is whole minor units, 1240 for 12.40."
                    self.wrong(shown, what, "amount_minor")
                else:
                    self.wrong(shown, f"There is no field {shown!r}.", near[0] if near else "")
