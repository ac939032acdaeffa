"""A long list of events, of which each batch is decided while the one before is written.

Owns the order of the two, and the check that nobody came between: what was decided on another state than the one it
is written to is decided again. It must not know a rule of a program, nor how rows are kept.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, connections, transaction

from sayso.core.engine.events import CANCELLED, MEMBER_UPDATED, REFUND, SURVEY, WITH_A_MEANING, Arrival
from sayso.core.engine.replay import without_collector
from sayso.core.program.calendar import Moment, moment_of
from sayso.domains.decisions.answers import answer_to
from sayso.domains.decisions.batch import Batch, Waiting, answer_from, decide_waiting, waiting_of
from sayso.domains.decisions.closure import Closure
from sayso.domains.decisions.dialect import open_tables
from sayso.domains.decisions.store import DatabaseStore, Decisions, Key
from sayso.domains.events.answer import Answer
from sayso.domains.events.rows import Entry
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import Head, locked, peek

# What these do hangs on their member alone, and on what arrivals name; whatever else has a meaning waits its turn.
_ORDINARY = {REFUND, CANCELLED, SURVEY, MEMBER_UPDATED}
_IN_TURN = WITH_A_MEANING - _ORDINARY
# As many events as one transaction decides while live ones wait for it.
AT_ONCE = 1000
# Of so many members the facts are kept in memory, some six kilobytes for each.
MOST_KEPT = 100_000
TURN_SECONDS = 0.001


class Overtaken(Exception):
    """Somebody else wrote to the workspace since this batch was decided."""


class _Written(NamedTuple):
    """A batch that is being written."""

    waiting: Sequence[Waiting]
    decisions: Decisions
    done: Future[None]


def decide_each(workspace: int, batches: Iterable[Sequence[Arrival]], *, now: datetime) -> Iterator[Sequence[Answer]]:
    """Decide batches as `decide_batch` does, and yield the answers to each in their order, when it is written.

    On PostgreSQL the next batch is read and decided while one is written; its lock is held only for the writing.

    Args:
        workspace: the workspace's number.
        batches: checked events; each batch is asked for when it can be decided.
        now: the time; a test workspace goes by its own clock.

    Raises:
        NoSuchWorkspace: there is none of this number.
        OperationalError: the database stayed away.
    """
    # Who is inside a transaction sees what no other connection does.
    beside = connection.vendor == "postgresql" and not connection.in_atomic_block
    with without_collector(), _taking_turns(), closing(_Ahead(workspace, moment_of(now))) as ahead:
        for arrivals in batches:
            waiting = waiting_of(arrivals)
            yield from ahead.take(waiting) if beside else (ahead.in_turn(waiting),)
        yield from ahead.settle()


@contextmanager
def _taking_turns() -> Iterator[None]:
    """Let the thread that writes and the one that decides change places sooner than Python's lock does by itself."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class _Ahead:
    """The batches of one list.

    Attributes:
        closure: the facts, while they are kept; `store` has the log that they belong to.
        last: the head as the batch written last has left it.
        unwritten: the log's rows of the batch decided last, which nobody may find in the database yet.
        written: the batch that is being written.
    """

    def __init__(self, workspace: int, now: Moment) -> None:
        self.workspace, self.now = workspace, now
        self.writer = ThreadPoolExecutor(1, "sayso-import")
        self.closure: Closure | None = None
        self.store: DatabaseStore
        self.last: Head
        self.unwritten: dict[Key, tuple[Any, ...]] = {}
        self.written: _Written | None = None

    def close(self) -> None:
        """Give the writer's connection back."""
        with self.writer:
            self.writer.submit(connections.close_all).result()

    def take(self, waiting: Sequence[Waiting]) -> Iterator[Sequence[Answer]]:
        """Decide a batch, and yield the answers to those that are done."""
        if self.closure is None:
            yield from self.settle()
        found = self._decided(waiting)
        yield from self.settle()
        if isinstance(found, list):
            yield found
        elif found is None or self.closure is None:
            self.closure = None
            yield self.in_turn(waiting)
        else:
            self.written = _Written(waiting, found, self.writer.submit(self._write, found))
            if len(self.closure.facts.members.rows) > MOST_KEPT:
                self.closure = None

    def settle(self) -> Iterator[Sequence[Answer]]:
        """Wait for the batch that is being written, and yield its answers."""
        written, self.written = self.written, None
        if written is None:
            return
        try:
            written.done.result()
        except Exception:  # deciding it in its turn does better, or says what is wrong
            self.closure = None
            yield self.in_turn(written.waiting)
        else:
            yield [answer_to(each) for each in written.decisions.decided if each.arrival is not None]

    def in_turn(self, waiting: Sequence[Waiting]) -> Sequence[Answer]:
        """Decide a batch under the workspace's lock, a piece at a time."""
        answers = Batch(self.workspace, self.now)
        for piece in (waiting[at : at + AT_ONCE] for at in range(0, len(waiting), AT_ONCE)):
            decide_waiting(answers, piece)
        return [answers.answers[each.at] for each in waiting]

    # --- deciding -------------------------------------------------------------------------------------------------

    def _decided(self, waiting: Sequence[Waiting]) -> Decisions | list[Answer] | None:
        """Decide a batch on what is known; None where it has to be decided in its turn.

        Of one that stands in the log as a whole there are the answers, for which nobody has to wait.
        """
        if not waiting:
            return None
        try:
            with transaction.atomic():
                head = peek(connection, self.workspace)
                closure = self._begin(head)
                return self._decide(closure, waiting) if closure is not None else None
        except Exception:  # as above
            return None

    def _begin(self, head: Head) -> Closure | None:
        tables = open_tables(connection, self.workspace)
        if self.closure is not None:
            self.store.tables = tables
            self.closure.begin(tables)
            return self.closure
        if head.failing:
            return None
        self.last, self.unwritten = head, {}
        self.store = DatabaseStore(connection, replace(head), now=self.now)
        self.closure = Closure(tables, rulebook_of(head), head.position, lasting=True)
        return self.closure

    def _decide(self, closure: Closure, waiting: Sequence[Waiting]) -> Decisions | list[Answer] | None:
        keys, arrivals = {each.key for each in waiting}, [each.arrival for each in waiting]
        named = {(each.source, each.refers_to) for each in arrivals if each.refers_to}
        known = self.store.known({name for _, name in keys | named})
        if known.keys() >= keys:
            return [answer_from(known[each.key], each) for each in waiting]
        if any(each.arrival.type in _IN_TURN for each in waiting):
            return None
        known.update((key, Entry(*self.unwritten[key])) for key in (keys | named) & self.unwritten.keys())
        if len(keys) < len(waiting) or not keys.isdisjoint(known):
            return None
        ran = self.store.decide(closure, arrivals, known)
        if ran.taken < len(waiting) or any(each.is_defect for each in ran.decided):
            return None
        decisions = self.store.decisions_of(closure, ran.decided, [each.fingerprint for each in waiting])
        self.unwritten = {(entry[1], entry[2]): entry for entry in decisions.entries}
        closure.carry_over()
        return decisions

    # --- writing --------------------------------------------------------------------------------------------------

    def _write(self, decisions: Decisions) -> None:
        with locked(connection, self.workspace) as head:
            if head != self.last:
                raise Overtaken
            DatabaseStore(connection, head, now=self.now).write(decisions)
            self.last = head
