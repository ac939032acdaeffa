"""A database that breaks off is asked again; what it had committed all the same is found as a repeat."""

import socket
from typing import Any

import pytest
from django.db import OperationalError, connection

from sayso.domains.decisions import batch
from sayso.domains.decisions.store import DatabaseStore
from sayso.domains.decisions.verify import verify
from sayso.domains.ledger.queries import balances
from sayso.domains.workspaces import retrying
from tests.domains.cast import STARS, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

BUYS = event("b-1", "purchase", "Ben", amount_minor=900)


@pytest.mark.inside
@pytest.mark.parametrize("committed", [False, True], ids=["before", "after"])
def test_a_connection_that_is_lost_around_the_commit(monkeypatch: pytest.MonkeyPatch, committed: bool) -> None:
    bluebell = open_bluebell(STARS)
    decided, lost = batch._in_transaction, [True]

    def lose(*arguments: Any) -> None:
        if lost and not committed:
            lost.clear()
            raise OperationalError("the server closed the connection unexpectedly")
        decided(*arguments)
        if lost:
            lost.clear()
            arguments[0].answers.clear()
            connection.close()
            raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(batch, "_in_transaction", lose)
    answer = decide(bluebell, [BUYS])[0]
    assert (answer.status, answer.position, answer.repeated) == ("decided", 2, committed)
    assert [row.available for row in balances(bluebell, "stars")] == [9]
    assert verify(bluebell) == []


@pytest.mark.inside
def test_a_connection_that_is_lost_on_the_way_sets_nothing_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a file has no connection to be lost")
    bluebell, known = open_bluebell(STARS), DatabaseStore.known

    def lose(*arguments: Any) -> Any:
        monkeypatch.undo()
        with socket.socket(fileno=connection.connection.fileno()) as line:
            line.shutdown(socket.SHUT_RDWR)
            line.detach()
        return known(*arguments)

    monkeypatch.setattr(DatabaseStore, "known", lose)
    assert [each.status for each in decide(bluebell, [BUYS])] == ["decided"]


@pytest.mark.inside
def test_what_fails_after_it_was_decided_stays_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell, decided = open_bluebell(STARS), batch._in_transaction

    def fail(*arguments: Any) -> None:
        monkeypatch.undo()
        decided(*arguments)
        arguments[0].answers.clear()
        raise MemoryError

    monkeypatch.setattr(batch, "_in_transaction", fail)
    answer = decide(bluebell, [BUYS])[0]
    assert (answer.status, answer.position, answer.repeated) == ("decided", 2, True)
    assert [row.available for row in balances(bluebell, "stars")] == [9]
    assert verify(bluebell) == []


@pytest.mark.inside
def test_a_database_that_stays_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell, asked = open_bluebell(STARS), []

    def fail(*_: Any) -> None:
        asked.append(1)
        raise OperationalError("could not connect")

    monkeypatch.setattr(batch, "_in_transaction", fail)
    monkeypatch.setattr(retrying, "FIRST_WAIT_SECONDS", 0)
    with pytest.raises(OperationalError):
        decide(bluebell, [BUYS])
    assert len(asked) == retrying.ATTEMPTS
