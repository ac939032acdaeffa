"""The store of live events and imports: one locked workspace in an open transaction.

Owns the way from arrivals to rows: load what they reach, run the engine's one loop, record what follows, seal, move
the head. Its twin is the engine's `MemoryStore`. It must not open a transaction or handle a failure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import OUR_OWN, PROGRAM_PUBLISHED, REFUND, Arrival
from sayso.core.engine.log import Log, Ran, enter_unknown, timer_event
from sayso.core.engine.rows import Timer
from sayso.core.engine.run import run, sweep
from sayso.core.program.calendar import Moment
from sayso.domains.decisions.closure import Closure
from sayso.domains.decisions.dialect import open_tables
from sayso.domains.decisions.forget import forget_people
from sayso.domains.decisions.pausing import is_paused, row_after
from sayso.domains.decisions.record import Change, book, changes_of, entry_of, write
from sayso.domains.events.models import State
from sayso.domains.events.rows import EVENTS, Entry
from sayso.domains.programs.rulebook import mark_published, rulebook_of
from sayso.domains.sharing.contacts import hash_contacts
from sayso.domains.workspaces.head import Head, move

Key = tuple[str, str]


@dataclass(slots=True)
class Decisions:
    """What was decided and is to be written.

    Attributes:
        decided: events and timers by position.
        entries: their rows of the log.
        changes: all rows to be written but the transfers'.
        position, clock: where the log stands after it.
        erases: whether somebody was erased.
    """

    decided: Sequence[Decided]
    entries: list[tuple[Any, ...]]
    changes: list[Change]
    position: int
    clock: Moment
    erases: bool


class DatabaseStore:
    """One workspace whose head is locked.

    Attributes:
        tables: its tables, read and written by sets.
        log: where its log stands, and what its clock shows.
        again: what was set aside is decided again, which neither pauses deciding nor lets it go on.
    """

    def __init__(self, connection: BaseDatabaseWrapper, head: Head, *, now: Moment, again: bool = False) -> None:
        self.connection, self.head, self.again = connection, head, again
        self.tables = open_tables(connection, head.workspace)
        self.log = Log(head.position, head.clock if head.is_test else max(now, head.clock), moves=head.is_test)
        self.log.listens = frozenset(head.listens.split())

    def known(self, ids: Collection[str]) -> dict[Key, Entry]:
        """Find the events of the log with these external ids, by source and id."""
        return {(row.source, row.external_id): row for row in self.tables.find(EVENTS, "external_id", ids)}

    def receive(self, arrivals: Sequence[Arrival], fingerprints: Sequence[bytes], known: Mapping[Key, Entry]) -> Ran:
        """Decide arrivals in their order, as many as what was loaded allows; at least one.

        Args:
            arrivals: new events; a publication stands first and alone.
            fingerprints: of each of them.
            known: what the log already holds of those that they refer to, and of themselves: set aside until now.
        """
        publication = arrivals[0] if arrivals[0].type == PROGRAM_PUBLISHED else None
        closure = Closure(self.tables, rulebook_of(self.head, publication=publication), self.head.position)
        ran = self.decide(closure, arrivals, known)
        if publication and ran.taken and ran.decided[-1].decision:
            mark_published(self.head, publication, ran.decided[-1].event.position)
        keys = ((each.source, each.external_id) for each in arrivals[: ran.taken])
        self.vacate([known[key] for key in keys if key in known])
        if not self.again and not is_paused(self.head.failing):
            self.head.failing = row_after(self.head.failing, ran.decided)
        self.write(self.decisions_of(closure, ran.decided, fingerprints))
        return ran

    def decide(self, closure: Closure, arrivals: Sequence[Arrival], known: Mapping[Key, Entry]) -> Ran:
        """Decide arrivals as `receive` does, without writing anything.

        Args:
            closure: what is known already; what they may reach is loaded into it.
        """
        hash_contacts(self.head.workspace, arrivals)
        until = max(self.log.clock, *(each.occurred_at for each in arrivals)) if self.log.moves else self.log.clock
        referred = {key: row for key, row in known.items() if row.state == State.DECIDED and row.type != REFUND}
        facts = closure.follow_arrivals(arrivals, referred, until)
        return run(closure.rulebook, facts, arrivals, self.log)

    def sweep(self, subjects: Collection[int]) -> Ran:
        """Fire the due timers of these subjects."""
        rulebook = rulebook_of(self.head)
        closure = Closure(self.tables, rulebook, self.head.position)
        ran = sweep(rulebook, closure.follow_subjects(subjects, self.log.clock), self.log, subjects)
        self.write(self.decisions_of(closure, ran.decided))
        return ran

    def set_aside(self, arrivals: Sequence[Arrival], fingerprints: Sequence[bytes], failure: str) -> Sequence[Decided]:
        """Keep events that are not decided, with the reason, so that a person can look at them and replay them."""
        rulebook = rulebook_of(self.head)
        decided = [Decided(enter_unknown(each, self.log, rulebook), None, each, failure) for each in arrivals]
        closure = Closure(self.tables, rulebook, self.head.position)
        self.write(self.decisions_of(closure, decided, fingerprints))
        return decided

    def set_timer_aside(self, timer: Timer, failure: str) -> None:
        """Keep a timer whose decision cannot be kept as an event that is not decided; it fires no more."""
        rulebook = rulebook_of(self.head)
        closure = Closure(self.tables, rulebook, self.head.position)
        closure.facts.gone.add(timer.id)
        decided = Decided(timer_event(timer, self.log, rulebook), None, None, failure)
        self.write(self.decisions_of(closure, [decided]))

    def vacate(self, entries: Collection[Entry]) -> None:
        """Empty the places of events that were set aside, since they are about to get new ones."""
        emptied = [
            replace(
                entry, source=OUR_OWN, external_id=f"replayed-{entry.position}", fingerprint=b"", ref="", props={},
                referral_code="", refers_to="", state=State.REPLAYED,
            )
            for entry in entries
        ]  # fmt: skip
        self.tables.update(EVENTS, EVENTS.to_columns(emptied))

    def decisions_of(
        self, closure: Closure, decided: Sequence[Decided], fingerprints: Iterable[bytes] = ()
    ) -> Decisions:
        """Return all that is to be written of what was decided; timers have no fingerprint."""
        prints, position = iter(fingerprints), decided[-1].event.position if decided else self.head.position
        entries = [entry_of(each, next(prints) if each.arrival else b"") for each in decided]
        changes, erases = changes_of(closure, entries, decided), bool(closure.facts.erased)
        return Decisions(decided, entries, changes, position, self.log.clock, erases)

    def write(self, batch: Decisions) -> None:
        """Write a batch, book its transfers and move the head."""
        with self.tables.writing(len(batch.entries)):
            write(self.tables, batch.changes)
            book(self.tables, self.head, batch.decided, batch.position)
        if batch.erases:
            forget_people(self.head.workspace, batch.decided)
        self.head.position, self.head.clock = batch.position, batch.clock
        move(self.connection, self.head)
