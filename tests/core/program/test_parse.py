"""Reading a written program: every mistake with its line, column, path and what to write instead."""

import time
from datetime import date

import pytest

from sayso.core.program import yaml_source
from sayso.core.program.parse import MAXIMUM_PROBLEMS, Parsed, parse_program
from tests.core.documents import BRING_A_FRIEND, Row, part_without, replaced, rounds

TEXT = part_without(BRING_A_FRIEND, "why", "ideal_customer", "asking", "messages", "page")
# What is read twice, because YAML misread it, is read in a smaller text.
RULES = part_without(TEXT, "goals", "customer_value", "score", "points", "tiers", "budget", "guard")
ADVOCATES = 'member.orders_90d >= 1 and "staff" not in member.tags'


def changed(*replacements: Row) -> str:
    return replaced(TEXT, replacements)


def changed_rules(*replacements: Row) -> str:
    return replaced(RULES, replacements)


def told(parsed: Parsed) -> list[str]:
    return [str(problem) for problem in parsed.problems]


def test_the_example_is_read_without_a_problem() -> None:
    parsed = parse_program(BRING_A_FRIEND)
    assert parsed.document is not None
    assert parsed.problems == []
    assert parsed.document.runs.from_ == date(2027, 1, 1)
    assert set(parsed.conditions) == {
        "people.advocates",
        "people.friends",
        "people.groups.promoters",
        "people.groups.regulars",
        "score.answered_9_or_10.if",
        "score.comes_back.if",
        "score.recommended.if",
        "referral.steps.purchased.when",
        "asking.when.1.if",
    }
    assert parsed.conditions["people.advocates"].text == ADVOCATES


def test_bytes_with_a_mark_and_windows_line_ends_are_read_too() -> None:
    parsed = parse_program(b"\xef\xbb\xbf" + BRING_A_FRIEND.replace("\n", "\r\n").encode())
    assert parsed.problems == []


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text() -> None:
    parsed = parse_program(
        changed(
            ("currency: EUR", "currency: eur"),
            ("member.score >= 80", "member.scor >= 80"),
            ("to: friend", "to: frend"),
            ("hold: 14d", "hodl: 14d"),
            ("limit: 10 per quarter", "limit: ten"),
        )
    )
    assert parsed.document is None
    assert told(parsed) == [
        "line 7, column 1, currency: eur is no currency; it has three capital letters. Write EUR.",
        "line 24, column 16, people.groups.promoters: There is no member.scor. Write member.score.",
        (
            "line 41, column 5, rewards.welcome.to: frend is not possible here, only advocate, friend and member. "
            "Write friend."
        ),
        "line 48, column 5, rewards.thanks.hodl: There is no hodl in rewards.thanks. Write hold.",
        (
            "line 49, column 5, rewards.thanks.limit: 'ten' is not a limit. "
            "Write for example 10, 10 per quarter or 10 per 90d."
        ),
    ]


# What is written, what is written instead, and what is told of it.
MISTAKES: list[Row] = [
    ("program: bring-a-friend", "program: Bring a Friend", "program: Bring a Friend is no name of a program"),
    (
        "until: 2027-12-31",
        "until: 2026-12-31",
        "runs: The program ends before it begins; until must not be earlier than from.",
    ),
    ("until: 2027-12-31", "until: 2027-02-30", "runs.until: Here belongs a day, not 2027-02-30."),
    ("target: 60%", "target: most", "goals.1.target: 'most' is not an amount."),
    ("{count: purchase", "{cuont: purchase", "facts.orders_90d.cuont: There is no cuont in facts.orders_90d."),
    ("points: 40", "points: true", "score.answered_9_or_10.points: Here belongs no true or false."),
    ("promoters: member.score >= 80", "promoters: 80", "people.groups.promoters: A group is a condition"),
    ("  unit: stars\n", "", "points.unit: points needs unit. Write unit: points."),
    ("en: {one: star,", "fr: {one: étoile,", "points.name.fr: There is no language fr here"),
    ("other: estrellas", "mother: estrellas", "points.name: A name by number needs the form other. Write {one: star,"),
    ("other: stelle", "more: stelle", "points.name"),
    ("every: 5", "every: 1", "rewards.ambassador.every: The number is too small; it is at least 2. Write 2."),
    ("bronze: 0, silver", "Bronze: 0, silver", "tiers.levels.Bronze: Bronze is no name"),
    ("give: 50,", "give: fifty,", "points.earn.survey.give: fifty is not possible here."),
    ("coupon: 10 EUR", "coupon: 10", "rewards.welcome.give.coupon: '10' is not an amount."),
    ("within 12 months", "in 12 months", "tiers.by: points_earned in 12 months is no measure of a tier"),
    ("sayso: 1", "sayso: 2", "sayso: 2 is not possible here, only 1. Write 1."),
    ("credit: first_touch", "credit: frist_touch", "only first_touch and last_touch. Write first_touch."),
    ("currency: EUR", "currency: EUR\ncurrency: USD", "line 8, column 1, currency: currency stands here twice"),
    ("runs: {from:", "runs: {from_:", "runs.from_: There is no from_ in runs. Write from."),
]


@pytest.mark.parametrize("mistakes", rounds(TEXT, MISTAKES))
def test_mistakes_of_shape_in_plain_words(mistakes: list[Row]) -> None:
    lines = told(parse_program(changed(*mistakes)))
    assert [expected for _, _, expected in mistakes if not any(expected in line for line in lines)] == []
    assert len(lines) == len(mistakes)
    for line in lines:
        assert "Input should" not in line
        assert "pydantic" not in line
        assert "!" not in line


def test_a_setting_without_a_value_is_as_if_it_were_not_there() -> None:
    assert told(parse_program(changed(("    hold: 14d ", "    hold: ")))) == []


@pytest.mark.parametrize(
    ("condition", "quoted"),
    [
        ('"staff" not in member.tags', "advocates: '\"staff\" not in member.tags'"),
        ('member.country == "a #b"', "advocates: 'member.country == \"a #b\"'"),
        ('member.country == "a: b"', "advocates: 'member.country == \"a: b\"'"),
        ("'staff' not in member.tags", "advocates: \"'staff' not in member.tags\""),
    ],
)
def test_a_condition_that_yaml_misreads_is_shown_in_quotes(condition: str, quoted: str) -> None:
    parsed = parse_program(changed_rules((ADVOCATES, condition), ("hold: 14d", "hodl: 14d")))
    assert [(problem.line, problem.column, problem.path) for problem in parsed.problems] == [
        (15, 14, "people.advocates"),
        (38, 5, "rewards.thanks.hodl"),
    ]
    assert parsed.problems[0].instead == quoted
    line = f"  {quoted}"
    assert parse_program(changed_rules((f"  advocates: {ADVOCATES}", line))).problems == []


def test_a_condition_inside_braces_that_yaml_misreads_is_shown_in_quotes() -> None:
    for condition in ('event.store in ("330", "331")', "event.score in (1, 2)", '"gift" in event.items'):
        parsed = parse_program(changed_rules(("when: event.amount >= 20,", f"when: {condition},")))
        assert [problem.path for problem in parsed.problems] == ["referral.steps.purchased.when"]
        mended = parsed.problems[0].instead
        assert mended in (f"when: '{condition}'", f'when: "{condition}"')
        assert parse_program(changed_rules(("when: event.amount >= 20,", f"{mended},"))).problems == []


def test_a_misread_condition_is_still_checked() -> None:
    parsed = parse_program(changed_rules((ADVOCATES, '"staff" not in member.tagz')))
    assert [problem.instead for problem in parsed.problems][1:] == ["member.tags"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "A program is a list of entries"),
        ("- a", "A program is a list of entries"),
        ("a: &a [*a]", "The anchor &a is not allowed"),
        ("a: *b", "The alias *b is not allowed"),
        ("a: !python/object:os.system x", "A tag, which begins with an exclamation mark, is not allowed"),
        ("%YAML 1.1\n---\na: 1", "no %YAML line"),
        ("a: 1\n---\nb: 2", "A second document begins here"),
        ("? {a: b}\n: c", "The name of an entry is a word"),
        ("a: \x07", "cannot be seen"),
        ('title: "a\\0b"', "title: This holds a character that nobody can see"),
        ('title: "a\\ud800b"', "title: This holds a character that nobody can see"),
        ('"a\\eb": 1', "This holds a character that nobody can see"),
        (b"a: \xff", "broken"),
        ("a: \ud800", "broken"),
        ("x" * 1_000_001, "larger than 1 MB"),
        ("[" * 1_000_000, "longer than 25000 characters"),
        ("\n".join("[" * 100 for _ in range(50)), "deeper than 32 levels"),
        ("".join("  " * level + "a:\n" for level in range(60)), "deeper than 32 levels"),
        ("\ta: 1", "A tab stands here; indent with spaces."),
        ('a: "x', "does not end"),
        ("a: {b: c", "A bracket is not closed"),
        ("a: 1\n b: 2", "indented wrongly"),
        ("a: 1\nb\nc: 2", "no colon after it"),
        ("- a\nb: 1", "does not fit its neighbours"),
        ('a: "\\UFFFFFFFF"', "cannot be read"),
        ("why: Note: this", "it holds a colon and a space"),
    ],
)
def test_what_cannot_be_read_is_told_quickly_and_plainly(text: str | bytes, expected: str) -> None:
    started = time.monotonic()
    lines = told(parse_program(text))
    assert any(expected in line for line in lines)
    assert time.monotonic() - started < 10


def test_no_more_than_so_many_values_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert yaml_source.MAXIMUM_VALUES == 20_000
    monkeypatch.setattr(yaml_source, "MAXIMUM_VALUES", 200)
    (line,) = told(parse_program("a:\n" + "- b\n" * 1000))
    assert line == "line 200, column 3, a.198: The document holds more than 200 values; the rest was not read."


def test_the_places_that_have_no_referral_know_no_friend() -> None:
    text = changed(("shopping: {on: purchase,", "shopping: {on: purchase, when: friend.is_new,"))
    assert "Nothing is known about friend here" in told(parse_program(text))[0]


@pytest.mark.parametrize(
    ("old", "new", "told_so"),
    [
        ("  success: purchased\n", "", "referral needs success. Write success: purchased."),
        ("coupon: 10 EUR", "coupon: 10,50 EUR", "the decimals of an amount follow a point. Write coupon: 10.50 EUR."),
        ("budget: {amount: 5000 EUR", "budget: {amount: '5.000,50 EUR'", "Write 5000.50 EUR."),
        ("budget: {amount: 5000 EUR", "budget: {amount: €5000", "Write 5000 EUR."),
        ("limit: 10 per quarter", "limit: 10 within 90d", "'10 within 90d' is not a limit. Write 10 per 90d."),
        ("limit: 10 per quarter", "limit: 10 per kwartaal", "'kwartaal' is not a period. Write 10 per quarter."),
        ("limit: 10 per quarter", "limit: 10 per Trimestre", "'Trimestre' is not a period. Write 10 per quarter."),
        ("coupon: 10 EUR", "coupon: 1500", "'1500' is not an amount. Write for example 1500 EUR."),
        ("coupon: 10 EUR", "coupon: '1.500'", "'1.500' is not an amount. Write for example 1500 EUR."),
        ("window: 60d", "window: within 60d", "'within 60d' is not a length of time. Write 60d."),
        ("{count: purchase, within: 90d}", "{count: purchase within 90d}", "Write count: purchase, within: 90d."),
        ("when: event.amount >= 20,", "when: event.amount >= 20 EUR,", 'stands in quotes. Write "20 EUR".'),
        ("when: event.amount >= 20,", "when: event.amount >= €20,", 'stands in quotes. Write "20 EUR".'),
        ("if: member.last_score >= 9", "if: member.last_score >= 9 within 30d", "A condition holds no length of time"),
    ],
)
def test_the_remedy_is_what_was_meant(old: str, new: str, told_so: str) -> None:
    text = changed((old, new))
    (problem,) = [str(each) for each in parse_program(text).errors if "names." not in each.path]
    assert told_so in problem


def test_there_is_an_end_to_problems_where_the_reading_stops_early_too() -> None:
    text = "sayso: 1\n" + "".join(f"k{number}: *x\n" for number in range(2 * MAXIMUM_PROBLEMS)) + "x: [\n"
    assert 0 < len(parse_program(text).problems) <= MAXIMUM_PROBLEMS
