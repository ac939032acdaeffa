"""From the text of a written program to its document, its conditions and everything that is wrong with it.

Owns the order of the reading: text, YAML, shape, conditions. It never raises and never stops at the first mistake.
What needs the whole document is `review`'s.
"""

from dataclasses import dataclass, field

from sayso.core.program.conditions import Condition, ConditionError, parse_condition
from sayso.core.program.document import Document
from sayso.core.program.misreadings import Misreading, broken_problem, misreading_at
from sayso.core.program.places import Place, condition_places, vocabulary_in
from sayso.core.program.problems import Problem
from sayso.core.program.shape import validate
from sayso.core.program.vocabulary import Vocabulary
from sayso.core.program.yaml_source import Path, Source, decode, dotted, read_source, spot_of

MAXIMUM_MENDINGS = 12
# Mending reads the whole text again; together the readings stay within a second or two.
MAXIMUM_MENDED_CHARACTERS = 1_500_000
MAXIMUM_PROBLEMS = 500


@dataclass(frozen=True, slots=True)
class Parsed:
    """A written program that has been read.

    document: the program; None when its shape is wrong. It may only run when `errors` is empty.
    problems: everything found, in the order of the text.
    conditions: each readable condition by its path, `rewards.thanks.if`.
    source: where each value stands.
    """

    document: Document | None
    problems: list[Problem]
    conditions: dict[str, Condition]
    source: Source = field(default_factory=Source, repr=False)

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop publication."""
        return [problem for problem in self.problems if problem.severity == "error"]


def parse_program(text: str | bytes) -> Parsed:
    """Read a written program; bytes are UTF-8. Never raises."""
    readable, problems = decode(text)
    if problems:
        return Parsed(None, problems, {})
    source, misread = _read(readable)
    if source.broken is not None:
        problems = [*misread, *source.problems, broken_problem(source.broken)]
        return Parsed(None, sorted(problems)[:MAXIMUM_PROBLEMS], {}, source)
    if source.stopped:
        return Parsed(None, sorted([*misread, *source.problems])[:MAXIMUM_PROBLEMS], {}, source)
    document, wrong_shape = validate(source)
    conditions, wrong_conditions = _conditions(source)
    found = [*_located(source, misread), *source.problems, *wrong_conditions]
    found += _untold(wrong_shape, found)
    return Parsed(document, sorted(set(found))[:MAXIMUM_PROBLEMS], conditions, source)


def _read(text: str) -> tuple[Source, list[Problem]]:
    """Read YAML; a line that it misreads is told, mended and read again, so that the rest is checked too."""
    misread: list[Problem] = []
    while True:
        source = read_source(text)
        found = _misreading(text, source)
        spent = len(text) * (len(misread) + 1)
        if found is None or len(misread) >= MAXIMUM_MENDINGS or (misread and spent > MAXIMUM_MENDED_CHARACTERS):
            return source, misread
        misread.append(found.problem)
        lines = text.split("\n")
        lines[found.number - 1] = found.line
        text = "\n".join(lines)


def _misreading(text: str, source: Source) -> Misreading | None:
    if source.broken is not None:
        line = spot_of(source.broken)[0]
        around = (misreading_at(text, number, source.broken) for number in (line, line - 1))
        return next((found for found in around if found), None)
    vocabulary = vocabulary_in(source.data)
    for place in condition_places(source.data):
        mark = source.marks.get(place.path)
        if mark and mark.plain and _problems_of(place, vocabulary):
            found = misreading_at(text, mark.value[0])
            if found:
                return found
    return None


def _problems_of(place: Place, vocabulary: Vocabulary) -> bool:
    try:
        parse_condition(place.text, vocabulary.within(place.roles))
    except ConditionError:
        return True
    return False


def _conditions(source: Source) -> tuple[dict[str, Condition], list[Problem]]:
    vocabulary = vocabulary_in(source.data)
    conditions: dict[str, Condition] = {}
    problems: list[Problem] = []
    for place in condition_places(source.data):
        try:
            conditions[dotted(place.path)] = parse_condition(place.text, vocabulary.within(place.roles))
        except ConditionError as error:
            line, column, exact = _start(source, place.path)
            for found in error.problems:
                at = column + found.offset if exact else column
                problems.append(Problem(line, at, dotted(place.path), found.message, found.instead))
    return conditions, problems


def _start(source: Source, path: Path) -> tuple[int, int, bool]:
    """Where a condition begins, and whether the column of each of its characters is known."""
    mark = source.marks.get(path)
    if mark is None:
        return *source.place(path), False
    line, column = mark.value
    return line, column + (not mark.plain), mark.one_line


def _located(source: Source, misread: list[Problem]) -> list[Problem]:
    """Give each misread line the path of the value that begins there."""
    starts = {mark.value: path for path, mark in source.marks.items()}
    return [
        Problem(one.line, one.column, dotted(starts.get((one.line, one.column), ())), one.message, one.instead)
        for one in misread
    ]


def _untold(problems: list[Problem], told: list[Problem]) -> list[Problem]:
    """Without what another finding about the same path explains already."""
    paths = {problem.path for problem in told if problem.path}
    return [problem for problem in problems if problem.path not in paths]
