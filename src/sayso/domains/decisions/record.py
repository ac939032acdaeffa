"""Recording what a batch decided, by sets: a fixed number of statements whatever the batch holds.

Owns the order in which rows are written, and the seal over the transfers. It must not decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import OUR_OWN, SPAN
from sayso.core.engine.facts import Facts, Lots, Referral, Table, Timer
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


def record(tables: Tables, loaded: Closure, entries: Iterable[tuple[object, ...]], decided: Sequence[Decided]) -> None:
    """Write the log's new rows and every row of state that a batch changed.

    Args:
        tables: the workspace's, in the batch's transaction.
        loaded: what was loaded, with the state after the batch.
        entries: the rows of the log.
        decided: the same events with their decisions.
    """
    facts = loaded.facts
    tables.insert(EVENTS, EVENTS.fold(entries))
    tables.insert(NAMINGS, NAMINGS.fold(_namings(decided)))
    for stored, table in (
        (MEMBERS, facts.members), (IDENTITIES, facts.identities), (CODES, facts.codes), (REWARDS, facts.rewards),
        (PARTICIPATIONS, facts.participations), (REFUNDED, facts.refunded), (INVITATIONS, facts.invitations),
    ):  # fmt: skip
        _write(tables, stored, table)
    _write_referrals(tables, facts.referrals)
    tables.insert(BALANCES, BALANCES.fold(_balances(facts, facts.balances.added)))
    tables.update(BALANCES, BALANCES.fold(_balances(facts, facts.balances.changed)))
    _write_lots(tables, loaded)
    _write_tallies(tables, loaded)
    _write_timers(tables, facts, decided)
    tables.insert(NOTICES, NOTICES.fold(_notices(decided)))


def _namings(decided: Iterable[Decided]) -> Iterator[tuple[int, int]]:
    for each in decided:
        event = each.event
        if event.referral_code or event.props:
            for mark in marks_of(event.referral_code, event.props):
                yield mark, event.position


def _write(tables: Tables, stored: StoredRows[Any], table: Table[Any, Any]) -> None:
    rows = table.rows
    tables.insert(stored, stored.to_columns([rows[key] for key in table.added]))
    tables.update(stored, stored.to_columns([rows[key] for key in table.changed]))


def _write_referrals(tables: Tables, table: Table[int, Referral]) -> None:
    """What ended makes room for what takes its place (one advocate per friend and program), so it goes first."""
    rows = [table.rows[number] for number in table.changed]
    tables.update(REFERRALS, REFERRALS.to_columns(sorted(rows, key=lambda row: row.status not in CLOSED)))
    tables.insert(REFERRALS, REFERRALS.to_columns([table.rows[number] for number in table.added]))


def _balances(facts: Facts, accounts: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str, int]]:
    rows = facts.balances.rows
    return ((account[1], account[0], account[2], rows[account]) for account in accounts)


def _write_tallies(tables: Tables, loaded: Closure) -> None:
    """Add what was counted, zeros too, so that it never matters which counts met in one batch.

    What is certainly new takes the faster way: otherwise it would be among what was loaded.
    """
    new: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    known, stored = loaded.facts.series.rows, loaded.tallied
    for at, (count, total) in loaded.facts.tallied.items():
        key, day = at
        certain = key[0] >= loaded.new or (day >= loaded.since and key in known and at not in stored)
        (new if certain else others).append((*key, day, count, total))
    tables.insert(TALLIES, TALLIES.fold(new))
    tables.upsert(TALLIES, TALLIES.fold(others), add=True)


def _write_lots(tables: Tables, loaded: Closure) -> None:
    """Write what differs from what was loaded: of whose lots any is known, all are."""
    new, changed, gone, lots = [], [], [], loaded.facts.lots
    for key in lots.added | lots.changed:
        was, now = loaded.lots.get(key, _NO_LOTS), lots.rows[key]
        for expires_at, left in now.items():
            if expires_at not in was:
                new.append((*key, expires_at, left))
            elif was[expires_at] != left:
                changed.append((*key, expires_at, left))
        gone += [(*key, expires_at) for expires_at in was.keys() - now.keys()]
    tables.insert(LOTS, LOTS.fold(new))
    tables.update(LOTS, LOTS.fold(changed))
    tables.delete(LOTS, gone)


def _write_timers(tables: Tables, facts: Facts, decided: Iterable[Decided]) -> None:
    made: dict[int, Timer] = {}
    for each in decided:
        if each.decision:
            made.update(each.decision.timers)
    tables.insert(TIMERS, TIMERS.to_columns([row for number, row in made.items() if number not in facts.gone]))
    tables.delete(TIMERS, [(number,) for number in facts.gone - made.keys()])


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
