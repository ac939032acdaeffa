"""The run of a backtest: the log decided again under a candidate, beside what was decided then.

Owns the run and the making of a candidate's rulebook. Replaying is `replay`'s, comparing is `compare`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sayso.core.engine.backtest.compare import (
    Namer,
    Received,
    bound_lines,
    clause_lines,
    costs,
    count_differing,
    differing,
    member_lines,
    reward_lines,
    unit_lines,
)
from sayso.core.engine.backtest.outcome import LogOutcome, frontier_of
from sayso.core.engine.backtest.people import People
from sayso.core.engine.backtest.report import NAMED, Compared, PersonLine, Report
from sayso.core.engine.compile import compile_program
from sayso.core.engine.decision import Decided, Verdict
from sayso.core.engine.events import DECISIONS_OF_PEOPLE, PROGRAM_PUBLISHED, TIMER, Event
from sayso.core.engine.facts import Facts
from sayso.core.engine.replay import Replay, without_collector
from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import Edition, Rulebook
from sayso.core.program.conditions import Condition
from sayso.core.program.document import Document

Log = Iterable["Recorded | tuple[str, Event]"]


class Recorded(NamedTuple):
    """One event of a stored log; without its reasons, what was decided about it is not compared one by one."""

    source: str
    event: Event
    reasons: Sequence[Reason] | None = None


def standing_in(running: Rulebook, document: Document, conditions: Mapping[str, Condition]) -> Rulebook:
    """The rulebook in which a draft stands for every version of its program, from its first publication on.

    A program that was never published stands from the start of the log.
    """
    editions = [
        Edition(each.number, each.version, each.valid_from, each.position)
        for each in running.programs.get(document.program, ())
    ]
    unused = max((each.number for each in running.versions.values()), default=0) + 1
    drafts = [
        compile_program(document, conditions, running.calendar, edition)
        for edition in editions or [Edition(number=unused)]
    ]
    others = [each for each in running.versions.values() if each.name != document.program]
    return Rulebook([*others, *drafts], running.calendar)


def backtest(log: Log, *, running: Rulebook, candidate: Rulebook, stored: LogOutcome | None = None) -> Report:
    """What would have been different, had the candidate run instead.

    Args:
        log: the stored events by position, read once; timers among them mark where they fired.
        running: every version that ran.
        candidate: the same with a draft in place of one program's versions, as `standing_in` makes it.
        stored: what the books hold; without it, `running` is replayed beside the candidate.
    """
    test = _Backtest(running, candidate, stored)
    with without_collector():
        for each in log:
            test.step(each if isinstance(each, Recorded) else Recorded(*each))
        test.finish()
        return test.report()


class _Rerun:
    """One rulebook replayed: what it comes to, and the reasons of the latest event."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.facts = Facts(whole=True)
        self.outcome = LogOutcome(self.facts.rewards.rows, self.facts.balances.rows)
        self.people = People(self.facts)
        self.reasons: Sequence[Reason] = ()
        self.replay = Replay(rulebook, self.facts, self._hear)

    def _hear(self, decided: Decided) -> None:
        self.outcome.hear(decided)
        self.people.hear(decided)
        if decided.event.type != TIMER:
            self.reasons = decided.decision.reasons if decided.decision else ()

    def step(self, source: str, event: Event) -> Sequence[Reason]:
        """Decide the next event; the reasons given for it, none for a timer's place."""
        self.reasons = ()
        self.replay.step(source, event)
        return self.reasons


@dataclass(slots=True)
class _Counts:
    events: int = 0
    decisions: int = 0
    otherwise: int = 0
    first: int = 0
    last: int = 0


class _Backtest:
    """A backtest under way."""

    def __init__(self, running: Rulebook, candidate: Rulebook, stored: LogOutcome | None) -> None:
        self.candidate, self.stored = candidate, stored
        self.unpublished = candidate.programs.keys() - running.programs.keys()
        self.before = None if stored is not None else _Rerun(running)
        self.after = _Rerun(candidate)
        self.counts = _Counts()

    @property
    def known(self) -> LogOutcome:
        """What really happened, as far as it is known."""
        if self.stored is not None:
            return self.stored
        assert self.before is not None
        return self.before.outcome

    def step(self, recorded: Recorded) -> None:
        """Decide one event of the log under the candidate, and compare."""
        source, event, then = recorded
        counts = self.counts
        if not counts.first:
            counts.first = event.occurred_at
            self._publish(event)
        if self.before is not None:
            then = self.before.step(source, event)
        elif then is not None:
            self.known.note(then)
        if event.type in DECISIONS_OF_PEOPLE:
            event = self.after.people.carry_over(event, self.known.rewards)
        now = self.after.step(source, event)
        if event.type == TIMER:
            return
        if event.type in DECISIONS_OF_PEOPLE:
            self.after.people.compare(event, then, now)
        counts.events += 1
        counts.last = max(counts.last, event.occurred_at)
        if then is not None:
            counts.decisions += 1
            counts.otherwise += _differ(then, now)

    def _publish(self, first: Event) -> None:
        """Fill the budget of a program that the log has never seen published."""
        for name in sorted(self.unpublished):
            props = {"program": name, "version": 1}
            self.after.step(
                "sayso", Event(0, PROGRAM_PUBLISHED, 0, first.occurred_at, first.day, first.clock, props=props)
            )

    def finish(self) -> None:
        """Fire what the log's own timers had fired by its end."""
        if self.before is not None:
            clock = self.before.replay.log.clock
            timers = (timer for held in self.before.facts.timers.rows.values() for timer in held.values())
            self.before.outcome.frontier = frontier_of(timers, clock)
        self.after.replay.finish(self.known.frontier)

    def report(self) -> Report:
        """Everything that was found."""
        before, after, counts = self.known, self.after.outcome, self.counts
        namer = Namer(self.after.facts, self.candidate)
        found = differing(before, after)
        lines = reward_lines(found, namer)
        clauses = clause_lines(before, after, found, namer)
        received = Received.of(before, after)
        winners, losers = member_lines(before, after, received, namer)
        return Report(
            programs=tuple(self.candidate.programs),
            period=(counts.first, counts.last),
            zone=str(self.candidate.calendar.zone),
            compared=self._compared(),
            decided_otherwise=counts.otherwise,
            counts={"gained": len(found.gained), "lost": len(found.lost), "changed": len(found.changed)},
            **lines,
            clauses=clauses,
            points=unit_lines(received, self.candidate),
            cost_minor=costs(clauses),
            bounds=bound_lines(before, after),
            winners=winners,
            losers=losers,
            balances_differing=count_differing(before.balances, after.balances, 0),
            movements_differing=count_differing(before.moved, after.moved, (0, 0)),
            unmatched=self._unmatched(namer),
            unmatched_count=len(self.after.people.unmatched),
            failed=tuple(after.failed[:NAMED]),
        )

    def _compared(self) -> Compared:
        before, counts = self.known, self.counts
        members = self.after.facts.members.rows.values()
        return Compared(
            events=counts.events,
            decisions=counts.decisions,
            rewards=len(before.rewards),
            transfers=before.transfers,
            balances=len(before.balances),
            people=self.after.people.count,
            erased=sum(row.status == "erased" for row in members),
        )

    def _unmatched(self, namer: Namer) -> tuple[PersonLine, ...]:
        return tuple(
            PersonLine(event.external_id, event.type, program, clause, namer.member(event.member))
            for event, program, clause in self.after.people.unmatched[:NAMED]
        )


def _differ(then: Iterable[Reason], now: Iterable[Reason]) -> bool:
    """Whether two decisions came out differently; the values seen, which hold numbers of rows, are not compared.

    That a code was somebody else's is left out: no program decides it, and earlier releases did not say it.
    """
    if then == now:
        return False
    before, after = ([_essence(each) for each in some if each.verdict != Verdict.CODE_TAKEN] for some in (then, now))
    return before != after


def _essence(reason: Reason) -> tuple[str, int, str, int, int]:
    return reason.program, reason.version, reason.clause, int(reason.verdict), reason.subject
