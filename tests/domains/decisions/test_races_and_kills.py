"""Several processes write to one workspace at once, and some are killed in the middle of a batch: no promise breaks,
nothing acknowledged is lost, and starting again ends where an undisturbed run ends.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EVENTS = 300
KILLS = 6

# What the test itself asks of the database, in a process that has that database: prints what is found.
ASK = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "sayso.config.settings"
django.setup()
from django.core.management import call_command
from tests.domains.cast import FRIENDS, STARS, contents, open_bluebell
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.workspaces.queries import workspace_named
"""


class Installation:
    """One database of its own, asked and written to by processes."""

    def __init__(self, url: str, home: Path) -> None:
        path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        self.environment = {
            **os.environ, "DATABASE_URL": url, "SAYSO_HOME": str(home), "PYTHONPATH": path, "EVENTS": str(EVENTS)
        }  # fmt: skip

    def ask(self, *programs: str) -> list[str]:
        """Run programs one after the other in one process of the installation and return what each prints."""
        command = [sys.executable, "-c", "\n".join([ASK, *programs])]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.splitlines()

    def play(self, *numbers: int) -> subprocess.Popen[str]:
        """Start a process that decides part of the busy day."""
        command = [sys.executable, "-m", "tests.domains.decisions.playing", *map(str, numbers)]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def installation(fresh_database_url: str, tmp_path: Path) -> Installation:
    return Installation(fresh_database_url, tmp_path / "home")


OPEN = 'call_command("migrate", verbosity=0); [open_bluebell(FRIENDS, name=name) for name in ("bluebell", "calm")]'
SOUND = 'print(verify(workspace_named("bluebell")))'
STORED = 'print(" ".join(Event.objects.filter(workspace=1, source="till").values_list("external_id", flat=True)))'
SAME = """
rows = [contents(workspace_named(name)) for name in ("bluebell", "calm")]
print([table for table in rows[0] if rows[0][table] != rows[1][table]])
"""


def finish(process: subprocess.Popen[str]) -> set[str]:
    """Wait for a process to end well and return the ids that it acknowledged."""
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return set(said.split())


def test_processes_that_race_each_other_leave_every_promise_whole(installation: Installation) -> None:
    installation.ask(OPEN)
    racing = [installation.play(1, part, 3, 5) for part in range(3)]
    racing.append(installation.play(1, 0, 3, 4))  # the same events again, at the same time
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
    finish(installation.play(2, 0, 1, 1000))
    acknowledged, kills = killed(lambda: installation.play(1, 0, 1, 7), seed=7)
    assert kills == KILLS
    stored, *found = installation.ask(STORED, SOUND, SAME)
    assert acknowledged == set(stored.split())
    assert found == ["[]", "[]"]
