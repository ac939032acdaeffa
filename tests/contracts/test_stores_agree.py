"""Both stores come to the same: every scenario and its twin, in one batch and one event at a time."""

from functools import cache
from pathlib import Path

import msgspec
import pytest

from tests.contracts.database import Database
from tests.core.scenarios.memory import Memory
from tests.core.scenarios.outcome import Outcome
from tests.core.scenarios.scenario import Scenario, play, read_scenario

SCENARIOS = Path(__file__).parents[1] / "core" / "scenarios"
FILES = sorted(SCENARIOS.glob("[0-9][0-9]-*.yaml"))
pair = cache(read_scenario)


@cache
def remembered(path: Path, twin: bool) -> tuple[Scenario, Outcome]:
    """A scenario and what came of it in memory."""
    scenario = pair(path)[twin]
    memory = Memory(scenario.zone)
    play(scenario, memory)
    return scenario, memory.outcome()


def as_stored(outcome: Outcome) -> Outcome:
    """An outcome whose seen values went through the form in which they are stored."""
    packed = msgspec.json.encode([reason.seen for reason in outcome.reasons], enc_hook=str)
    seen = msgspec.json.decode(packed)
    outcome.reasons = [reason._replace(seen=value) for reason, value in zip(outcome.reasons, seen, strict=True)]
    outcome.order_sensitive = []
    return outcome


@pytest.mark.django_db
@pytest.mark.parametrize("twin", [False, True], ids=["as-written", "twin"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_database_agrees_with_memory(path: Path, twin: bool) -> None:
    scenario, outcome = remembered(path, twin)
    for size in (1000, 1):
        database = Database(scenario.zone, name=f"bluebell-{size}")
        play(scenario, database, batch=size)
        assert database.outcome() == as_stored(outcome)
