"""Owns what is good and yet moves nothing: types that no program speaks of, codes that are nobody's, a past too far.

It must not refuse anything: whoever sends such events may have a program for them tomorrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from sayso.cli.answers import written
from sayso.cli.moments import local
from sayso.core.engine.events import WITH_A_MEANING, Arrival
from sayso.core.program.calendar import Moment, datetime_of
from sayso.core.program.vocabulary import nearest
from sayso.domains.programs.heard import heard_where
from sayso.domains.sharing.queries import known_codes
from sayso.domains.workspaces.models import Workspace

MOST_KEPT = 10_000
SHOWN = 3


@dataclass(slots=True)
class Unheeded:
    """What a file held that moves nothing.

    Attributes:
        spoken_of: the types that the published programs speak of; empty where none is published.
        holds_from: when the first version of any program began to hold; 0 for always.
        types: how many events of which other type came.
        codes: how many events named a code that was nobody's then.
        early: how many happened before that.
    """

    spoken_of: Set[str]
    holds_from: Moment = 0
    early: int = 0
    types: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    _handed_out: set[str] = field(default_factory=set)

    def look_at(self, workspace: Workspace, arrivals: Iterable[Arrival]) -> None:
        """Note what a batch holds, before it is taken; a code counts from the line that hands it out."""
        heeded = heard_where(frozenset(self.spoken_of))
        named = []
        for each in arrivals:
            if each.type not in heeded:
                _count(self.types, each.type)
            elif each.occurred_at < self.holds_from and not each.counts_only and each.type not in WITH_A_MEANING:
                self.early += 1
            if each.props:
                self._handed_out.update(_codes_in(each.props))
            if each.referral_code and each.referral_code.casefold() not in self._handed_out:
                named.append(each.referral_code)
        if named:
            self._look_up(workspace, named)

    def data(self) -> dict[str, Any]:
        """The same for machines, the most frequent first."""
        types = [
            {"type": name, "count": count, "nearest": nearest(name, self.spoken_of)}
            for name, count in self.types.most_common()
        ]
        return {
            "unheeded_types": types,
            "unknown_codes": dict(self.codes.most_common()),
            "before_any_version": self.early,
        }

    def sentences(self, zone: tzinfo) -> Iterator[str]:
        """The same for people; `zone` is the workspace's."""
        if self.early:
            since = written(local(datetime_of(self.holds_from), zone))
            yield f"{_events(self.early)} from before any program held ({since}): counted, and nothing is given for it."
        if self.types and not self.spoken_of:
            yield f"{_events(self.types.total())} only counted: no program is published here that could listen."
        elif self.types:
            yield from (self._about(name, count) for name, count in self.types.most_common(SHOWN))
            if len(self.types) > SHOWN:
                yield f"No program listens to {len(self.types) - SHOWN:,} more types either (--json names them)."
        if self.codes:
            named = ", ".join(f"{code} ({count:,})" for code, count in self.codes.most_common(SHOWN))
            more = f" and {len(self.codes) - SHOWN:,} more" if len(self.codes) > SHOWN else ""
            yield f"{_events(self.codes.total())} with a code that is nobody's, so no referral opened: {named}{more}."

    def _look_up(self, workspace: Workspace, codes: list[str]) -> None:
        known = known_codes(workspace, {code.casefold() for code in codes})
        for code in codes:
            if code.casefold() not in known:
                _count(self.codes, code)

    def _about(self, name: str, count: int) -> str:
        near = nearest(name, self.spoken_of)
        instead = f"; nearest {near}" if near else ""
        return f"{_events(count)} of type {name}: no program listens to it{instead}."


def _count(counter: Counter[str], name: str) -> None:
    if name in counter or len(counter) < MOST_KEPT:
        counter[name] += 1


def _codes_in(props: dict[str, Any]) -> Iterator[str]:
    for code in (props.get("code"), *props.get("codes", ())):
        if code:
            yield str(code).casefold()


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
