"""Whatever is written, reading it ends in a document or in problems, never in an exception."""

from hypothesis import given
from hypothesis import strategies as st

from sayso.core.program.review import check_program
from tests.core.documents import BRING_A_FRIEND, part_without

# The words and journeys are half of the text and read like the rest; the rules are where mistakes are told apart.
LINES = part_without(BRING_A_FRIEND, "asking", "messages", "page").split("\n")
SCRAPS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        [":", ": ", " #", "[", "]", "{", "}", '"', "'", "&a", "*a", "!x", "- ", "? ", "|", ">", "\t", "null", "true"]
    ),
    st.sampled_from(["1", "-1", "1e9", "99999999999999999999", "2027-13-45", "20 EUR", "0 EUR", "30d", "not ", "()"]),
    st.sampled_from(["to", "give", "at: purchased", "by_count: {1: {badge: x}}", "choice: []", "<<: *x", "~", "5%"]),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        start = draw(st.integers(0, len(line)))
        end = draw(st.integers(start, min(len(line), start + 12)))
        lines[number] = line[:start] + draw(SCRAPS) + line[end:]
        if draw(st.booleans()):
            other = draw(st.integers(0, len(lines) - 1))
            lines[number], lines[other] = lines[other], lines[number]
    return "\n".join(lines)


@given(mutated())
def test_a_mutated_program_is_read_or_refused(text: str) -> None:
    parsed = check_program(text)
    assert parsed.document is not None or parsed.errors
    for problem in parsed.problems:
        assert 0 <= problem.line <= text.count("\n") + 1
        assert problem.message.endswith(".")
        assert problem.as_dict()["severity"] in ("error", "note")


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_anything_else_is_refused(text: str | bytes) -> None:
    assert check_program(text).errors
