"""Statements that are prepared once and sent without waiting: they fail where they must, and leave nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from sayso.domains.decisions import dialect
from sayso.domains.people.rows import IDENTITIES
from sayso.domains.sharing.rows import CODES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tables() -> Any:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has prepared statements")
    return dialect.open_tables(connection, 1)


def identities(*values: str) -> list[Any]:
    return [["ref"] * len(values), list(values), list(range(1, len(values) + 1))]


def send_together(tables: Any, *parts: list[str], last: list[str] | None = None) -> None:
    with transaction.atomic(), tables.writing(len(parts)):
        for part in parts:
            tables.insert(IDENTITIES, identities(*part))
        if last:
            tables.upsert(IDENTITIES, identities(*last), add=False)


def kept(tables: Any) -> list[str]:
    return sorted(row.value for row in tables.find(IDENTITIES, "value", ["ada", "ben", "eva", "'; --", 'a"b\\c']))


def test_what_is_sent_together_is_there_afterwards(tables: Any) -> None:
    with transaction.atomic():
        open_tables = dialect.open_tables(connection, 1)
        with open_tables.writing(2):
            open_tables.insert(IDENTITIES, identities("ada"))
            open_tables.insert(IDENTITIES, identities("'; --", 'a"b\\c'))
        assert kept(open_tables) == ["'; --", 'a"b\\c', "ada"]
    assert kept(tables) == ["'; --", 'a"b\\c', "ada"]


def test_many_rows_are_copied_between_what_is_sent(tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect.PostgreSQL, "COPY_FROM_ROWS", 2)
    with transaction.atomic(), tables.writing(3):
        tables.insert(IDENTITIES, identities("ada"))
        tables.insert(IDENTITIES, identities("ben", "eva"))
        tables.delete(IDENTITIES, [("ben", "ref")])
    assert kept(tables) == ["ada", "eva"]


def test_a_failure_is_raised_and_the_connection_goes_on(tables: Any) -> None:
    for _ in range(2):
        with pytest.raises(IntegrityError):
            send_together(tables, ["ada"], ["ben", "ben"], ["eva"])
        assert kept(tables) == []
    with pytest.raises(DataError), transaction.atomic():
        tables.where(IDENTITIES, "member = %s::text::bigint", ["ten"])
    send_together(tables, ["ada"])
    assert kept(tables) == ["ada"]


@pytest.mark.inside
def test_what_fails_on_the_way_is_raised(tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_upsert", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        send_together(tables, ["ada", "ada"], last=["eva"])
    assert kept(tables) == []


def test_the_first_statement_begins_the_transaction() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has prepared statements")
    with transaction.atomic():
        dialect.open_tables(connection, 1).insert(IDENTITIES, identities("ada"))
        transaction.set_rollback(True)
    assert kept(dialect.open_tables(connection, 1)) == []


def test_no_more_than_so_many_are_prepared(tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.domains.decisions.prepared.MOST_PREPARED", 3)
    connection.close()
    tables = dialect.open_tables(connection, 1)
    for number in range(6):
        assert tables.where(IDENTITIES, f"{number} = %s AND value = %s", [number, "ada"]) == []
    with transaction.atomic(), tables.writing(2):
        tables.insert(IDENTITIES, identities("ada"))
        tables.insert(IDENTITIES, identities("ben"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (3,)
    assert kept(tables) == ["ada", "ben"]


def test_more_than_the_line_holds_goes_both_ways(tables: Any) -> None:
    """What is sent and what comes back are each larger than any buffer between the two."""
    long = ["x" * 100_000 + str(number) for number in range(40)]
    with transaction.atomic(), tables.writing(len(long)):
        for value in long:
            tables.insert(CODES, [[value], [1], [""]])
    looks = [dialect.Look(CODES, "code", long)] * 4
    with transaction.atomic():
        assert [len(rows) for rows in tables.together(looks)] == [40] * 4


def test_what_is_looked_for_together_comes_in_its_order(tables: Any) -> None:
    send_together(tables, ["ada", "ben"])
    looks = [
        dialect.Look(IDENTITIES, "value", ["ben"]),
        dialect.Look(IDENTITIES, "value", []),
        dialect.Look(IDENTITIES, "member", [1], "value <> %s", ["ben"]),
    ]
    assert [[row[1] for row in rows] for rows in tables.together(looks)] == [["ben"], [], ["ada"]]
    with pytest.raises(DataError), transaction.atomic():
        tables.together([*looks, dialect.Look(IDENTITIES, "value", ["ada"], "member = %s::text::bigint", ["ten"])])
    assert kept(tables) == ["ada", "ben"]
