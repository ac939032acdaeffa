"""Problems as a reader meets them."""

from __future__ import annotations

from sayso.core.program.problems import Problem, in_one_line


def test_several_problems_are_one_line_with_one_mark_between_them() -> None:
    late = Problem(0, 0, "occurred_at", "is no moment.", "2027-01-31T11:53:26Z")
    odd = Problem(0, 0, "amount_minor", "is no number")
    assert in_one_line([late, odd]) == (
        "occurred_at: is no moment. Write 2027-01-31T11:53:26Z; amount_minor: is no number"
    )
    assert in_one_line([late]) == str(late)
