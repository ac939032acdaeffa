"""Deciding a batch: one workspace, one transaction, one writer.

Owns the transaction, the telling of repeats from new events, and what happens when something fails. It must not know
a rule of a program, nor how rows are kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival
from sayso.core.engine.replay import without_collector
from sayso.core.program.calendar import Moment, moment_of
from sayso.domains.decisions.answers import answer_to, conflict_with, repeat_of
from sayso.domains.decisions.pausing import FAILURE, first_of_a_kind, is_paused
from sayso.domains.decisions.store import DatabaseStore, Key
from sayso.domains.events.answer import Answer
from sayso.domains.events.fingerprint import differing, fingerprint
from sayso.domains.events.models import State
from sayso.domains.events.rows import Entry
from sayso.domains.programs.heard import note_on
from sayso.domains.workspaces.head import Head, HeadBusy, NoSuchWorkspace, locked
from sayso.domains.workspaces.retrying import retrying


@dataclass(slots=True, init=False)
class Waiting:
    """An arrival that has no answer yet.

    Attributes:
        at: its place in the caller's list.
        key: source and external id, which name it in the log.
    """

    at: int
    key: Key
    arrival: Arrival
    fingerprint: bytes

    def __init__(self, at: int, key: Key, arrival: Arrival, fingerprint: bytes) -> None:
        self.at = at
        self.key = key
        self.arrival = arrival
        self.fingerprint = fingerprint


@dataclass(slots=True)
class Batch:
    """The answers so far, and how the batch is to be decided.

    Attributes:
        now: what a live workspace's clock shows, microseconds UTC.
        again: events that were set aside are decided again instead of being answered as before.
    """

    workspace: int
    now: Moment
    again: bool = False
    answers: dict[int, Answer] = field(default_factory=dict)

    def unanswered(self, waiting: Iterable[Waiting]) -> list[Waiting]:
        """Return those that still wait."""
        return [each for each in waiting if each.at not in self.answers]


def decide_batch(workspace: int, arrivals: Sequence[Arrival], *, now: datetime, again: bool = False) -> list[Answer]:
    """Decide arrivals in their order, and record what follows; each gets its own answer.

    A repeat gets the first answer, the same id with another body is refused, an event that cannot be decided is set
    aside and the others go on. Serialisation and connection errors retry the batch.

    Args:
        workspace: the workspace's number.
        arrivals: checked events, of any number.
        now: the time; a test workspace goes by its own clock.
        again: decide again what was set aside.

    Raises:
        NoSuchWorkspace: there is none of this number.
        OperationalError: the database stayed away.
    """
    batch = Batch(workspace, moment_of(now), again)
    with without_collector():
        decide_waiting(batch, waiting_of(arrivals))
    return [batch.answers[at] for at in range(len(arrivals))]


def waiting_of(arrivals: Iterable[Arrival]) -> list[Waiting]:
    """Return arrivals as they wait for an answer."""
    return [Waiting(at, (each.source, each.external_id), each, fingerprint(each)) for at, each in enumerate(arrivals)]


def decide_waiting(batch: Batch, waiting: Sequence[Waiting]) -> None:
    """Decide in as many transactions as it takes until all of them have an answer; errors as for `decide_batch`."""
    left = list(waiting)
    while left:
        _decide(batch, left)
        left = batch.unanswered(left)


def _decide(batch: Batch, waiting: list[Waiting]) -> None:
    """Decide as many as one transaction takes; an event that spoils it is found by halving, and set aside."""
    try:
        retrying(lambda: _in_transaction(batch, waiting))
    except (OperationalError, InterfaceError, NoSuchWorkspace, HeadBusy):
        raise
    except Exception as error:
        if len(waiting) == 1:
            _set_aside(batch, waiting[0], f"{type(error).__name__}: {error}")
            return
        half = len(waiting) // 2
        for part in (waiting[:half], waiting[half:]):
            while left := batch.unanswered(part):
                _decide(batch, left)


def _in_transaction(batch: Batch, waiting: list[Waiting]) -> None:
    answers: dict[int, Answer] = {}
    with locked(connection, batch.workspace) as head:
        store = DatabaseStore(connection, head, now=batch.now, again=batch.again)
        known = store.known({name for each in waiting for name in (each.key[1], each.arrival.refers_to) if name})
        fresh = _fresh(batch, waiting, known, answers)
        if fresh:
            taken = _taken(store, fresh, known)
            answers.update((each.at, answer_to(decided)) for each, decided in zip(fresh, taken, strict=False))
    _note_unheard(waiting, answers, head)
    batch.answers.update(answers)


def _note_unheard(waiting: Iterable[Waiting], answers: Mapping[int, Answer], head: Head) -> None:
    """Say of what moved nothing whether any program hears it at all; of what moved something nothing is looked up."""
    for each in waiting:
        answer = answers.get(each.at)
        if answer is not None and answer.status == "decided" and not answer.reasons and not answer.earned:
            answer.note = note_on(each.arrival.type, head)


def _taken(store: DatabaseStore, fresh: Sequence[Waiting], known: dict[Key, Entry]) -> Iterable[Decided]:
    """Decide what is new, as much of it as one run takes; while deciding is paused, most is kept undecided."""
    arrivals, prints = [each.arrival for each in fresh], [each.fingerprint for each in fresh]
    if is_paused(store.head.failing) and not store.again:
        count, goes_on = first_of_a_kind(arrivals)
        arrivals, prints = arrivals[:count], prints[:count]
        if not goes_on:
            return store.set_aside(arrivals, prints, FAILURE)
    return (each for each in store.receive(arrivals, prints, known).decided if each.arrival is not None)


def _fresh(
    batch: Batch, waiting: Iterable[Waiting], known: dict[Key, Entry], answers: dict[int, Answer]
) -> list[Waiting]:
    """Return what is new, up to a publication, which changes the rulebook; answer what is not.

    What comes twice in one batch waits for the next transaction, which finds the first one stored.
    """
    fresh: dict[Key, Waiting] = {}
    for each in waiting:
        entry = known.get(each.key)
        publication = each.arrival.type == PROGRAM_PUBLISHED
        if entry is not None and not (batch.again and entry.state == State.SET_ASIDE):
            answers[each.at] = answer_from(entry, each)
            continue
        if publication and fresh:
            break
        fresh.setdefault(each.key, each)
        if publication:
            break
    return list(fresh.values())


def answer_from(entry: Entry, waiting: Waiting) -> Answer:
    """The first answer once more; under an id that is taken by another event, a refusal."""
    if entry.fingerprint == waiting.fingerprint:
        return repeat_of(entry)
    return conflict_with(entry, differing(waiting.arrival, entry))


def _set_aside(batch: Batch, waiting: Waiting, failure: str) -> None:
    """Keep the event in a transaction of its own; where its values cannot even be kept, refuse it."""
    try:
        with locked(connection, batch.workspace) as head:
            store = DatabaseStore(connection, head, now=batch.now)
            known = store.known([waiting.key[1]]).get(waiting.key)
            if known is not None and known.state != State.SET_ASIDE:
                answer = answer_from(known, waiting)  # what failed came after it was decided and kept
            else:
                store.vacate([known] if known else [])
                answer = answer_to(store.set_aside([waiting.arrival], [waiting.fingerprint], failure)[0])
    except (DataError, IntegrityError, ValueError, TypeError, ArithmeticError) as error:
        answer = Answer(waiting.key[1], "refused", problem=f"{failure}; {error}")
    batch.answers[waiting.at] = answer
