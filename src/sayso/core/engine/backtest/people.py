"""What people decided, carried over to another rulebook (SEMANTICS 41, 43).

Owns finding the counterpart of a reward that somebody approved, denied, chose from or handed over: the one of the
same clause for the same cause and beneficiary. It must not decide what the decision does there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sayso.core.engine.backtest.outcome import cause_of
from sayso.core.engine.decision import Decided, Verdict
from sayso.core.engine.events import (
    REWARD_APPROVED,
    REWARD_CHOSEN,
    REWARD_DENIED,
    REWARD_ISSUED,
    REWARD_REDEEMED,
    REWARD_REVERSED,
    Event,
)
from sayso.core.engine.facts import Facts
from sayso.core.engine.rows import Reason, Reward

ABOUT_A_REWARD = frozenset(
    {REWARD_APPROVED, REWARD_CHOSEN, REWARD_DENIED, REWARD_ISSUED, REWARD_REDEEMED, REWARD_REVERSED}
)


@dataclass(slots=True)
class People:
    """The decisions of people met so far, and the rewards that they may be about.

    Attributes:
        count: how many decisions of people there were.
        unmatched: (event, program, clause) for each whose reward has no counterpart under the candidate.
    """

    facts: Facts
    count: int = 0
    unmatched: list[tuple[Event, str, str]] = field(default_factory=list)
    _about: tuple[str, str] = ("", "")
    _by_cause: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)

    def hear(self, decided: Decided) -> None:
        """Know the rewards that the candidate grants."""
        rows = decided.decision.rows.get("rewards") if decided.decision else None
        for number, row in (rows or {}).items():
            known = self._by_cause.setdefault((row.program, row.clause, cause_of(row)), [])
            if number not in known:
                known.append(number)

    def carry_over(self, event: Event, before: Mapping[int, Reward]) -> Event:
        """The event as it reads under the candidate.

        Args:
            event: one of `DECISIONS_OF_PEOPLE`.
            before: rewards as they were numbered when the event was stored.
        """
        self.count += 1
        number = event.props.get("reward")
        seen = before.get(number) if isinstance(number, int) else None
        self._about = (seen.program, seen.clause) if seen else _named(event)
        if event.type not in ABOUT_A_REWARD or seen is None:
            return event
        counterpart = self._counterpart(seen)
        if counterpart is None:
            return replace(event, props={**event.props, "reward": 0})
        props = {**event.props, "reward": counterpart.id}
        if event.type == REWARD_CHOSEN:
            props["choice"] = _choice(event.props.get("choice"), seen, counterpart)
        return replace(event, props=props)

    def compare(self, event: Event, then: Iterable[Reason] | None, now: Iterable[Reason]) -> None:
        """List the decision that was just carried over, when only then its reward was found."""
        if event.type not in ABOUT_A_REWARD or not any(map(_not_found, now)):
            return
        if any(map(_not_found, then or ())):
            return
        self.unmatched.append((event, *self._about))

    def _counterpart(self, seen: Reward) -> Reward | None:
        numbers = self._by_cause.get((seen.program, seen.clause, cause_of(seen)), ())
        rows = [self.facts.rewards.rows[number] for number in numbers]
        same = [row for row in rows if self._now(row.beneficiary) == self._now(seen.beneficiary)]
        # Whom a later merge gave the reward is not known yet at this place; one clause pays one side of a cause.
        return next(iter(same or rows), None) if len(same or rows) == 1 else None

    def _now(self, member: int) -> int:
        """The member into whom somebody was merged."""
        row = self.facts.members.rows.get(member)
        return row.merged_into if row is not None and row.merged_into else member


def _named(event: Event) -> tuple[str, str]:
    """The program and the clause that a decision names."""
    return str(event.props.get("program", "")), str(event.props.get("clause", ""))


def _not_found(reason: Reason) -> bool:
    return reason.verdict == Verdict.NOT_FOUND


def _choice(wanted: Any, seen: Reward, counterpart: Reward) -> Any:
    """The option that was taken by its place, as it stands in the counterpart; a kind is the same everywhere.

    Places shift when the document offers other things: what was taken then is looked for now, else something of its
    kind; what is no longer offered stays unoffered.
    """
    if seen.options or not isinstance(wanted, int):
        return wanted
    taken = tuple(seen.items[-1])
    options = [tuple(item) for item in counterpart.options]
    return options.index(taken) if taken in options else taken[0]
