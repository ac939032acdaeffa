"""`event`: one event for each request, 32 connections, against pgbench writing the least such an event needs.

Ours is `sayso web` as it is started in production, over loopback, with the decision in each answer. The reference
reads a member, and writes an event, a reward, a ledger movement and a balance in one transaction of separate
statements, from 32 clients; it decides nothing. Both run in turn, against the same PostgreSQL, the reference in a
database of its own.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

import psycopg

from bench.databases import WORKSPACE, fresh_database, set_up, take, write_events
from bench.load import Outcome, post, put_load
from bench.mix import LASTS, START, crowd_for, events
from bench.processor import client_seconds, postmaster, processor_seconds
from bench.report import Bar, report

MUST = 0.45
MEMBERS = 50_000
PATH = "/api/v1/events"

TABLES = """
CREATE TABLE event (id bigserial PRIMARY KEY, external_id text NOT NULL, type text NOT NULL, member bigint NOT NULL,
    amount bigint NOT NULL, props jsonb NOT NULL, occurred_at timestamptz NOT NULL, UNIQUE (external_id));
CREATE TABLE member (id bigint PRIMARY KEY, ref text NOT NULL, joined_at timestamptz NOT NULL);
CREATE TABLE reward (id bigserial PRIMARY KEY, member bigint NOT NULL, event bigint NOT NULL, state text NOT NULL,
    cost bigint NOT NULL, UNIQUE (member, event));
CREATE TABLE transfer (id bigserial PRIMARY KEY, debit bigint NOT NULL, credit bigint NOT NULL, amount bigint NOT NULL,
    event bigint NOT NULL, CHECK (amount > 0));
CREATE TABLE balance (member bigint PRIMARY KEY, amount bigint NOT NULL, CHECK (amount >= 0));
INSERT INTO member SELECT n, 'm' || n, now() FROM generate_series(1, {members}) n;
INSERT INTO balance SELECT n, 0 FROM generate_series(1, {members}) n;
"""
SCRIPT = r"""
\set member random(1, {members})
\set amount random(300, 9000)
\set name random(1, 9000000000000000000)
BEGIN;
SELECT ref, joined_at FROM member WHERE id = :member;
INSERT INTO event (external_id, type, member, amount, props, occurred_at)
    VALUES ('e-' || :name, 'purchase', :member, :amount, '{{}}', now()) RETURNING id;
INSERT INTO reward (member, event, state, cost) VALUES (:member, currval('event_id_seq'), 'approved', :amount / 100);
INSERT INTO transfer (debit, credit, amount, event) VALUES (0, :member, :amount, currval('event_id_seq'));
UPDATE balance SET amount = amount + :amount WHERE member = :member;
COMMIT;
"""


@dataclass(frozen=True)
class Server:
    """The server that is measured, and how to reach it."""

    process: int
    port: int
    secret: str


@contextmanager
def serving(url: str, secret: str, level: str) -> Iterator[Server]:
    """Run `sayso web` until the measurement is over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": url, "SAYSO_LOG_LEVEL": level}
    command = [sys.executable, "-m", "sayso.cli", "web", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield Server(process.pid, port, secret)
        finally:
            process.terminate()
            process.wait(30)


def key_for(url: str) -> str:
    """Make a key that may send events."""
    command = [sys.executable, "-m", "sayso.cli", "key", "create", "bench", "--workspace", WORKSPACE, "--json"]
    done = subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True, capture_output=True)
    return str(json.loads(done.stdout)["secret"])


def requests_for(server: Server, history: int) -> Iterator[bytes]:
    """The requests, one event each, that follow the history."""
    headers = {"Authorization": f"Bearer {server.secret}", "Content-Type": "application/json"}
    for event in _following(history):
        yield post(PATH, json.dumps(event).encode(), headers)


def _following(history: int) -> Iterator[dict[str, object]]:
    crowd = crowd_for(history)
    stream = events(1_000_000, crowd=crowd, start=START + LASTS / 2, seed=8)
    yield from islice(stream, 2 * crowd.advocates, None)


def prepare(url: str, history: int) -> None:
    """Fill a workspace with history, and with the codes of those who recommend from now on."""
    crowd = crowd_for(history)
    set_up(url)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.ndjson"
        write_events(file, events(history, crowd=crowd, start=START - timedelta(hours=2)))
        take(url, file)
        write_events(file, islice(events(1, crowd=crowd, start=START + LASTS / 2, seed=8), 2 * crowd.advocates))
        take(url, file)


@dataclass
class Spent:
    """Processor time that one side took: its own, and the database's."""

    own: float
    database: float
    count: float

    def __str__(self) -> str:
        own, database = (seconds / self.count * 1e6 for seconds in (self.own, self.database))
        return f"{self.count:9,.0f} events, processor time each: {own:4.0f} µs, and the database {database:4.0f} µs"


def reference(url: str, *, clients: int, seconds: float) -> float:
    """Transactions per second of pgbench."""
    command = ["pgbench", "--no-vacuum", f"--client={clients}", "--jobs=2", f"--time={seconds:.0f}"]
    command += ["--file=/dev/stdin", url]
    script = SCRIPT.format(members=MEMBERS)
    done = subprocess.run(command, check=True, capture_output=True, text=True, input=script)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


def tell(outcome: Outcome) -> str:
    """How long answers took, and which there were."""
    waited = sorted(outcome.waited)
    middle, late = (waited[int(len(waited) * part)] * 1000 for part in (0.5, 0.99))
    statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(outcome.statuses.items()))
    return f"answers in {middle:.0f} ms, 99 % in {late:.0f} ms; {statuses}"


def pair(server: Server, requests: Iterator[bytes], plain: str, chosen: argparse.Namespace) -> tuple[float, float]:
    """Both sides of one pair, as events per second; what each took is printed."""
    database = postmaster(plain)
    before = processor_seconds(server.process), processor_seconds(database)
    outcome = put_load(server.port, requests, connections=chosen.connections, seconds=chosen.seconds)
    after = processor_seconds(server.process), processor_seconds(database)
    assert set(outcome.statuses) <= {200, 202}, outcome.body
    count = len(outcome.waited)
    print(f"  ours      {Spent(after[0] - before[0], after[1] - before[1], count)}; {tell(outcome)}")
    own, began = client_seconds(), processor_seconds(database)
    rate = reference(plain, clients=chosen.connections, seconds=chosen.seconds)
    spent = Spent(client_seconds() - own, processor_seconds(database) - began, rate * chosen.seconds)
    print(f"  reference {spent}")
    return count / outcome.seconds, rate


def pairs(chosen: argparse.Namespace) -> list[tuple[float, float]]:
    """Both sides of each pair, as events per second."""
    with fresh_database("bench_event") as url, fresh_database("bench_pgbench") as plain:
        with psycopg.connect(plain) as connection:
            connection.execute(TABLES.format(members=MEMBERS))
        prepare(url, chosen.history)
        with serving(url, key_for(url), chosen.log_level) as server:
            requests = requests_for(server, chosen.history)
            put_load(server.port, requests, connections=chosen.connections, seconds=3)
            return [pair(server, requests, plain, chosen) for _ in range(chosen.pairs)]


def main() -> None:
    """Run the pairs and print events per second of both sides."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--history", type=int, default=40_000)
    options.add_argument("--connections", type=int, default=32)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--log-level", default="WARNING")
    options.add_argument("--json", action="store_true")
    ours, others = zip(*pairs(options.parse_args()), strict=True)
    report("event", ours=ours, reference=others, bar=Bar("events per second", MUST))


if __name__ == "__main__":
    main()
