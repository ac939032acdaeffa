"""Lines are shared out so that nobody waits for another's queue."""

from sayso.domains.jobs.lines import share_out


def test_free_lines_are_shared_evenly_and_nobody_gets_more_than_their_most() -> None:
    assert share_out({"Ada": 16, "Ben": 16, "Chloé": 1}, taken={}, free=30) == {"Ada": 10, "Ben": 10, "Chloé": 1}
    assert share_out({"Ada": 16}, taken={"Ada": 12}, free=30) == {"Ada": 4}
    assert share_out({"Ada": 1}, taken={"Ada": 1}, free=30) == {}


def test_the_last_line_goes_to_who_has_the_fewest() -> None:
    assert share_out({"Ada": 16, "Ben": 16}, taken={"Ada": 3, "Ben": 2}, free=1) == {"Ben": 1}
    assert share_out({"Ada": 16, "Ben": 16}, taken={"Ada": 16, "Dario": 47}, free=1) == {"Ben": 1}
    assert share_out({"Ada": 16, "Ben": 16}, taken={}, free=0) == {}
