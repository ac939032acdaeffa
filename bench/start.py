"""From the command to the first page on an existing database, and the memory of each web process under load.

The reference is the bar itself: 3 seconds, 150 MB. Memory is what `ps` shows (resident), shared pages included, of the
process that serves, at its highest while 32 connections ask for pages and send events.

On a machine that others use too, the time on the wall tells of them as well; so the time on processors is told beside
it, of all processes together up to the first page. Where nothing else runs, the wall's is about the same.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from bench.databases import WORKSPACE, fresh_database, set_up
from bench.report import Bar, report

MUST_SECONDS, MUST_MEGABYTES = 3.0, 150.0
CONNECTIONS = 32
LOOK_AGAIN_SECONDS = 0.005


@contextmanager
def served(url: str) -> Iterator[tuple[int, float, subprocess.Popen[bytes]]]:
    """Start the service, and yield its port, how many seconds its first page took, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": url, "SAYSO_LOG_LEVEL": "WARNING"}
    began = time.perf_counter()
    command = [sys.executable, "-m", "sayso.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while not has_page(port):
        time.sleep(LOOK_AGAIN_SECONDS)
    try:
        yield port, time.perf_counter() - began, process
    finally:
        process.terminate()
        process.wait()


def has_page(port: int) -> bool:
    """Whether the sign-in can be read."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def memory_of(process: subprocess.Popen[bytes]) -> float:
    """Megabytes of the largest process that serves: a child of a child of the supervisor."""
    return max(peak(below) for child in children_of(process.pid) for below in children_of(child))


def children_of(number: int) -> list[int]:
    """The processes that one started."""
    return [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def processor_seconds(number: int) -> float:
    """What a process and those below it have worked so far."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(processor_seconds, children_of(number)))


def peak(number: int) -> float:
    """The most resident memory that a process ever had, in megabytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{number}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def load(port: int, key: str, seconds: float) -> None:
    """Ask for pages and send events over many connections at once."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=_client, args=(port, key, until, number)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _client(port: int, key: str, until: float, number: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    sent = 0
    while time.monotonic() < until:
        sent += 1
        event = {
            "id": f"s{number}-{sent}",
            "type": "purchase",
            "member": f"m{number}",
            "occurred_at": "2027-03-01T10:00:00Z",
        }
        amount = {"amount_minor": 1500, "currency": "EUR"}
        for method, path, body in (
            ("POST", "/api/v1/events", json.dumps(event | amount)),
            ("GET", f"/api/v1/members/m{number}", None),
            ("GET", "/sign-in", None),
        ):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status < 500 or answer.status == 503, (path, answer.status)


def main() -> None:
    """Start again and again; load the last one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--seconds", type=float, default=20, help="of load, before memory is read")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    starts: list[float] = []
    worked: list[float] = []
    with fresh_database("bench_start") as url:
        set_up(url)
        key = _key(url)
        for _ in range(chosen.runs - 1):
            with served(url) as (_port, seconds, process):
                starts.append(seconds * 1000)
                worked.append(processor_seconds(process.pid) * 1000)
        with served(url) as (port, seconds, process):
            starts.append(seconds * 1000)
            worked.append(processor_seconds(process.pid) * 1000)
            load(port, key, chosen.seconds)
            memory = memory_of(process)
    fixed = [MUST_SECONDS * 1000] * len(starts)
    report("start", ours=starts, reference=fixed, bar=Bar("milliseconds to the first page", 1.0, most=True))
    report("start, work", ours=worked, reference=fixed, bar=Bar("milliseconds on processors", 1.0, most=True))
    report("memory", ours=[memory], reference=[MUST_MEGABYTES], bar=Bar("megabytes under load", 1.0, most=True))


def _key(url: str) -> str:
    command = [sys.executable, "-m", "sayso.cli", "key", "create", "bench", "--workspace", WORKSPACE, "--json"]
    made = subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=True)
    found = re.search(r"sk_test_[\w-]{43}", made.stdout)
    assert found is not None
    return found.group()


if __name__ == "__main__":
    main()
