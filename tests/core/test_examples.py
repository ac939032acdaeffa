"""Every example is a program that could be published, speaks four languages, and does in its scenario what it says."""

from pathlib import Path

import pytest

from sayso.core.program.explain import explain
from sayso.core.program.review import check_program
from tests.core.program.keep_explanations import READERS
from tests.core.scenarios.outcome import mismatches
from tests.core.scenarios.scenario import read_scenario
from tests.core.scenarios.test_scenarios import checked

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
SCENARIOS = Path(__file__).parent / "examples"

each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


@each_example
def test_it_could_be_published(path: Path) -> None:
    assert check_program(path.read_bytes()).errors == []


@each_example
def test_it_explains_itself_in_four_languages_and_misses_none(path: Path) -> None:
    parsed = check_program(path.read_bytes())
    assert parsed.document is not None
    read = [explain(parsed.document, parsed.conditions, language=language) for language in READERS]
    keys = [[section.key for section in explanation.sections] for explanation in read]
    assert len({tuple(found) for found in keys}) == 1
    assert len({explanation.as_text() for explanation in read}) == len(READERS)
    assert [problem for problem in parsed.problems if problem.message.startswith("The language")] == []


@each_example
def test_its_scenario_holds_and_one_changed_input_turns_it(path: Path) -> None:
    base, twin = read_scenario(SCENARIOS / path.name)
    happened, turned = checked(base), checked(twin)
    assert mismatches(base.expect, happened) == []
    assert mismatches(twin.expect, turned) == []
    assert mismatches(base.expect, turned), "the twin's changed input must turn the outcome"


def test_no_scenario_is_left_without_its_example() -> None:
    assert {path.name for path in SCENARIOS.glob("*.yaml")} == {path.name for path in EXAMPLES}
