"""What needs the whole document: names shared between sections, money that must fit, and notes."""

import pytest

from sayso.core.program.document import Document
from sayso.core.program.review import contradictions
from tests.core.documents import BRING_A_FRIEND, Row, part_without, replaced, reviewed, rounds

TEXT = part_without(BRING_A_FRIEND, "why", "ideal_customer", "messages", "page")
GIFTS = "{choice: [{gift_card: 20 EUR}, {donation: 25 EUR}, {points: 2500}]}"
AMBASSADOR = "    every: 5\n    give: [{badge: ambassador}, {credit: 50 EUR}]"
LEVELS = "  levels: {bronze: 0, silver: 1000, gold: 5000}"


def changed(*replacements: Row) -> str:
    return replaced(TEXT, replacements)


def errors(text: str) -> list[tuple[str, str, str]]:
    return [(problem.path, problem.message, problem.instead) for problem in reviewed(text).errors]


def test_the_example_may_be_published() -> None:
    parsed = reviewed(BRING_A_FRIEND)
    assert parsed.errors == []
    assert {problem.path for problem in parsed.problems} == {
        "rewards.thanks.limit",
        "rewards.ambassador.every",
        "points.earn.survey.limit",
        "budget",
        "asking",
        "messages.ask",
        "messages.invitation",
        "messages.thank_you",
    }


# What is written, what is written instead, the place of the mistake, and what to write there.
MISTAKES: list[Row] = [
    ("success: purchased", "success: purchase", "referral.success", "purchased"),
    ("at: purchased", "at: purchase", "rewards.thanks.at", "purchased"),
    ("    hold: 14d", "    for: promotors", "rewards.thanks.for", "promoters"),
    ("limit: 10 per quarter", "limit: 0 per quarter", "rewards.thanks.limit", ""),
    ("limit: 10 per quarter", "limit: 10 per hour", "rewards.thanks.limit", "for example 5 per day"),
    ("{credit: 50 EUR}", "{credit: 50 EUR, expires: 30d}", "rewards.ambassador.give.1.expires", ""),
    ("{credit: 50 EUR}", "{cashback: 5%}, {points: 1 per 1 EUR}", "rewards.ambassador", ""),
    (
        "{credit: 50 EUR}",
        "{cashback: 5%}, {choice: [{points: 1 per 1 EUR}, {credit: 5 EUR}]}",
        "rewards.ambassador",
        "",
    ),
    (
        AMBASSADOR,
        "    by_count: {2: {badge: two}}",
        "rewards.ambassador.by_count",
        "1: with what the first one gets",
    ),
    ("1 per 1 EUR", "1 per 1 EUR, multiply: {glod: 2}", "points.earn.shopping.multiply.glod", "gold"),
    ("    gold: {en", "    golden: {en", "tiers.names.golden", "gold"),
    ("member.last_score >= 9", "member.score >= 9", "score.answered_9_or_10.if", ""),
    (
        "{on: signup}",
        "{on: signup, when: referral.signed_up > referral.opened_at}",
        "referral.steps.signed_up.when",
        "",
    ),
    ("spent_year: {", "points: {", "facts.points", ""),
    ("everyone: email", "everyon: email", "asking.through.everyon", "everyone"),
    ("30d after member.joined", "30d after member.jonied", "asking.not_before", "30d after member.joined"),
    ("member.score >= 80", 'member.tier == "glod"', "people.groups.promoters", "gold"),
    ("member.score >= 80", 'member.country == "nl"', "people.groups.promoters", '"NL"'),
    ("lifetime: 600 EUR", "lifetime: 600 USD", "customer_value.lifetime", ""),
    ("1 per 1 EUR", "1 per 1 USD", "points.earn.shopping.give", ""),
    ("  value: 0.01 EUR", "  #", "points.value", "value: 0.01 EUR"),
    (GIFTS, "{gift: A mug}", "rewards.thanks.give.gift", "cost: 5 EUR"),
    (GIFTS, "{choice: [{gift: A mug}, {badge: x}]}", "rewards.thanks.give.choice.0.gift", "cost: 5 EUR"),
    (GIFTS, "{credit: 9 EUR, minimum_order: 9 EUR}", "rewards.thanks.give.minimum_order", ""),
    (GIFTS, "{cashback: 150%}", "rewards.thanks.give.cashback", "at most 100%"),
    (GIFTS, "{credit: 9000 EUR}", "rewards.thanks.give.credit", ""),
    (GIFTS, "{credit: 0 EUR}", "rewards.thanks.give.credit", "credit: 5 EUR"),
    ("remind: 30d}", "remind: 400d}", "points.expire.remind", ""),
    (
        "    to: advocate\n    at: purchased\n    every: 5",
        "    to: member\n    on: purchase\n    recurring: {on: paid}",
        "rewards.ambassador.recurring",
        "at: purchased",
    ),
]


@pytest.mark.parametrize("mistakes", rounds(TEXT, MISTAKES))
def test_what_does_not_fit_the_rest_of_the_document(mistakes: list[Row]) -> None:
    found = errors(changed(*mistakes))
    assert sorted((where, write) for where, _, write in found) == sorted(mistake[2:] for mistake in mistakes)


def test_amounts_in_a_currency_that_does_not_exist_are_not_told_one_by_one() -> None:
    found = errors(changed(("currency: EUR", "currency: EUX"), ("lifetime: 600 EUR", "lifetime: 600 USD")))
    assert [(path, instead) for path, _, instead in found] == [("currency", "for example EUR")]


def test_sections_that_others_need() -> None:
    friendless, pointless = (errors(part_without(TEXT, section)) for section in ("referral", "points"))
    assert {path for path, _, _ in friendless} >= {"rewards.thanks.at", "rewards.welcome.at"}
    assert {path for path, _, _ in pointless} == {"rewards.thanks.give.choice.2.points", "tiers.by"}
    with_levels = changed(("1 per 1 EUR", "1 per 1 EUR, multiply: {gold: 2}"))
    assert [path for path, _, _ in errors(part_without(with_levels, "tiers"))] == ["points.earn.shopping.multiply.gold"]


def test_kinds_without_an_amount_need_no_cost_without_a_budget() -> None:
    assert errors(part_without(changed((GIFTS, "{gift: A mug}")), "budget")) == []
    assert errors(changed((GIFTS, "{gift: A mug, cost: 4 EUR}"))) == []
    assert errors(changed((GIFTS, "{thanks: A card}"))) == []


def test_rewards_that_share_one_of_are_for_the_same_step() -> None:
    text = changed(
        ("    to: friend\n", "    to: friend\n    one_of: x\n"), (AMBASSADOR, AMBASSADOR + "\n    one_of: x")
    )
    assert [path for path, _, _ in errors(text)] == ["rewards.ambassador.one_of"]


def document(text: str) -> Document:
    found = reviewed(text).document
    assert found is not None
    return found


def test_programs_that_share_points_agree_on_their_expiry() -> None:
    # SEMANTICS 5
    points = part_without(TEXT, "goals", "facts", "people", "score", "referral", "rewards", "asking", "budget")
    other = points.replace("program: bring-a-friend", "program: other")
    ours, same = document(points), document(other.replace("after: 12 months", "after: 1 year"))
    shorter = other.replace("after: 12 months", "after: 90d")
    others = document(shorter.replace("stars\n", "suns\n"))
    assert contradictions(ours, [ours, same, others]) == []
    (problem,) = contradictions(ours, [same, document(shorter)])
    assert (problem.path, "publish both in one act" in problem.message) == ("points.expire", True)


def test_notes_name_missing_languages_and_lonely_events() -> None:
    text = changed(
        ("    nl: {one: ster, other: sterren}\n", ""),
        ("{on: purchase, give", "{on: purchsae, give"),
        ("member.score >= 80", 'member.last_purchse >= "2027-01-01"'),
    )
    notes = {problem.path: problem for problem in reviewed(text).problems if problem.severity == "note"}
    assert notes["points.name"].message == "There is no Dutch text in points.name."
    assert notes["points.earn.shopping.on"].instead == "purchase"
    assert notes["people.groups.promoters"].instead == "purchase"
    assert errors(text) == []


def test_a_name_that_nothing_bears_is_noted_with_the_nearest() -> None:
    text = (
        part_without(TEXT, "names")
        + "\nnames: {promotrs: Promoters, staff: Staff, purchased: Bought, thanks: Thank you}\n"
    )
    noted = [problem for problem in reviewed(text).problems if problem.path.startswith("names.")]
    assert [(each.path, each.severity, each.instead) for each in noted] == [("names.promotrs", "note", "promoters")]
