"""Processes that die, sleep, or lose the database inside a transaction: an event is decided once all the same.

Each test breaks one batch at one point, has it decided again, and compares with a workspace in which nothing broke.
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.faults.proxy import proxy
from tests.installation import OPEN, SAME, SOUND, STORED, Installation

BREAKING = "tests.faults.breaking"
CALM = """
from tests.domains.cast import ada_recommends_ben, decide
decide(workspace_named("calm"), ada_recommends_ben())
"""
# A session that sleeps in a transaction is ended after this, so that the one writer's place is free again.
SHORT_SLEEP = "?options=-c%20idle_in_transaction_session_timeout%3D700ms"


@pytest.fixture
def installation(migrated_database_url: str, tmp_path: Path) -> Installation:
    installation = Installation(migrated_database_url, tmp_path / "home")
    installation.ask(OPEN, CALM)
    return installation


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a process; how it ended and what it said."""
    said, _ = process.communicate(timeout=60)
    return process.returncode, said.strip()


def check_decided_once(installation: Installation) -> None:
    stored, *found = installation.ask(STORED, SOUND, SAME)
    assert stored.split() == ["a-1", "a-2", "b-1", "b-2"]
    assert found == ["[]", "[]"]


@pytest.mark.parametrize(("point", "kept"), [("killed_before_commit", ""), ("killed_after_commit", "a-1 a-2 b-1 b-2")])
def test_a_process_killed_at_a_commit_leaves_all_or_nothing(installation: Installation, point: str, kept: str) -> None:
    assert ended(installation.start(BREAKING, point)) == (-signal.SIGKILL, "")
    assert installation.ask(STORED) == [kept]
    assert ended(installation.start(BREAKING, "whole")) == (0, "decided decided decided decided")
    check_decided_once(installation)


def test_a_process_that_sleeps_in_its_transaction_writes_nothing_when_it_wakes(installation: Installation) -> None:
    on_postgresql = installation.environment["DATABASE_URL"].startswith("postgres")
    if on_postgresql:
        installation.environment["DATABASE_URL"] += SHORT_SLEEP
    sleeper = installation.start(BREAKING, "asleep_before_commit")
    wait_until_stopped(sleeper.pid)
    other = installation.start(BREAKING, "whole")
    if on_postgresql:
        # The server ends the sleeper's session, and the other gets through while it still sleeps.
        assert ended(other) == (0, "decided decided decided decided")
    else:
        # A file has no server to end anything: the other waits in the queue of the lock, and fails nothing.
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(timeout=2)
    sleeper.send_signal(signal.SIGCONT)
    assert ended(sleeper) == (0, "decided decided decided decided")
    assert other.returncode == 0 or ended(other)[0] == 0
    check_decided_once(installation)


def wait_until_stopped(pid: int) -> None:
    """Wait until a process has gone to sleep by SIGSTOP."""
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="only a server can be lost on the way"
)
@pytest.mark.parametrize("lost", ["commit", "answer"])
def test_a_connection_lost_during_commit_is_no_loss_and_no_double(installation: Installation, lost: str) -> None:
    url = urlsplit(installation.environment["DATABASE_URL"])
    assert url.hostname is not None
    with proxy(url.hostname, url.port or 5432, loses=lost) as between:
        place = f"{url.username}@127.0.0.1:{between.port}"
        installation.environment["DATABASE_URL"] = urlunsplit(url._replace(netloc=place))
        assert ended(installation.start(BREAKING, "whole")) == (0, "decided decided decided decided")
        assert between.lost == 1
    installation.environment["DATABASE_URL"] = urlunsplit(url)
    check_decided_once(installation)
