"""Every example is a program that could be published, speaks four languages, and does in its scenario what it says."""

from pathlib import Path

import pytest

from tests.core.documents import EXAMPLES, reviewed
from tests.core.program.keep_explanations import READERS, explanation
from tests.core.scenarios.outcome import mismatches
from tests.core.scenarios.scenario import read_scenario
from tests.core.scenarios.test_scenarios import checked

SCENARIOS = Path(__file__).parent / "examples"

each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


@each_example
def test_it_could_be_published(path: Path) -> None:
    assert reviewed(path.read_text(encoding="utf-8")).errors == []


@each_example
def test_it_explains_itself_in_four_languages_and_misses_none(path: Path) -> None:
    told = [explanation(path, language) for language in READERS]
    keys = [[section.key for section in each.sections] for each in told]
    assert len({tuple(found) for found in keys}) == 1
    assert len({each.as_text() for each in told}) == len(READERS)
    problems = reviewed(path.read_text(encoding="utf-8")).problems
    assert [problem for problem in problems if problem.message.startswith("The language")] == []


@each_example
def test_its_scenario_holds_and_one_changed_input_turns_it(path: Path) -> None:
    base, twin = read_scenario(SCENARIOS / path.name)
    happened, turned = checked(base), checked(twin)
    assert mismatches(base.expect, happened) == []
    assert mismatches(twin.expect, turned) == []
    assert mismatches(base.expect, turned), "the twin's changed input must turn the outcome"


def test_no_scenario_is_left_without_its_example() -> None:
    assert {path.name for path in SCENARIOS.glob("*.yaml")} == {path.name for path in EXAMPLES}
