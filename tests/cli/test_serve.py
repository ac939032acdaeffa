"""`sayso serve` as its operator sees it: real processes on the loopback address, on either database."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.cli.running import SOURCES, done

PATIENCE_SECONDS = 60
KEY = re.compile(r"sk_live_[\w-]{43}")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Service:
    """One `sayso serve`, with a log of its own."""

    process: subprocess.Popen[str]
    port: int
    log: Path
    said: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The key that it printed; empty when it printed none."""
        found = KEY.search("".join(self.said))
        return found.group() if found else ""

    def wait_until_it_listens(self) -> None:
        """Read what it prints until it says that it is there."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                return
        pytest.fail(f"it never listened:\n{''.join(self.said)}\n{self.log.read_text()}")

    def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Ask for a page; its status, body and headers."""
        request = Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urlopen(request, timeout=30) as response:
                return response.status, response.read().decode(), dict(response.headers)
        except HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)

    def end(self) -> int:
        """Ask it to stop, and wait until it has."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_SECONDS)


Start = Callable[..., Service]


@contextlib.contextmanager
def starting(url: str, folder: Path) -> Iterator[Start]:
    """Start services on one database; whatever still runs at the end of the block is killed."""
    started: list[Service] = []

    def service(*options: str, command: str = "serve") -> Service:
        port, log = free_port(), folder / f"{len(started)}.log"
        environment = {**os.environ, "DATABASE_URL": url, "SAYSO_HOME": str(folder / "home")}
        arguments = [sys.executable, "-m", "sayso.cli", command, "--port", str(port), *options]
        environment["PYTHONPATH"] = str(SOURCES)
        with log.open("w") as errors:
            process = subprocess.Popen(arguments, env=environment, text=True, stdout=subprocess.PIPE, stderr=errors)
        started.append(Service(process, port, log))
        return started[-1]

    yield service
    for each in started:
        each.process.kill()
        each.process.wait()


@pytest.fixture
def start(migrated_database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start services on a database that has its tables."""
    with starting(migrated_database_url, tmp_path) as start:
        yield start


@pytest.fixture
def start_anew(fresh_database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start services on a database without tables."""
    with starting(fresh_database_url, tmp_path) as start:
        yield start


def children_of(number: int) -> list[int]:
    """The processes that one started, and those that they started."""
    own = [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    return own + [below for each in own for below in children_of(each)]


def gone(number: int) -> bool:
    """Whether a process runs no more."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


def test_the_first_start_sets_up_and_the_second_only_serves(start_anew: Start) -> None:
    first = start_anew()
    first.wait_until_it_listens()
    assert first.said[0] == f"Sayso listens at http://127.0.0.1:{first.port}\n"
    assert first.key
    assert "The workspace default is new, its days in UTC; before its first event" in "".join(first.said)
    assert json.loads(first.get("/readyz")[1]) == {"database": "ok", "migrations": "ok", "disk": "ok", "events": "ok"}
    status, page, headers = first.get("/")
    assert (status, "<form" in page) == (200, True)
    assert "default-src 'self'" in headers["content-security-policy"]
    assert first.end() == 0
    again = start_anew("--processes", "2")
    again.wait_until_it_listens()
    assert not again.key
    assert again.said[1:] == ["There are keys already; sayso key create NAME makes another.\n", "Ctrl-C stops it.\n"]
    assert again.get("/livez")[0] == 200
    assert again.end() == 0


def test_who_serves_without_a_proxy_is_told_why_nothing_is_seen(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_PLAIN_HTTP", "false")  # as for an address that others reach
    service = start()
    service.wait_until_it_listens()
    assert "sent to https" in service.said[1]
    assert all(name in service.said[1] for name in ("SAYSO_BEHIND_PROXY=true", "SAYSO_PLAIN_HTTP=true"))
    assert service.end() == 0


LOADED_WHEN_NEEDED = {
    "PIL", "crawleruseragents", "cryptography", "email_validator", "httpcore2", "jwt", "phonenumbers",
    "prometheus_client", "rich", "segno",
}  # fmt: skip


def test_a_web_process_has_loaded_nothing_that_it_may_never_need(tmp_path: Path) -> None:
    """Each of these is megabytes in every process, and time at every start."""
    program = (
        "import sys; from sayso.cli.connect import start_django; from sayso.cli.serving.web import load_application\n"
        "start_django(); load_application(); print(*sys.modules)"
    )
    environment = {**os.environ, "SAYSO_HOME": str(tmp_path / "home"), "PYTHONPATH": str(SOURCES)}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert LOADED_WHEN_NEEDED & set(ended.stdout.split()) == set()


def test_hosts_that_start_together_prepare_the_database_once(start_anew: Start) -> None:
    both = [start_anew(), start_anew()]
    for each in both:
        each.wait_until_it_listens()
    assert sorted(bool(each.key) for each in both) == [False, True]
    assert [each.end() for each in both] == [0, 0]


def test_a_part_that_dies_ends_all(start: Start) -> None:
    service = start()
    service.wait_until_it_listens()
    everything = children_of(service.process.pid)
    assert len(everything) == 3  # the web server, the one process that it serves with, the worker
    os.kill(everything[1], signal.SIGKILL)
    assert service.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "ended by itself" in service.log.read_text()
    assert all(map(gone, everything))


def test_all_die_with_a_supervisor_that_is_killed(start: Start) -> None:
    service = start()
    service.wait_until_it_listens()
    everything = children_of(service.process.pid)
    service.process.kill()
    wait_for(lambda: all(map(gone, everything)))


def test_a_port_that_is_taken_is_refused(start: Start) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        service = start("--port", str(taken.getsockname()[1]))
        assert service.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "Cannot listen" in service.log.read_text()


def test_a_worker_alone_does_what_falls_due_and_stops_when_told(migrated_database_url: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "DATABASE_URL": migrated_database_url, "SAYSO_HOME": str(home)}
    done(migrated_database_url, home, "init")
    command = [sys.executable, "-m", "sayso.cli", "worker"]
    worker = subprocess.Popen(
        command, env={**environment, "PYTHONPATH": str(SOURCES)}, text=True, stdout=subprocess.PIPE
    )
    assert worker.stdout is not None
    assert "first API key" in worker.stdout.readline()
    time.sleep(0.5)
    worker.terminate()
    assert worker.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_request_is_known_by_one_id_in_its_answer_and_in_the_log(start: Start) -> None:
    service = start()
    service.wait_until_it_listens()
    assert service.get("/livez", **{"X-Request-Id": "bluebell-0001"})[2]["x-request-id"] == "bluebell-0001"
    made = service.get("/nowhere", **{"X-Request-Id": "no\tgood"})[2]["x-request-id"]
    wait_for(lambda: made in service.log.read_text())  # a page's line is written once the page was sent
    service.end()
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    known = {line["request_id"]: (line["route"], line["status"]) for line in lines if line["event"] == "request"}
    assert known["bluebell-0001"] == ("/livez", 200)
    assert known[made] == ("-", 404)


def test_a_request_under_way_is_answered_before_the_end_and_its_event_stands_in_the_log(start: Start) -> None:
    service = start()
    service.wait_until_it_listens()
    event = {"id": "order-1", "type": "purchase", "member": "ada", "occurred_at": "2026-01-10T10:00:00Z"}
    body = json.dumps(event).encode()
    head = (
        f"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(head.encode() + body[:20])
        time.sleep(0.3)
        service.process.terminate()
        wait_for(lambda: not _accepts(service.port))
        connection.sendall(body[20:])
        answer = connection.recv(10_000).decode()
    assert answer.startswith("HTTP/1.1 200")
    assert service.process.wait(timeout=PATIENCE_SECONDS) == 0
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    (line,) = (each for each in lines if each.get("route") == "/api/v1/events")
    assert line["event_id"] in answer


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True
