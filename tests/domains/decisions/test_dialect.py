"""Sets of rows go into both databases and come back as they were, whatever letters they hold."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from sayso.domains.decisions.dialect import PostgreSQL, Tables, open_tables
from sayso.domains.events.models import State
from sayso.domains.events.rows import EVENTS, TALLIES, Entry
from sayso.domains.ledger.rows import LOTS
from sayso.domains.people.rows import IDENTITIES

pytestmark = pytest.mark.django_db

NASTY = [
    "plain",
    "tab\there",
    "back\\slash",
    'quo"te',
    "it's",
    "two\nlines",
    "\r",
    "\\N",
    "NULL",
    "{a,b}",
    "é 🌍",
    "%s",
]


def entry(position: int, text: str) -> Entry:
    """A row of the log full of one text."""
    return Entry(
        position, "till", f"{position}-{text}", bytes([position, 0, 92]), "note", 0, text, 1, 2, 3, None, text, text,
        text, 0, {"a": text, text: [1, {"b": text}]}, position % 2 == 0, State.DECIDED, "[[],[]]", text,
    )  # fmt: skip


@pytest.fixture
def tables() -> Tables:
    return open_tables(connection, 1)


@pytest.mark.parametrize("copied", [True, False], ids=["many", "few"])
def test_texts_come_back_as_they_went(tables: Tables, copied: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PostgreSQL, "COPY_FROM_ROWS", 1 if copied else 1000)
    rows = [entry(position, text) for position, text in enumerate(NASTY, start=1)]
    tables.insert(EVENTS, EVENTS.to_columns(rows))
    assert sorted(tables.find(EVENTS, "position", range(99)), key=lambda row: row.position) == rows
    ids = [row.external_id for row in rows]
    assert len(tables.find(EVENTS, "external_id", ids)) == len(rows)


def test_rows_are_changed_by_their_keys(tables: Tables) -> None:
    rows = [entry(position, text) for position, text in enumerate(NASTY, start=1)]
    tables.insert(EVENTS, EVENTS.to_columns(rows))
    changed = [replace(row, failure=f"{row.failure}!", amount_minor=7) for row in rows[::2]]
    tables.update(EVENTS, EVENTS.to_columns(changed))
    found = {row.position: row for row in tables.find(EVENTS, "position", range(99))}
    assert [found[row.position] for row in changed] == changed
    assert [found[row.position] for row in rows[1::2]] == rows[1::2]


def test_tallies_are_added_to(tables: Tables) -> None:
    tables.upsert(TALLIES, TALLIES.fold([(1, "a\\b", "EUR", 5, 1, 10), (1, "a\\b", "EUR", 6, 1, 10)]), add=True)
    tables.upsert(TALLIES, TALLIES.fold([(1, "a\\b", "EUR", 5, -1, -3), (2, "a\\b", "EUR", 5, 1, 1)]), add=True)
    found = sorted(tables.values(TALLIES, "subject", [1, 2]))
    assert found == [(1, "a\\b", "EUR", 5, 0, 7), (1, "a\\b", "EUR", 6, 1, 10), (2, "a\\b", "EUR", 5, 1, 1)]


def test_lots_are_replaced_and_deleted_by_their_whole_key(tables: Tables) -> None:
    tables.upsert(
        LOTS, LOTS.fold([(1, "stars", 5, 10), (1, "stars", 6, 20), (1, "moons", 5, 30), (2, "stars", 5, 1)]), add=False
    )
    tables.upsert(LOTS, LOTS.fold([(1, "stars", 6, 2)]), add=False)
    tables.delete(LOTS, [(1, "stars", 5), (2, "stars", 5), (2, "stars", 5), (2, "moons", 5)])
    assert sorted(tables.values(LOTS, "member", [1, 2])) == [(1, "moons", 5, 30), (1, "stars", 6, 2)]


def test_a_repeated_key_is_looked_up_once_and_no_key_not_at_all(tables: Tables) -> None:
    tables.insert(IDENTITIES, IDENTITIES.fold([("ref", "Ada", 1), ("email", "Ada", 2)]))
    assert len(tables.find(IDENTITIES, "value", ["Ada", "Ada"])) == 2
    assert tables.find(IDENTITIES, "value", []) == []


def test_another_workspace_sees_and_changes_nothing(tables: Tables) -> None:
    other = open_tables(connection, 2)
    for each, amount in ((tables, 1), (other, 10)):
        each.upsert(LOTS, LOTS.fold([(1, "stars", 5, amount)]), add=True)
    other.upsert(LOTS, LOTS.fold([(1, "stars", 5, 5)]), add=True)
    tables.delete(LOTS, [(1, "stars", 5)])
    assert tables.values(LOTS, "member", [1]) == []
    assert other.values(LOTS, "member", [1]) == [(1, "stars", 5, 15)]


def test_what_fails_beside_is_told_where_it_was_written(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PostgreSQL, "BESIDE_FROM_ROWS", 1)
    twice = IDENTITIES.fold([("ref", "Ada", 1), ("ref", "Ada", 2)])

    def write() -> None:
        with transaction.atomic(), tables.writing(2):
            tables.insert(IDENTITIES, twice)
            tables.insert(LOTS, LOTS.fold([(1, "stars", 5, 1)]))

    with pytest.raises(IntegrityError):
        write()
    assert tables.values(LOTS, "member", [1]) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no key that holds other columns")
def test_counts_are_read_from_their_key_alone(tables: Tables) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        names = ", ".join(f'"{name}"' for name in TALLIES.names)
        cursor.execute(f"EXPLAIN SELECT {names} FROM events_tally WHERE workspace_id = 1 AND subject = ANY('{{1,2}}')")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan" in plan, plan
