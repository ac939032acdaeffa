"""Several processes write to one workspace at once, and some are killed in the middle of a batch: no promise breaks,
nothing acknowledged is lost, and starting again ends where an undisturbed run ends.
"""

import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.installation import OPEN, SAME, SOUND, STORED, Installation

EVENTS = 300
KILLS = 6


@pytest.fixture
def installation(migrated_database_url: str, tmp_path: Path) -> Installation:
    return Installation(migrated_database_url, tmp_path / "home", EVENTS=str(EVENTS))


def play(installation: Installation, *numbers: int) -> subprocess.Popen[str]:
    """Start a process that decides part of the busy day."""
    return installation.start("tests.domains.decisions.playing", *numbers)


def finish(process: subprocess.Popen[str]) -> set[str]:
    """Wait for a process to end well and return the ids that it acknowledged."""
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return set(said.split())


def test_processes_that_race_each_other_leave_every_promise_whole(installation: Installation) -> None:
    installation.ask(OPEN)
    racing = [play(installation, 1, part, 3, 5) for part in range(3)]
    racing.append(play(installation, 1, 0, 3, 4))  # the same events again, at the same time
    acknowledged = set().union(*map(finish, racing))
    assert len(acknowledged) == EVENTS + 23
    stored, sound = installation.ask(STORED, SOUND)
    assert set(stored.split()) == acknowledged
    assert sound == "[]"


def killed(start: Callable[[], subprocess.Popen[str]], seed: int) -> tuple[set[str], int]:
    """Kill a process at seeded moments until one comes through; what was acknowledged, and how many were killed."""
    chance, acknowledged, kills = random.Random(seed), set[str](), 0
    while kills < KILLS:
        process = start()
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 12)):
            acknowledged.update(process.stdout.readline().split())
        time.sleep(chance.random() / 20)
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
        # The last line may be torn; what it does not say in full is not acknowledged.
        acknowledged.update(said[: said.rfind("\n") + 1].split())
        kills += process.returncode == -signal.SIGKILL
    return acknowledged | finish(start()), kills


def test_killed_in_the_middle_and_started_again_it_ends_the_same(installation: Installation) -> None:
    installation.ask(OPEN)
    finish(play(installation, 2, 0, 1, 1000))
    acknowledged, kills = killed(lambda: play(installation, 1, 0, 1, 7), seed=7)
    assert kills == KILLS
    stored, *found = installation.ask(STORED, SOUND, SAME)
    assert acknowledged == set(stored.split())
    assert found == ["[]", "[]"]


def test_a_group_commit_that_is_killed_loses_nothing_that_was_answered(installation: Installation) -> None:
    installation.ask(OPEN)
    chance, acknowledged = random.Random(11), set[str]()
    for _ in range(3):
        process = installation.start("tests.domains.decisions.committing", 1, 16)
        assert process.stdout is not None
        for _ in range(chance.randrange(len(acknowledged) + 20, len(acknowledged) + 80)):
            acknowledged.update(process.stdout.readline().split())
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
        acknowledged.update(said[: said.rfind("\n") + 1].split())
        stored, sound = installation.ask(STORED, SOUND)
        assert acknowledged <= set(stored.split())
        assert sound == "[]"
    everything = finish(installation.start("tests.domains.decisions.committing", 1, 16))
    stored, sound = installation.ask(STORED, SOUND)
    assert acknowledged <= everything == set(stored.split())
    assert sound == "[]"
