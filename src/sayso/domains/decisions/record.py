"""Recording what a batch decided, by sets: a fixed number of statements whatever the batch holds.

Owns the order in which rows are written, and the seal over the transfers. It must not decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import OUR_OWN, SPAN
from sayso.core.engine.facts import Facts, Lots, Table
from sayso.core.engine.rows import Referral, Timer
from sayso.core.engine.states import CLOSED
from sayso.core.ledger.transfers import Transfer, digest, seal
from sayso.domains.decisions.closure import Closure
from sayso.domains.decisions.dialect import Tables
from sayso.domains.decisions.rows import TIMERS
from sayso.domains.events.models import State
from sayso.domains.events.naming import marks_of
from sayso.domains.events.outcome import NOTHING, pack
from sayso.domains.events.rows import EVENTS, NAMINGS, REFUNDED, TALLIES
from sayso.domains.jobs.rows import NOTICES
from sayso.domains.ledger.rows import BALANCES, LOTS, SEALS, TRANSFERS, SealRow, transfer_values
from sayso.domains.people.rows import IDENTITIES, MEMBERS
from sayso.domains.referrals.rows import PARTICIPATIONS, REFERRALS
from sayso.domains.rewards.rows import REWARDS
from sayso.domains.sharing.rows import CODES, INVITATIONS
from sayso.domains.workspaces.head import Head
from sayso.domains.workspaces.stored import StoredRows

_DECIDED, _SET_ASIDE = int(State.DECIDED), int(State.SET_ASIDE)
_NO_LOTS: Lots = {}


def entry_of(each: Decided, fingerprint: bytes) -> tuple[object, ...]:
    """Return the values of `EVENTS` for an event and what was decided about it."""
    event, arrival, decision = each.event, each.arrival, each.decision
    return (
        event.position,
        arrival.source if arrival else OUR_OWN,
        event.external_id,
        fingerprint,
        event.type,
        event.member if decision else 0,
        "" if decision else event.ref,
        event.occurred_at,
        event.day,
        event.clock,
        event.amount_minor,
        event.currency,
        event.referral_code,
        arrival.refers_to if arrival else "",
        event.refers_to,
        event.props,
        event.counts_only,
        _DECIDED if decision else _SET_ASIDE,
        pack(decision) if decision else NOTHING,
        each.failure,
    )


class Change(NamedTuple):
    """Rows of one table to be written: as values in the order of its columns, or of its key where they go."""

    how: Literal["insert", "update", "add", "delete"]
    table: StoredRows[Any]
    values: Iterable[tuple[Any, ...]]


def changes_of(loaded: Closure, entries: list[tuple[object, ...]], decided: Sequence[Decided]) -> list[Change]:
    """Return the log's new rows and every row of state that a batch changed, in the order in which they are written.

    They hold nothing that a later batch changes, and may be written while it is decided.

    Args:
        loaded: what was loaded, with the state after the batch.
        entries: the rows of the log.
        decided: the same events with their decisions.
    """
    facts = loaded.facts
    changes = [Change("insert", EVENTS, entries), Change("insert", NAMINGS, _namings(decided))]
    for stored, table in (
        (MEMBERS, facts.members), (IDENTITIES, facts.identities), (CODES, facts.codes), (REWARDS, facts.rewards),
        (PARTICIPATIONS, facts.participations), (REFUNDED, facts.refunded), (INVITATIONS, facts.invitations),
    ):  # fmt: skip
        changes += _of_table(stored, table)
    changes += reversed(_of_table(REFERRALS, facts.referrals, order=_ended_first))
    changes.append(Change("insert", BALANCES, _balances(facts, facts.balances.added)))
    changes.append(Change("update", BALANCES, _balances(facts, facts.balances.changed)))
    changes += _of_lots(loaded)
    changes += _of_tallies(loaded)
    changes += _of_timers(facts, decided)
    changes.append(Change("insert", NOTICES, _notices(decided)))
    return changes


def _namings(decided: Iterable[Decided]) -> Iterator[tuple[int, int]]:
    for each in decided:
        event = each.event
        if event.referral_code or event.props:
            for mark in marks_of(event.referral_code, event.props):
                yield mark, event.position


def write(tables: Tables, changes: Iterable[Change]) -> None:
    """Write what a batch changed, in the batch's transaction."""
    for how, table, values in changes:
        match how:
            case "insert":
                tables.insert(table, table.fold(values))
            case "update":
                tables.update(table, table.fold(values))
            case "add":
                tables.upsert(table, table.fold(values), add=True)
            case "delete":
                tables.delete(table, list(values))


def _of_table(stored: StoredRows[Any], table: Table[Any, Any], *, order: Any = None) -> list[Change]:
    rows = table.rows
    added, changed = [rows[key] for key in table.added], [rows[key] for key in table.changed]
    if order:
        changed.sort(key=order)
    return [
        Change("insert", stored, map(stored.values_of, added)), Change("update", stored, map(stored.values_of, changed))
    ]  # fmt: skip


def _ended_first(row: Referral) -> bool:
    """What ended makes room for what takes its place (one advocate per friend and program), so it goes first."""
    return row.status not in CLOSED


def _balances(facts: Facts, accounts: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str, int]]:
    rows = facts.balances.rows
    return [(account[1], account[0], account[2], rows[account]) for account in accounts]


def _of_tallies(loaded: Closure) -> list[Change]:
    """What was counted, zeros too, so that it never matters which counts met in one batch.

    What is certainly new takes the faster way: otherwise it would be among what was loaded.
    """
    new: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    known, stored = loaded.facts.series.rows, loaded.tallied
    for at, (count, total) in loaded.facts.tallied.items():
        key, day = at
        certain = at not in stored and (key[0] >= loaded.new or (day >= loaded.since and key in known))
        (new if certain else others).append((*key, day, count, total))
    return [Change("insert", TALLIES, new), Change("add", TALLIES, others)]


def _of_lots(loaded: Closure) -> list[Change]:
    """What differs from what stands in the database: of whose lots any is known, all are."""
    new, changed, gone, lots = [], [], [], loaded.facts.lots
    for key in lots.added | lots.changed:
        was, now = loaded.lots.get(key, _NO_LOTS), lots.rows[key]
        for expires_at, left in now.items():
            if expires_at not in was:
                new.append((*key, expires_at, left))
            elif was[expires_at] != left:
                changed.append((*key, expires_at, left))
        gone += [(*key, expires_at) for expires_at in was.keys() - now.keys()]
    return [Change("insert", LOTS, new), Change("update", LOTS, changed), Change("delete", LOTS, gone)]


def _of_timers(facts: Facts, decided: Iterable[Decided]) -> list[Change]:
    made: dict[int, Timer] = {}
    for each in decided:
        if each.decision:
            made.update(each.decision.timers)
    kept = [row for number, row in made.items() if number not in facts.gone]
    gone = [(number,) for number in facts.gone - made.keys()]
    return [Change("insert", TIMERS, map(TIMERS.values_of, kept)), Change("delete", TIMERS, gone)]


def _notices(decided: Iterable[Decided]) -> Iterator[tuple[object, ...]]:
    """What is to be told, numbered by the place of its event in the log."""
    for each in decided:
        if each.decision and each.decision.notices:
            event = each.event
            for number, (kind, member, program, about, data) in enumerate(each.decision.notices, event.position * SPAN):
                yield number, kind, member, program, about, event.occurred_at, data


def book(tables: Tables, head: Head, decided: Iterable[Decided], last_position: int) -> None:
    """Write the batch's transfers with their digests, and seal them onto the head; nothing when there are none."""
    transfers: list[Transfer] = []
    for each in decided:
        if each.decision:
            transfers += each.decision.transfers
    if not transfers:
        return
    transfers.sort(key=lambda row: row.id)
    digests = [digest(row, head.workspace) for row in transfers]
    tables.insert(TRANSFERS, TRANSFERS.fold(transfer_values(transfers, digests)))
    head.head, head.seals = seal(head.head, digests), head.seals + 1
    row = SealRow(head.seals, head.position + 1, last_position, len(transfers), head.head)
    tables.insert(SEALS, SEALS.to_columns([row]))
