"""Owns the taking of a file: lines become arrivals, batches of them are submitted, and every line has its outcome.

It must not know how a file is written. Nothing is remembered between runs: an event is stored once, so a file that is
taken again after a kill goes on where it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sayso.cli.imports.already import addresses_of_others, codes_of_others, looked_up, other_balance
from sayso.cli.imports.files import Fields, Line
from sayso.cli.imports.lists import KINDS, Kind, Surroundings, check_names, refuse_other_lists
from sayso.cli.imports.unheeded import Unheeded
from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import REFERRAL_MOVED_IN, Arrival
from sayso.core.program.calendar import Moment, moment_of
from sayso.domains.events.answer import Answer
from sayso.domains.events.queries import moments_of
from sayso.domains.events.receive import receive
from sayso.domains.events.submit import submit, submit_many
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

MOST_PROBLEMS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line."""

    line: int
    problem: str


@dataclass(slots=True)
class ImportOutcome:
    """What became of a file.

    Attributes:
        lines: lines that say something.
        new: events taken for the first time; repeated: events that were there already.
        set_aside: events kept to be looked at, since they could not be decided.
        refused: lines that were not taken.
        problems: the first of all problems, by line.
    """

    lines: int = 0
    new: int = 0
    repeated: int = 0
    set_aside: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the lines of a file are understood.

    Attributes:
        kind: what the file lists.
        around: what a line is read against.
        source: in whose name the events come in.
        latest: the clock of a live workspace, beyond which nothing can have happened; None in a test workspace.
        counts_only: history that counts and rewards nothing.
    """

    kind: Kind
    around: Surroundings
    source: str
    latest: Moment | None
    counts_only: bool = False


Numbered = tuple[int, Fields]


@dataclass
class Taking:
    """The taking of one file into one workspace.

    Attributes:
        now: the time.
        submits: whether anything is taken; else the lines are only checked.
        report: is told each problem at once.
        unheeded: collects what moves nothing.
    """

    workspace: Workspace
    reading: Reading
    now: datetime
    submits: bool
    report: Callable[[Problem], None]
    unheeded: Unheeded
    outcome: ImportOutcome = field(default_factory=ImportOutcome)
    _undated: set[str] = field(default_factory=set)

    def take(self, lines: Iterable[Line], *, batch: int) -> Iterator[int]:
        """Take all lines, so many events at once; after each batch, yield how many lines were seen so far."""
        submitted: deque[list[tuple[int, Arrival]]] = deque()

        def arrivals() -> Iterator[list[Arrival]]:
            for waiting in self._batches(lines, batch):
                submitted.append(self._receive(waiting))
                yield [arrival for _, arrival in submitted[-1]]

        for answers in self._answers(arrivals()):
            batch_taken = submitted.popleft()
            for (number, arrival), answer in zip(batch_taken, answers, strict=True):
                self._note(number, arrival, answer)
            self._note_addresses(batch_taken, answers)
            yield self.outcome.lines
        # A line may be refused before the lines of an earlier batch have their answers.
        self.outcome.problems.sort(key=lambda each: each.line)

    def _answers(self, batches: Iterator[list[Arrival]]) -> Iterator[Sequence[Answer | None]]:
        if not self.submits:
            return (looked_up(self.workspace, self.reading.source, arrivals) for arrivals in batches)
        if self.reading.kind.listed:  # a line may be dated by what the lines before it made
            return (self._dated_answers(arrivals) for arrivals in batches)
        return submit_many(self.workspace, batches, now=self.now)

    def _dated_answers(self, arrivals: list[Arrival]) -> Sequence[Answer]:
        """The answers to lines of a list; where another import took one first, it happened when that one said."""
        answers = list(submit(self.workspace, arrivals, now=self.now))
        pairs = enumerate(zip(arrivals, answers, strict=True))
        late = {
            place: arrival
            for place, (arrival, answer) in pairs
            if list(answer.differs) == ["occurred_at"] and arrival.external_id in self._undated
        }
        first = self._moments_of([arrival.external_id for arrival in late.values()])
        for arrival in late.values():
            arrival.occurred_at = moment_of(first[arrival.external_id])
        again = submit(self.workspace, list(late.values()), now=self.now) if late else ()
        for place, answer in zip(late, again, strict=True):
            answers[place] = answer
        return answers

    def _batches(self, lines: Iterable[Line], size: int) -> Iterator[list[Numbered]]:
        waiting: list[Numbered] = []
        for line in lines:
            self.outcome.lines += 1
            if self.outcome.lines == 1 and line.fields is not None:
                refuse_other_lists(line.fields, self.reading.kind)
            waiting += self._events_of(line)
            if len(waiting) >= size:
                yield waiting
                waiting = []
        yield waiting

    def _events_of(self, line: Line) -> list[Numbered]:
        if line.fields is None:
            self._refuse(line.number, line.problem)
            return []
        try:
            if self.reading.kind.listed:
                check_names(line.fields, self.reading.kind)
            return [(line.number, event) for event in self.reading.kind.events(line.fields, self.reading.around)]
        except (ValueError, TypeError) as error:
            self._refuse(line.number, str(error))
            return []

    def _receive(self, waiting: list[Numbered]) -> list[tuple[int, Arrival]]:
        """What a batch comes to, without the lines that are refused."""
        if self.reading.kind.listed:
            self._date([event for _, event in waiting])
        received = [(number, arrival) for number, event in waiting if (arrival := self._received(number, event))]
        self.unheeded.look_at(self.workspace, (arrival for _, arrival in received))
        return received

    def _date(self, events: Sequence[Fields]) -> None:
        """Give events that name no moment the one at which they first came in, so that a repeat is told as one."""
        undated = [event for event in events if "occurred_at" not in event]
        self._undated = {str(event["id"]) for event in undated}
        known = self._moments_of(self._undated)
        fallback = now_in(self.workspace, self.now)
        for event in undated:
            event["occurred_at"] = known.get(str(event["id"]), fallback).isoformat()

    def _moments_of(self, ids: Collection[str]) -> dict[str, datetime]:
        return moments_of(self.workspace, source=self.reading.source, ids=ids)

    def _received(self, number: int, event: Fields) -> Arrival | None:
        reading = self.reading
        found = receive(event, source=reading.source, latest=reading.latest, counts_only=reading.counts_only)
        if isinstance(found, Arrival):
            return found
        self._refuse(number, " ".join(_said(each.message, each.instead) for each in found))
        return None

    def _note(self, number: int, arrival: Arrival, answer: Answer | None) -> None:
        outcome = self.outcome
        if answer is None:  # nothing was submitted, and it is not there yet
            outcome.new += 1
            return
        if answer.status == "refused":
            other = answer.differs and self.reading.kind is KINDS["balances"]
            self._refuse(number, other_balance(self.workspace, arrival) if other else answer.problem)
            return
        if answer.repeated:
            outcome.repeated += 1
        else:
            outcome.new += 1
        if answer.status == "set_aside":
            outcome.set_aside += 1
            self._tell(number, f"set aside: {answer.problem}")
        elif arrival.type == REFERRAL_MOVED_IN:
            self._note_referral(number, answer)
        else:
            for text in codes_of_others(self.workspace, arrival, answer):
                self._tell(number, text)

    def _note_referral(self, number: int, answer: Answer) -> None:
        verdicts = [Verdict(reason.verdict) for reason in answer.reasons if reason.clause == "referral"]
        if Verdict.MET not in verdicts:
            why = ", ".join(verdict.name.lower().replace("_", " ") for verdict in verdicts) or "nothing listens to it"
            self._refuse(number, f"the referral was not moved in: {why}")

    def _note_addresses(self, batch: Sequence[tuple[int, Arrival]], answers: Sequence[Answer | None]) -> None:
        if not self.reading.kind.listed:  # in events a shared address is a sign, not a loss
            return
        pairs = zip(batch, answers, strict=True)
        taken = [(number, arrival, answer) for (number, arrival), answer in pairs if answer]
        said = addresses_of_others(self.workspace, ((arrival, answer) for _, arrival, answer in taken))
        for place, text in said:
            self._tell(taken[place][0], text)

    def _refuse(self, number: int, problem: str) -> None:
        self.outcome.refused += 1
        self._tell(number, problem)

    def _tell(self, number: int, text: str) -> None:
        problem = Problem(number, text)
        if len(self.outcome.problems) < MOST_PROBLEMS_KEPT:
            self.outcome.problems.append(problem)
        self.report(problem)


def _said(message: str, instead: str) -> str:
    return f"{message} Write {instead}." if instead else message
