"""`growth`: what an event costs in a large workspace, against a small one.

The small workspace gets its history by import. The large one is the same history copied inside the database under
other numbers, with its digests and seals made anew, and one member with a great many purchases; `sayso verify` has to
find it whole before anything is measured. Then both import the same kinds of events, in turn. What counts is the
processor time of the import and of the database, since rows that were never read before wait for the disk. What every
event reads is in the server's memory when it begins, as it is where a workspace has been running for a while.
"""

import argparse
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.databases import fresh_database, sayso, set_up, take, write_events
from bench.mix import START, Crowd, Fields, events
from bench.processor import client_seconds, postmaster, processor_seconds
from bench.report import Bar, report
from sayso.core.engine.events import SPAN

MUST = 1.5
WHALE = "whale"
EACH = 10

# For every table of the history: the rows that are copied, and the columns that change with the copy `k`. `shift` moves
# numbers of things that an event made, `place` positions; both leave what belongs to the workspace alone. The copied
# events stand one after the other in the log, so a copy begins where the one before it ends.
SHIFT = f"CASE WHEN {{0}} >= {SPAN} THEN {{0}} + k.k * %(positions)s::bigint * {SPAN} ELSE {{0}} END"
PLACE = "CASE WHEN {0} > 0 THEN {0} + k.k * %(positions)s ELSE {0} END"
SUFFIX = "{0} || '-' || k.k"
COPIES: dict[str, tuple[str, dict[str, str]]] = {
    "events_event": ("type = 'purchase'", {"position": PLACE, "member": SHIFT, "external_id": SUFFIX}),
    "events_tally": (f"subject >= {SPAN}", {"subject": SHIFT}),
    "people_member": ("TRUE", {"id": SHIFT, "ref": SUFFIX}),
    "people_identity": ("TRUE", {"value": SUFFIX, "member": SHIFT}),
    "ledger_transfer": (
        "reason = 0",
        {"id": SHIFT, "debit_owner": SHIFT, "credit_owner": SHIFT, "cause": PLACE, "about": PLACE},
    ),
    "ledger_balance": (f"owner >= {SPAN}", {"owner": SHIFT}),
    "ledger_lot": ("TRUE", {"member": SHIFT}),
    "decisions_timer": (f"subject >= {SPAN}", {"id": SHIFT, "subject": SHIFT}),
    "referrals_participation": ("TRUE", {"member": SHIFT}),
}
DIGEST = """
UPDATE ledger_transfer SET digest = sha256(convert_to(
  'sayso transfer 1|' || workspace_id || '|' || id || '|' || debit_kind || '|' || debit_owner || '|'
  || length(unit) || ':' || unit || '|' || credit_kind || '|' || credit_owner || '|' || length(unit) || ':' || unit
  || '|' || amount || '|' || length(unit) || ':' || unit || '|' || cause || '|' || about || '|' || reason || '|' || at,
  'UTF8')) WHERE workspace_id = %(workspace)s
"""

# What an event of a known member reads, and the indexes that its rows are entered in.
READ_BY_EVENTS = (
    "events_tally_pkey", "event_of_member", "people_identity", "people_identity_pkey", "people_member",
    "people_member_pkey", "ledger_balance", "ledger_balance_pkey", "ledger_lot", "ledger_lot_pkey",
    "transfer_credits_owner", "decisions_timer", "timer_of_subject",
)  # fmt: skip


def history(members: int) -> Iterator[Fields]:
    """Ten purchases of each member, a fortnight long."""
    step = timedelta(days=14) / (members * EACH)
    for number in range(members * EACH):
        when = (START + step * number).isoformat().replace("+00:00", "Z")
        who = {"member": f"m{number % members}", "occurred_at": when}
        yield {"id": f"h{number}", "type": "purchase", "amount_minor": 400 + number % 5000, "currency": "EUR", **who}


def whale(count: int) -> Iterator[Fields]:
    """The purchases of one member, after everybody else's history."""
    for number in range(count):
        when = (START + timedelta(days=15, seconds=number // 4)).isoformat().replace("+00:00", "Z")
        who = {"member": WHALE, "occurred_at": when}
        yield {"id": f"w{number}", "type": "purchase", "amount_minor": 700, "currency": "EUR", **who}


def multiply(url: str, copies: int) -> None:
    """Copy the history so many times within the database, and make its seals and the workspace's head anew."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT id, position FROM workspaces_workspace WHERE name = 'bench'").fetchone()
        assert found is not None
        workspace, last = found
        copied = connection.execute(
            "SELECT count(*) FROM events_event WHERE type = 'purchase' AND workspace_id = %s", [workspace]
        ).fetchone()
        assert copied is not None
        numbers = {"workspace": workspace, "positions": copied[0], "copies": copies}
        for table, (rows, changes) in COPIES.items():
            _copy_table(connection, table, rows, changes, numbers)
        connection.execute(
            "UPDATE ledger_balance SET balance = balance * (%(copies)s + 1) WHERE owner = 0 AND unit = 'stars'"
            " AND workspace_id = %(workspace)s",
            numbers,
        )
        connection.execute(DIGEST, numbers)
        _seal(connection, workspace, last + copied[0] * copies)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _copy_table(
    connection: psycopg.Connection, table: str, rows: str, changes: dict[str, str], numbers: dict[str, int]
) -> None:
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position"
    names = [name for (name,) in connection.execute(query, [table])]
    values = ", ".join(changes[name].format(f't."{name}"') if name in changes else f't."{name}"' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    statement = (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, %(copies)s) AS k(k), {table} AS t"
        f" WHERE t.workspace_id = %(workspace)s AND {rows} ORDER BY k.k"
    )
    connection.execute(statement, numbers)


def _seal(connection: psycopg.Connection, workspace: int, position: int) -> None:
    """Chain the digests of everything after the publication's own seal into one more, as a batch of its own does."""
    first = connection.execute(
        "SELECT head, last_position FROM ledger_seal WHERE workspace_id = %s ORDER BY number LIMIT 1", [workspace]
    ).fetchone()
    assert first is not None
    chain, count = sha256(b"sayso seal 1|"), 0
    chain.update(first[0])
    with connection.cursor("digests") as rows:
        rows.itersize = 50_000
        rows.execute(
            "SELECT digest FROM ledger_transfer WHERE workspace_id = %s AND cause > %s ORDER BY id",
            [workspace, first[1]],
        )
        for (digest,) in rows:
            chain.update(digest)
            count += 1
    head = chain.digest()
    connection.execute("DELETE FROM ledger_seal WHERE workspace_id = %s AND number > 1", [workspace])
    connection.execute(
        "INSERT INTO ledger_seal (workspace_id, number, first_position, last_position, transfers, head)"
        " VALUES (%s, 2, %s, %s, %s, %s)",
        [workspace, first[1] + 1, position, count, head],
    )
    connection.execute(
        "UPDATE workspaces_workspace SET position = %s, seals = 2, head = %s WHERE id = %s", [position, head, workspace]
    )


def crowd_of(members: int, copies: int) -> Crowd:
    """Everybody in the workspace, the one with the many purchases among them."""

    def ref(number: int) -> str:
        if number % 100 == 99:
            return WHALE
        copy = number // members
        return f"m{number % members}-{copy}" if copy else f"m{number}"

    return Crowd(members * (copies + 1), advocates=100, ref=ref)


def warm(url: str) -> None:
    """Bring into the server's memory what events read."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CREATE EXTENSION pg_prewarm")
        for relation in READ_BY_EVENTS:
            connection.execute("SELECT pg_prewarm(%s::regclass)", [relation])


def cost(url: str, file: Path) -> float:
    """Import a file of events; how many seconds of the processor that took, the database's among them."""
    database = postmaster(url)
    before = client_seconds() + processor_seconds(database)
    seconds = take(url, file)
    spent = client_seconds() + processor_seconds(database) - before
    print(f"  {urlsplit(url).path[1:]}: {spent:.2f} s of the processor in {seconds:.2f} s")
    return spent


def main() -> None:
    """Build both workspaces, then import into them in turn."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--members", type=int, default=10_000, help="of the small workspace")
    options.add_argument("--times", type=int, default=200, help="how many times as large the other one is")
    options.add_argument("--whale", type=int, default=100_000, help="purchases of one member of the large workspace")
    options.add_argument("--events", type=int, default=20_000, help="imported into each, in every pair")
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database("bench_small") as small,
        fresh_database("bench_large") as large,
    ):
        file = Path(name) / "events.ndjson"
        for url in (small, large):
            set_up(url)
            write_events(file, history(chosen.members))
            take(url, file)
        multiply(large, chosen.times - 1)
        for url, count in ((small, chosen.whale // chosen.times), (large, chosen.whale)):
            write_events(file, whale(count))
            take(url, file)
            sayso(url, "verify", "--workspace", "bench")
            warm(url)
        costs: dict[str, list[float]] = {small: [], large: []}
        for seed in range(chosen.pairs):
            for url, copies in ((small, 0), (large, chosen.times - 1)):
                start = START + timedelta(days=40 + seed)
                crowd = crowd_of(chosen.members, copies)
                lines = write_events(file, events(chosen.events, crowd=crowd, start=start, seed=seed))
                costs[url].append(cost(url, file) / lines * 1e6)
    bar = Bar("microseconds of the processor for each event", MUST, most=True)
    report("growth", ours=costs[large], reference=costs[small], bar=bar)


if __name__ == "__main__":
    main()
