"""Every rule of SEMANTICS as a scenario, with a twin in which one changed input turns the outcome."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.core.scenarios.memory import Memory, outcome_of_memory, unsound
from tests.core.scenarios.outcome import Outcome, held, mismatches
from tests.core.scenarios.scenario import Scenario, play, read_scenario

FILES = sorted(Path(__file__).parent.glob("[0-9][0-9]-*.yaml"))
WITHOUT = Path(__file__).parents[3] / "docs" / "guide" / "rules-without-scenario.md"
RULES = 43


@cache
def pair(path: Path) -> tuple[Scenario, Scenario]:
    """A scenario and its twin, read once."""
    return read_scenario(path)


def played(scenario: Scenario, *, batch: int = 1000) -> Memory:
    """A store in which everything has happened."""
    memory = Memory(scenario.zone)
    play(scenario, memory, batch=batch)
    return memory


def checked(scenario: Scenario) -> Outcome:
    """What came of a scenario, after everything that must hold of any was found to hold."""
    memory = played(scenario)
    outcome = memory.outcome()
    assert unsound(memory.store) == []
    assert played(scenario, batch=1).outcome() == outcome, "the size of a batch must not matter"
    again = memory.replayed()
    assert unsound(again) == []
    assert held(outcome_of_memory(again)) == held(outcome), "a replay must come to the same"
    return outcome


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule(path: Path) -> None:
    base, twin = pair(path)
    happened, turned = checked(base), checked(twin)
    assert mismatches(base.expect, happened) == []
    assert mismatches(twin.expect, turned) == []
    assert mismatches(base.expect, turned), "the twin's changed input must turn the outcome"
    assert mismatches(twin.expect, happened), "what the twin expects must be particular to it"


def test_every_rule_has_a_scenario_or_a_reason_why_not() -> None:
    told = {int(path.stem[:2]) for path in FILES}
    untold = {int(number) for number in re.findall(r"^\| (\d+) \|", WITHOUT.read_text(encoding="utf-8"), re.MULTILINE)}
    assert told | untold == set(range(1, RULES + 1))
