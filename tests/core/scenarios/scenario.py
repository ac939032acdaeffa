"""A scenario: a rule in plain words, programs, what happens, and what must come of it, as a marketer would write it.

Owns how a scenario file is read and played. What must come of it is compared in `outcome`. It imports no Django, so
that the same scenarios serve every store: one needs `publish`, `receive` and `move_clock`.

A file holds `rule`, `programs` (whole documents, or the paths of their files), `events`, `expect` and a `twin` with
one `change` and an `expect` of its own. Every document is published before the first event, unless an event
`publish: 2` (counted from 1) does it; `publish: [2, 3]` publishes both in one act. `clock: 2027-03-01` moves the
workspace's clock. A day without a time means its noon, local time.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import Moment, moment_of
from sayso.core.program.values import Money
from sayso.core.program.yaml_source import read_source

SOURCE = "till"
ZONE = "Europe/Madrid"
# Names under which an event's own properties speak of moments; they arrive as text with a zone.
MOMENTS = frozenset({"at", "touched_at"})


@dataclass(frozen=True, slots=True)
class Publication:
    """Documents that come into force at a moment, in one act."""

    texts: tuple[str, ...]
    at: Moment


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The workspace's clock is moved forward to a moment."""

    at: Moment


Happening = Arrival | Publication | ClockMoved


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens, in order, and what must come of it.

    Attributes:
        name: the file's name without its ending; the twin's ends with "(twin)".
        rule: the rule in plain words.
        expect: what must come of it, part by part; see `outcome.mismatches`.
    """

    name: str
    rule: str
    zone: str
    happenings: tuple[Happening, ...]
    expect: Mapping[str, Any]


class Store(Protocol):
    """What a store must offer to have scenarios played in it."""

    def publish(self, publication: Publication) -> None:
        """Let a document come into force."""

    def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Decide a batch of arrivals."""

    def move_clock(self, moment: Moment) -> None:
        """Move the clock forward and fire what falls due."""


def play(scenario: Scenario, store: Store, *, batch: int = 1000) -> None:
    """Let everything happen in a store, events in batches of at most so many."""
    for kind, group in groupby(scenario.happenings, key=type):
        held: list[Any] = list(group)
        if kind is Arrival:
            for first in range(0, len(held), batch):
                store.receive(held[first : first + batch])
            continue
        for each in held:
            if isinstance(each, Publication):
                store.publish(each)
            else:
                store.move_clock(each.at)


def read_scenario(path: Path) -> tuple[Scenario, Scenario]:
    """The scenario of a file, and its twin with one changed input.

    Raises:
        KeyError: a part is missing.
        ValueError: a value is written in no known way, or the change changes nothing.
    """
    source = read_source(path.read_text(encoding="utf-8"))
    assert source.broken is None, f"{path.name}: {source.broken}"
    assert source.problems == []
    base = source.data
    base["programs"] = [_document(each, path.parent) for each in base["programs"]]
    twin = {**changed(base, base["twin"]["change"]), "expect": base["twin"]["expect"]}
    return _scenario(path.stem, base), _scenario(f"{path.stem} (twin)", twin)


def _document(written: str, folder: Path) -> str:
    """The text of a document that a scenario holds, or of the file that it names instead."""
    return (folder / written).read_text(encoding="utf-8") if written.endswith(".yaml") else written


def changed(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's content with one input changed.

    Args:
        change: `{program: [old text, new text]}`, `{timezone: ...}`, `{without: EVENT}`, `{first: EVENT}` (it happens
            before all others), or `{event: EVENT, NAME: VALUE}`; an event is named by its id or its place from 1.
    """
    content = deepcopy(dict(base))
    match change:
        case {"program": [str(old), str(new)]}:
            content["programs"] = [text.replace(old, new) for text in content["programs"]]
        case {"timezone": str(zone)}:
            content["timezone"] = zone
        case {"without": which}:
            del content["events"][_place(content["events"], which)]
        case {"first": which}:
            content["events"].insert(0, content["events"].pop(_place(content["events"], which)))
        case {"event": which, **fields}:
            content["events"][_place(content["events"], which)].update(fields)
        case _:
            raise ValueError(f"no such change: {change}")
    if content == base:
        raise ValueError(f"the change changes nothing: {change}")
    return content


def _place(events: Sequence[Mapping[str, Any]], which: int | str) -> int:
    if isinstance(which, int):
        return which - 1
    return next(place for place, event in enumerate(events) if event.get("id") == which)


def _scenario(name: str, content: Mapping[str, Any]) -> Scenario:
    zone = ZoneInfo(content.get("timezone", ZONE))
    happenings = tuple(_happenings(content["programs"], content["events"], zone))
    return Scenario(name, content["rule"], zone.key, happenings, content["expect"])


def _happenings(texts: Sequence[str], events: Sequence[dict[str, Any]], zone: ZoneInfo) -> Iterable[Happening]:
    later = {number for event in events if "publish" in event for number in _numbers(event["publish"])}
    first = min(moment(event["at"], zone) for event in events if "at" in event)
    for number, text in enumerate(texts, start=1):
        if number not in later:
            yield Publication((text,), first)
    for place, event in enumerate(events, start=1):
        if "publish" in event:
            together = tuple(texts[number - 1] for number in _numbers(event["publish"]))
            yield Publication(together, moment(event["at"], zone))
        elif "clock" in event:
            yield ClockMoved(moment(event["clock"], zone))
        else:
            yield arrival({"id": str(place), **event}, zone)


def _numbers(written: int | list[int]) -> list[int]:
    return written if isinstance(written, list) else [written]


# --- one event ------------------------------------------------------------------------------------------------------


def arrival(event: Mapping[str, Any], zone: ZoneInfo) -> Arrival:
    """An event of a scenario as it would arrive; names are those of the import, with `at`, `amount` and `code` short.

    Raises:
        ValueError: it has a field that no event has.
    """
    given = dict(event)
    amount = Money.parse(given.pop("amount")) if "amount" in given else None
    found = Arrival(
        source=SOURCE,
        external_id=str(given.pop("id")),
        type=given.pop("type"),
        ref=given.pop("member", ""),
        occurred_at=moment(given.pop("at"), zone),
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else "",
        referral_code=given.pop("code", ""),
        refers_to=str(given.pop("refers_to", "")),
        props=_props(given.pop("props", {}), zone),
        identities=tuple(given.pop("identities", {}).items()),
        counts_only=given.pop("counts_only", False),
    )
    if given:
        raise ValueError(f"no such field of an event: {', '.join(given)}")
    return found


def _props(value: Any, zone: ZoneInfo, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _props(each, zone, "at" if name == "steps" else key) for key, each in value.items()}
    if isinstance(value, list):
        return [_props(each, zone, name) for each in value]
    return when(value, zone).isoformat() if name in MOMENTS else value


def moment(written: Any, zone: ZoneInfo) -> Moment:
    """The moment of a local day (its noon) or of a local date and time; one with an offset is taken at its word."""
    return moment_of(when(written, zone))


def when(written: Any, zone: ZoneInfo) -> datetime:
    """The same as an aware datetime."""
    read = datetime.fromisoformat(written) if isinstance(written, str) else written
    if not isinstance(read, datetime):
        assert isinstance(read, date)
        read = datetime.combine(read, time(12))
    return read if read.tzinfo else read.replace(tzinfo=zone)
