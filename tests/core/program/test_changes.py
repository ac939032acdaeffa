"""The difference of two versions in words: no change is silent, and what takes something away is marked."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from sayso.core.program.changes import Change, Version, changes, takes_something
from sayso.core.program.document import Document
from sayso.core.program.explain.voice import Language
from tests.core.documents import Row, faultless, replaced, rounds
from tests.core.program.keep_explanations import EVERYTHING, PROGRAMS, READERS, read

TEXT = """
sayso: 1
program: bring-a-friend
title: {en: Bring a friend, es: Trae a un amigo}
currency: EUR
runs: {from: 2027-01-01, until: 2027-12-31}
goals: [{measure: new_customers, target: 500, by: 2027-06-30}]
facts:
  orders_90d: {count: purchase, within: 90d}
  spent_year: {sum: purchase.amount, within: 365d}
people: {advocates: member.orders_90d >= 1, friends: friend.is_new}
referral:
  window: 60d
  credit: first_touch
  steps:
    signed_up: {on: signup}
    purchased: {on: purchase, when: event.amount >= 20, within: 60d}
  success: purchased
rewards:
  welcome: {to: friend, at: signed_up, give: {coupon: 10 EUR, minimum_order: 30 EUR, expires: 60d}}
  thanks:
    to: advocate
    at: purchased
    give: {choice: [{gift_card: 20 EUR}, {donation: 25 EUR}, {points: 2500}]}
    hold: 14d
    limit: 10 per quarter
  ambassador:
    to: advocate
    at: purchased
    give: [{badge: ambassador}, {credit: 50 EUR}]
    every: 5
points:
  unit: stars
  value: 0.01 EUR
  earn: {shopping: {on: purchase, give: 1 per 1 EUR}}
  expire: {after: 12 months, remind: 30d}
tiers:
  by: points_earned within 12 months
  levels: {bronze: 0, silver: 1000, gold: 5000}
  drop: {grace: 60d, one_level: true}
budget: {amount: 5000 EUR, per: quarter, when_spent: wait}
asking: {when: [{after: purchase, wait: 3d}], remind: {after: 21d, times: 1}}
guard: {same_device: review, speed: 5 per hour}
"""


def version(text: str) -> Version:
    parsed = faultless(text)
    assert parsed.document is not None
    return Version(parsed.document, parsed.conditions)


OLD = version(TEXT)


def after(old: str, new: str) -> Version:
    assert TEXT.count(old) == 1, old
    return version(TEXT.replace(old, new))


def only(old: str, new: str, language: Language = "en") -> Change:
    (change,) = changes(OLD, after(old, new), language=language)
    return change


def test_nothing_changes_between_the_same_versions() -> None:
    assert changes(OLD, version(TEXT), language="en") == []


def test_an_amount_that_rises_says_from_what_to_what() -> None:
    change = only("credit: 50 EUR", "credit: 60 EUR")
    assert (change.path, change.kind, change.effect) == ("rewards.ambassador.give", "changed", "better")
    assert only("coupon: 10 EUR", "coupon: 8 EUR").sentence == (
        "The friend’s “welcome” falls from a coupon worth €10 to a coupon worth €8."
    )


# What is written, what is written instead, the place of the change, and what it does to members.
EFFECTS: list[Row] = [
    ("{coupon: 10 EUR,", "{coupon: 8 EUR,", "rewards.welcome.give", "worse"),
    ("{coupon: 10 EUR,", "{coupon: 10 USD,", "rewards.welcome.give", "unclear"),
    ("{coupon: 10 EUR,", "{gift_card: 10 EUR,", "rewards.welcome.give", "unclear"),
    ("minimum_order: 30 EUR", "minimum_order: 40 EUR", "rewards.welcome.give", "worse"),
    ("minimum_order: 30 EUR, ", "", "rewards.welcome.give", "better"),
    ("expires: 60d", "expires: 30d", "rewards.welcome.give", "worse"),
    ("{donation: 25 EUR}, ", "", "rewards.thanks.give", "worse"),
    ("{points: 2500}]", "{points: 2500}, {credit: 20 EUR}]", "rewards.thanks.give", "better"),
    ("{points: 2500}]", "{points: 2000}]", "rewards.thanks.give", "worse"),
    ("hold: 14d", "hold: 30d", "rewards.thanks.hold", "worse"),
    ("    hold: 14d\n", "", "rewards.thanks.hold", "better"),
    ("limit: 10 per quarter", "limit: 5 per quarter", "rewards.thanks.limit", "worse"),
    ("limit: 10 per quarter", "limit: 12 per year", "rewards.thanks.limit", "unclear"),
    ("    limit: 10 per quarter\n", "", "rewards.thanks.limit", "better"),
    ("every: 5", "every: 6", "rewards.ambassador.every", "worse"),
    ("every: 5", "every: 5\n    review: true", "rewards.ambassador.review", "worse"),
    ("every: 5", "every: 5\n    if: advocate.is_new", "rewards.ambassador.if", "worse"),
    ("every: 5", "every: 5\n    limit: 3", "rewards.ambassador.limit", "worse"),
    ("every: 5", "every: 5\n    refunds_within: 60d", "rewards.ambassador.refunds_within", "better"),
    ("window: 60d", "window: 30d", "referral.window", "worse"),
    ("window: 60d", "window: 2 months", "referral.window", "unclear"),
    ("window: 60d", "window: 3 months", "referral.window", "better"),
    ("credit: first_touch", "credit: last_touch", "referral.credit", "unclear"),
    ("event.amount >= 20, ", "event.amount >= 10, ", "referral.steps.purchased.when", "better"),
    ("event.amount >= 20, ", "event.amount > 20, ", "referral.steps.purchased.when", "worse"),
    ("advocates: member.orders_90d >= 1", "advocates: member.orders_90d >= 2", "people.advocates", "worse"),
    ("when: event.amount >= 20, ", "", "referral.steps.purchased.when", "better"),
    (", within: 60d}", "}", "referral.steps.purchased.within", "better"),
    ("silver: 1000", "silver: 900", "tiers.levels.silver", "better"),
    ("one_level: true", "one_level: false", "tiers.drop.one_level", "worse"),
    ("  expire: {after: 12 months, remind: 30d}\n", "", "points.expire", "better"),
    ("after: 12 months", "after: 6 months", "points.expire.after", "worse"),
    ("give: 1 per 1 EUR", "give: 1 per 2 EUR", "points.earn.shopping.give", "worse"),
    ("when_spent: wait", "when_spent: stop", "budget.when_spent", "worse"),
    ("budget: {amount: 5000 EUR", "budget: {amount: 4000 EUR", "budget.amount", "worse"),
    ("same_device: review", "same_device: allow", "guard.same_device", "better"),
    ("speed: 5 per hour", "speed: 4 per hour", "guard.speed", "worse"),
    ("until: 2027-12-31", "until: 2027-11-30", "runs.until", "worse"),
    ("friends: friend.is_new", "friends: friend.orders_90d == 0", "people.friends", "unclear"),
    ("target: 500", "target: 400", "goals.0.target", "same"),
    ("value: 0.01 EUR", "value: 0.02 EUR", "points.value", "same"),
    ("remind: {after: 21d", "remind: {after: 14d", "asking.remind.after", "same"),
    ("en: Bring a friend,", "en: Bring friends,", "title", "same"),
]


@pytest.mark.parametrize("rows", rounds(TEXT, EFFECTS))
def test_what_it_does_to_members(rows: list[Row]) -> None:
    found = changes(OLD, version(replaced(TEXT, rows)), language="en")
    assert sorted((change.path, change.effect) for change in found) == sorted(row[2:] for row in rows)


def test_a_clause_that_goes_is_told_whole_and_is_worse() -> None:
    start = TEXT.index("  ambassador:\n")
    change = changes(OLD, version(TEXT[:start] + TEXT[TEXT.index("points:\n  unit") :]), language="en")[0]
    assert (change.path, change.kind, change.effect) == ("rewards.ambassador", "removed", "worse")
    assert change.sentence == (
        "No longer: For every fifth friend who spends €20 or more, "
        "the advocate gets the “Ambassador” badge and €50 credit."
    )


def test_a_condition_is_told_before_and_after() -> None:
    change = only("event.amount >= 20, ", "event.amount >= 25, ", "es")
    assert change.sentence == (
        "El paso «purchased»: cambia lo que se exige al evento. Hasta ahora: el importe es como mínimo 20\u00a0€. "
        "A partir de ahora: el importe es como mínimo 25\u00a0€."
    )


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("member.points >= 5", "member.points >= 4", "better"),
        ("member.points >= 5", "member.points > 4", "better"),
        ("member.points <= 5", "member.points < 5", "worse"),
        ("member.points >= 5", "member.points <= 5", "unclear"),
        ("member.points >= 5", "member.score >= 5", "unclear"),
        ("member.points == 5", "member.points == 4", "unclear"),
        ("member.points >= 5", "member.points >= 5 and member.score >= 1", "worse"),
        ("member.points >= 5", "member.points >= 5 or member.score >= 1", "better"),
        ("member.points >= 5 and member.score >= 2", "member.points >= 4 and member.score >= 1", "better"),
        ("member.points >= 5 and member.score >= 2", "member.points >= 4 and member.score >= 3", "unclear"),
        ("member.points >= 5 and member.score >= 2", "member.points >= 4", "unclear"),
        ('member.country in ("ES", "NL")', 'member.country in ("ES", "NL", "IT")', "better"),
        ('member.country not in ("ES", "NL")', 'member.country not in ("ES", "NL", "IT")', "worse"),
        ('member.country in ("ES", "NL")', 'member.country in ("ES", "IT")', "unclear"),
        ("not (member.points >= 5)", "not (member.points >= 4)", "worse"),
        ('member.joined < "2027-01-01"', 'member.joined < "2027-02-01"', "better"),
    ],
)
def test_a_condition_that_is_harder_to_meet_takes_something(old: str, new: str, effect: str) -> None:
    head = "sayso: 1\nprogram: p\ntitle: p\ncurrency: EUR\nscore: {s: {if: member.points > 0, points: 1}}\n"
    before, after = (version(f"{head}badges: {{b: {{on: purchase, if: '{each}'}}}}\n") for each in (old, new))
    (change,) = changes(before, after, language="en")
    assert change.effect == effect


def test_a_condition_that_means_the_same_says_so() -> None:
    change = only("event.amount >= 20, ", "(event.amount >= 20.00), ")
    assert (change.sentence, change.effect) == (
        "The step “purchased”: what must be true of the event is written differently and means the same.", "same",
    )  # fmt: skip


def test_the_order_of_clauses_is_a_change() -> None:
    start, middle, end = TEXT.index("  welcome: {"), TEXT.index("  thanks:\n"), TEXT.index("  ambassador:\n")
    turned = version(TEXT[:start] + TEXT[middle:end] + TEXT[start:middle] + TEXT[end:])
    assert turned.document == OLD.document  # mappings compare without order, and order decides
    (change,) = changes(OLD, turned, language="en")
    assert (change.path, change.effect) == ("rewards", "unclear")
    assert change.sentence == "The rewards: the order is now “thanks”, “welcome” and “ambassador”."


def test_only_what_open_referrals_rest_on_stops_a_version_for_everyone() -> None:
    new = version(
        TEXT.replace("hold: 14d", "hold: 30d")
        .replace("friends: friend.is_new", "friends: friend.orders_90d == 0")
        .replace("silver: 1000", "silver: 2000")
        .replace("same_device: review", "same_device: block")
        .replace("credit: 50 EUR", "credit: 60 EUR")
    )
    assert [change.path for change in takes_something(OLD, new, language="en")] == ["rewards.thanks.hold"]


def test_a_fact_that_a_reward_asks_for_counts_and_another_does_not() -> None:
    asked = TEXT.replace("every: 5", "every: 5\n    if: advocate.spent_year >= 100")
    for fact, found in (("within: 365d", ["facts.spent_year.within"]), ("count: purchase, within: 90d", [])):
        new = version(asked.replace(fact, fact.replace("90d", "80d").replace("365d", "300d")))
        assert [change.path for change in takes_something(version(asked), new, language="en")] == found


# --- no change is silent --------------------------------------------------------------------------------------------


def holes(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from holes(value, (*path, key))


def without(data: Any, path: tuple[Any, ...]) -> Any:
    """The same data without one place."""
    copy = dict(data) if isinstance(data, dict) else list(data)
    if len(path) > 1:
        copy[path[0]] = without(copy[path[0]], path[1:])
    else:
        del copy[path[0]]
    return copy


def smaller(source: Any, version: Version) -> Iterator[tuple[str, Version]]:
    """The document without one place, for every place without which it still is a document."""
    for path in holes(source):
        try:
            document = Document.model_validate(without(source, path))
        except (ValidationError, ValueError):
            continue
        place = ".".join(map(str, path))
        kept = {name: each for name, each in version.conditions.items() if not f"{name}.".startswith(f"{place}.")}
        yield place, Version(document, kept)


# How fields of the format would look if they were quoted for want of words.
QUOTED_FIELD = re.compile(
    "[“«‘](minimum order|when spent|roll over|one level|refunds within|not before|not after|by count|at most|"
    "call to action|same person|same device|disposable email|on speed|applies to)[”»’]"
)


def test_whatever_goes_or_comes_is_told_in_every_language() -> None:
    parsed = read(EVERYTHING)
    assert parsed.document is not None
    whole = Version(parsed.document, parsed.conditions)
    for number, (place, less) in enumerate(smaller(parsed.source.data, whole)):
        old, new = (whole, less) if number % 2 else (less, whole)
        found = changes(old, new, language=READERS[number // 2 % len(READERS)])
        assert bool(found) == (old.document != new.document), place
        for change in found:
            assert change.sentence.strip()[-1] in ".?!…", (place, change.sentence)
            assert "{" not in change.sentence, (place, change.sentence)
            assert not QUOTED_FIELD.search(change.sentence), (place, change.sentence)


@pytest.mark.parametrize("language", READERS)
def test_any_two_programs_differ_in_words(language: Language) -> None:
    versions = [Version(parsed.document, parsed.conditions) for parsed in map(read, PROGRAMS) if parsed.document]
    for old, new in pairwise(versions):
        sentences = [change.sentence for change in changes(old, new, language=language)]
        assert len(sentences) > 10
        assert all(sentences)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "names: {vip: very important}",
            "names: {vip: dear}",
            "What things are called: the name of “vip” now reads “dear”",
        ),
        ("", "names: {vip: {en: dear, es: querido}}", "“dear”"),
        (
            "points: {unit: drops, name: drops}",
            "points: {unit: drops, name: {one: drop, other: drops}}",
            "“drop / drops”",
        ),
    ],
)
def test_what_things_are_called_changes_nothing_for_members(old: str, new: str, sentence: str) -> None:
    before, after = (version(f"sayso: 1\nprogram: named\ntitle: Named\ncurrency: EUR\n{part}\n") for part in (old, new))
    (change,) = changes(before, after, language="en")
    assert sentence in change.sentence
    assert change.effect == "same"


def test_a_group_is_called_as_the_document_calls_it() -> None:
    def named(points: int) -> str:
        return (
            "sayso: 1\nprogram: named\ntitle: Named\ncurrency: EUR\n"
            f"people: {{groups: {{inner_circle: member.points > {points}}}}}\n"
            "names: {inner_circle: {en: the dearest, es: los más queridos}}\n"
        )

    for language, called in (("en", "“the dearest”"), ("es", "«los más queridos»")):
        (change,) = changes(version(named(10)), version(named(20)), language=language)  # type: ignore[arg-type]
        assert called in change.sentence
