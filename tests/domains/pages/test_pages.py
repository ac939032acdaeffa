"""Variants, what they count, and the texts of consents."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest

from sayso.domains.events.act import Actor
from sayso.domains.pages.consent_texts import (
    ConsentTextNotUsable,
    NoSuchConsentText,
    asked_with,
    text_numbered,
    write_text,
)
from sayso.domains.pages.counting import count_sign_up, count_view, page_counts
from sayso.domains.pages.figures import chance_of_spread, page_figures
from sayso.domains.pages.variants import ORIGINAL, variant_for
from sayso.domains.people.consents import NEWS, SHARED, ConsentAnswer, answer_consents, consents_of
from sayso.domains.people.queries import member_named
from sayso.domains.people.update import erase_member
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

TODAY = START.date().toordinal()
PORTAL = Actor("portal")


@pytest.fixture
def bluebell(transactional_db: None) -> Workspace:
    return open_bluebell(FRIENDS)


def test_a_visitor_sees_one_variant_and_each_is_as_likely() -> None:
    seen = Counter(variant_for("friends", ["warm", "short"], f"visitor {number}") for number in range(3000))
    assert set(seen) == {ORIGINAL, "short", "warm"}
    assert chance_of_spread(list(seen.values())) > 0.001
    assert len({variant_for("friends", ["warm", "short"], "Ben") for _ in range(9)}) == 1
    assert variant_for("friends", [], "Ben") == ORIGINAL


def test_the_chance_of_a_spread_is_that_of_the_tables() -> None:
    # 3.841 and 5.991 are what chi-square passes by chance once in twenty, with one and with two degrees of freedom.
    assert chance_of_spread([1000, 1000]) == 1
    assert chance_of_spread([1000 + 44, 1000 - 44]) == pytest.approx(0.0491, abs=0.0005)
    assert chance_of_spread([1000, 1055, 945]) == pytest.approx(0.0486, abs=0.0005)
    assert chance_of_spread([2000, 1000]) < 1e-9
    assert chance_of_spread([]) == chance_of_spread([7]) == 1


def test_views_and_sign_ups_are_added_up_by_day_and_variant(bluebell: Workspace, nobody_looked_yet: None) -> None:
    for _ in range(3):
        count_view(bluebell, "friends", "", TODAY)
    count_view(bluebell, "friends", "warm", TODAY - 1)
    count_sign_up(bluebell, "friends", "", TODAY)
    page_counts.write()
    count_view(bluebell, "friends", "", TODAY)
    page_counts.write()
    original, warm = page_figures(bluebell, "friends").variants
    assert (original.shown, original.signed_up, original.share) == (4, 1, 0.25)
    assert (warm.name, warm.shown) == ("warm", 1)
    assert [each.name for each in page_figures(bluebell, "friends", since=START.date()).variants] == [""]
    assert page_figures(bluebell, "friends").is_fair


def test_what_was_seen_is_written_a_moment_later_without_being_asked(bluebell: Workspace) -> None:
    page_counts.forget()
    count_view(bluebell, "friends", "", TODAY)
    until = time.monotonic() + 10
    while not (seen := page_figures(bluebell, "friends").variants) and time.monotonic() < until:
        time.sleep(0.05)
    assert [each.shown for each in seen] == [1]


def test_a_text_that_was_never_asked_with_is_the_next_version(bluebell: Workspace) -> None:
    def ask(words: str, language: str = "en") -> int:
        text = asked_with(workspace=bluebell, purpose=NEWS, language=language, ours=words, now=START)  # type: ignore[arg-type]
        return text.version

    assert [ask("May we write?"), ask("May we write?"), ask("May we write to you?"), ask("Mogen wij?", "nl")] == [
        1,
        1,
        2,
        1,
    ]
    assert [ask("May we write?"), ask("May we write to you?")] == [1, 2], "words that come back are no new version"
    assert text_numbered(bluebell, NEWS, "en", 1).text == "May we write?"
    write_text(workspace=bluebell, purpose=NEWS, texts={"en": "Bluebell may write."}, now=START)
    assert ask("May we write to you?") == 3
    assert text_numbered(bluebell, NEWS, "en", 3).text == "Bluebell may write."
    with pytest.raises(NoSuchConsentText):
        text_numbered(bluebell, NEWS, "en", 4)
    with pytest.raises(ConsentTextNotUsable):
        write_text(workspace=bluebell, purpose="anything", texts={"en": "Yes"}, now=START)


def test_the_last_word_on_a_consent_counts_and_erasure_takes_them_all(bluebell: Workspace) -> None:
    decide(bluebell, [event("b-1", "signup", "Ben", props={"consents": {"news": {"given": True, "version": 2}}})])
    ben = member_named(bluebell, "Ben").id
    assert {purpose: said.given for purpose, said in consents_of(bluebell, ben).items()} == {NEWS: True}
    later = START + timedelta(days=1)
    answers = {NEWS: ConsentAnswer(False, 3, "en"), SHARED: ConsentAnswer(True, 1, "en")}
    decide(bluebell, [event("b-2", "purchase", "Ben", after=timedelta(days=1), amount_minor=100)])
    found = answer_consents(workspace=bluebell, member="Ben", answers=answers, actor=PORTAL, now=later)
    assert (found[NEWS].given, found[NEWS].version, found[SHARED].given) == (False, 3, True)
    assert not consents_of(bluebell, ben)[NEWS].given
    erase_member(workspace=bluebell, member="Ben", actor=PORTAL, now=later)
    assert consents_of(bluebell, ben) == {}
