"""A backtest says exactly what would have been different, and nothing else (SEMANTICS 41, 43)."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from sayso.core.engine.backtest import LogOutcome, as_text, backtest, standing_in
from sayso.core.engine.backtest.outcome import key_of, terms_of
from sayso.core.engine.backtest.report import Report
from sayso.core.engine.events import Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rows import Item
from sayso.core.engine.rulebook import Rulebook
from tests.core.documents import faultless
from tests.core.engine.history import (
    CALENDAR,
    DAY,
    LAST,
    SHOP,
    START,
    TIGHT,
    History,
    compiled,
    customers,
    lived,
    published,
)

CHANGED = (
    TIGHT.replace("hold: 14d", "hold: 3d")
    .replace("event.amount >= 20", "event.amount >= 35")
    .replace("give: {coupon: 10 EUR", "give: {coupon: 8 EUR")
    .replace("give: 1 per 1 EUR", "give: 2 per 1 EUR")
)


@cache
def happened() -> History:
    """A year with people in it; nobody changes it."""
    return lived(TIGHT, customers(seed=4))


@cache
def undisturbed(text: str = TIGHT) -> History:
    """The same year without decisions of people, whose rewards would have to be there in the other world too."""
    return lived(text, customers(seed=4), people=False)


def report_of(history: History, text: str, stored: LogOutcome | None = None) -> Report:
    """The backtest of a document over a history."""
    running, parsed = history.store.rulebook, faultless(text)
    assert parsed.document is not None
    candidate = standing_in(running, parsed.document, parsed.conditions)
    return backtest(history.log(), running=running, candidate=candidate, stored=stored)


@cache
def of_the_change() -> Report:
    """What the change would have done; nobody changes it."""
    return report_of(undisturbed(), CHANGED, undisturbed().stored())


def test_the_history_has_everything_that_can_go_wrong() -> None:
    history = happened()
    kinds = Counter(each.event.type for each in history.store.decided)
    states = Counter(row.state for row in history.store.facts.rewards.rows.values())
    assert {"timer", "refund", "reward_chosen", "reward_issued", "reward_denied"} <= set(kinds)
    assert {"reversed", "denied", "expired", "redeemed"} <= set(states)
    assert not [each.failure for each in history.store.decided if each.failure]


@pytest.mark.parametrize("by", ["stored", "replay"])
def test_the_published_version_over_its_own_history_changes_nothing(by: str) -> None:
    history = happened()
    stored = history.stored() if by == "stored" else None
    report = report_of(history, TIGHT, stored)
    assert report.unchanged, as_text(report)
    external = [each for each in history.store.decided if each.event.type != "timer"]
    assert report.compared.events == report.compared.decisions == len(external)
    assert report.compared.rewards == len(history.store.facts.rewards.rows) > 50
    assert report.compared.transfers == len(history.store.transfers)
    assert report.compared.people == sum(each.arrival.source == "staff" for each in external if each.arrival) > 20
    assert "Nothing would have changed." in as_text(report)


def test_one_reward_that_was_tampered_with_is_named() -> None:
    history = happened()
    stored = history.stored()
    victim = next(row for row in stored.rewards.values() if row.state == "redeemed")
    stored.rewards = {**stored.rewards, victim.id: replace(victim, state="denied")}
    report = report_of(history, TIGHT, stored)
    (line,) = report.changed
    assert (line.clause, line.member) == (victim.clause, history.store.facts.members.rows[victim.beneficiary].ref)
    assert line.terms.keys() == {"state"}
    assert report.counts == {"gained": 0, "lost": 0, "changed": 1}
    assert not report.unchanged


def test_several_rewards_that_were_tampered_with_are_named_with_what_differs() -> None:
    history = happened()
    stored, refs = history.stored(), history.store.facts.members.rows
    changes: list[dict[str, Any]] = [{"cost_minor": 1}, {"items": (Item("coupon", 1, 1000),)}, {"by": "Dario"}]
    redeemed = [row for row in stored.rewards.values() if row.state == "redeemed"]
    victims = list(zip(redeemed, changes, strict=False))
    stored.rewards = {**stored.rewards, **{row.id: replace(row, **change) for row, change in victims}}
    report = report_of(history, TIGHT, stored)
    found = [(line.clause, line.member, *line.terms) for line in report.changed]
    assert sorted(found) == sorted((row.clause, refs[row.beneficiary].ref, *change) for row, change in victims)
    assert report.counts == {"gained": 0, "lost": 0, "changed": len(changes)}


def test_a_reward_that_is_gone_and_one_too_many_are_named() -> None:
    history = happened()
    stored = history.stored()
    rewards = dict(stored.rewards)
    gone = rewards.pop(next(number for number, row in rewards.items() if row.state == "expired"))
    forged = replace(gone, id=1, clause="ambassador")
    stored.rewards = {**rewards, 1: forged}
    report = report_of(history, TIGHT, stored)
    assert [line.clause for line in report.gained] == [gone.clause]
    assert [line.clause for line in report.lost] == ["ambassador"]


def test_one_stored_balance_and_one_stored_movement_are_noticed() -> None:
    history = happened()
    stored = history.stored()
    account = next(iter(stored.balances))
    stored.balances = {**stored.balances, account: stored.balances[account] + 1}
    movement = next(iter(stored.moved))
    stored.moved[movement] = (stored.moved[movement][0], stored.moved[movement][1] + 1)
    report = report_of(history, TIGHT, stored)
    assert (report.balances_differing, report.movements_differing) == (1, 1)


def world(store: MemoryStore) -> tuple[dict[Any, Any], dict[Any, int]]:
    """Rewards and balances by names that hold in every workspace."""
    facts = store.facts
    names = {position: name for name, position in facts.positions.rows.items()}
    members = {number: row.ref for number, row in facts.members.rows.items()}

    def reward(row: Any) -> Any:
        key, terms = key_of(row), terms_of(row)
        trigger, referral = names[terms[9]], names.get(terms[10])
        return (*key[:2], names[key.cause], members[key.beneficiary]), (*terms[:9], trigger, referral, terms[11])

    balances = {
        (kind, members.get(owner, owner), unit): held for (kind, owner, unit), held in facts.balances.rows.items()
    }
    return dict(reward(row) for row in facts.rewards.rows.values()), balances


@pytest.mark.parametrize("with_stored", [True, False])
def test_a_changed_version_differs_by_what_it_would_have_done_in_a_fresh_workspace(with_stored: bool) -> None:
    history = undisturbed()
    report = of_the_change() if with_stored else report_of(history, CHANGED)
    fresh = undisturbed(CHANGED)
    (before, held), (after, holds) = world(history.store), world(fresh.store)
    assert report.counts == {
        "gained": len(after.keys() - before.keys()),
        "lost": len(before.keys() - after.keys()),
        "changed": sum(before[key] != after[key] for key in before.keys() & after.keys()),
    }
    assert min(report.counts["lost"], report.counts["changed"]) > 3
    assert report.balances_differing == sum(held.get(key, 0) != holds.get(key, 0) for key in held.keys() | holds.keys())
    (stars,) = report.points
    assert stars.received[1] == _received(fresh) > _received(history) == stars.received[0]
    named = {(line.program, line.clause, (line.source, line.external_id), line.member) for line in report.lost}
    assert named <= before.keys() - after.keys()


def _received(history: History) -> int:
    """Stars that members received, by what is left, spent, expired and owed."""
    return sum(held for (kind, _, unit), held in history.store.facts.balances.rows.items() if unit == "stars" and kind)


def test_what_a_change_costs_and_whom_it_touches() -> None:
    report = of_the_change()
    lines = {line.clause: line for line in report.clauses}
    assert lines["welcome"].changed > 0
    before, after = report.cost_minor["EUR"]
    assert before == sum(line.cost_minor[0] for line in report.clauses)
    assert after == sum(line.cost_minor[1] for line in report.clauses)
    assert len(report.winners) == 10
    worths = [line.worth for line in report.winners]
    assert worths == sorted(worths, reverse=True)
    assert all(line.worth < 0 for line in report.losers)
    assert any(line.bound.startswith("budget") and line.before for line in report.bounds)


def test_decisions_of_people_find_their_reward_or_are_listed() -> None:
    history = happened()
    without = TIGHT.replace("    limit: 10 per quarter\n", "    limit: 1 per year\n")
    report = report_of(history, without, history.stored())
    decided = [each.event for each in history.store.decided if each.arrival and each.arrival.source == "staff"]
    assert 0 < report.unmatched_count < len(decided)
    lost = {(line.clause, line.member) for line in report.lost}
    assert report.unmatched
    assert {(line.clause, line.member) for line in report.unmatched} <= lost
    assert report.compared.people == len(decided)
    # Whoever was granted the same reward has it in the state in which people left it.
    kept = [line for line in report.changed if line.clause == "welcome" and "state" in line.terms]
    assert not [line for line in kept if line.terms["state"][0] == "redeemed"]


def test_the_choice_that_was_made_is_made_again_where_the_options_stand_elsewhere() -> None:
    history = happened()
    turned = TIGHT.replace(
        "[{gift_card: 20 EUR}, {donation: 25 EUR}, {points: 2500}]",
        "[{points: 2500}, {donation: 25 EUR}, {gift_card: 20 EUR}]",
    )
    report = report_of(history, turned, history.stored())
    chosen = [line for line in report.changed if "items" in line.terms]
    assert not chosen
    assert not report.unmatched_count


def test_a_draft_stands_for_every_version_from_the_first_publication_on() -> None:
    history = happened()
    first, second = compiled(TIGHT), compiled(CHANGED)
    second.version, second.position = 2, 200
    running = Rulebook([first, second], CALENDAR)
    parsed = faultless(TIGHT)
    assert parsed.document is not None
    candidate = standing_in(running, parsed.document, parsed.conditions)
    assert [(each.version, each.position) for each in candidate.programs["bring-a-friend"]] == [(1, 0), (2, 200)]
    assert all(each.document is parsed.document for each in candidate.versions.values())
    assert backtest(history.log(), running=history.store.rulebook, candidate=candidate).counts["lost"] == 0


def test_a_program_that_was_never_published_gets_its_budget() -> None:
    history = undisturbed()
    another = CHANGED.replace("program: bring-a-friend", "program: another")
    report = report_of(history, another, history.stored())
    assert report.counts["gained"] > 10
    assert {line.program for line in report.gained} == {"another"}
    assert report.counts["lost"] == report.counts["changed"] == 0


def test_the_log_and_the_books_stay_as_they_were() -> None:
    history = happened()
    before = world(history.store)
    positions = [each.event.position for each in history.store.decided]
    report_of(history, CHANGED, history.stored())
    assert world(history.store) == before
    assert [each.event.position for each in history.store.decided] == positions


def test_timers_that_only_the_candidate_has_fire_until_the_log_had_fired_everything() -> None:
    history = undisturbed()
    report = report_of(history, TIGHT.replace("expires: 60d}", "expires: 20d}"), history.stored())
    states = {line.terms["state"] for line in report.changed if "state" in line.terms}
    assert ("approved", "expired") not in states
    assert history.stored().frontier == history.store.log.clock + 1 == LAST + 1
    assert START + DAY < LAST


def test_the_report_is_plain_for_machines() -> None:
    report = of_the_change()
    plain = json.loads(json.dumps(report.as_dict()))
    assert plain["unchanged"] is False
    assert plain["counts"] == report.counts
    assert plain["period"][0].startswith("2027-01-02T")
    assert plain["compared"]["events"] == report.compared.events


def test_the_text_has_amounts_with_their_units() -> None:
    text = as_text(of_the_change())
    assert "Backtest of bring-a-friend, 2 January 2027 to" in text
    assert "Points (stars): " in text
    assert "€" in text
    assert "Who gains most" in text


REVIEWED = """
sayso: 1
program: voice
title: Voice
currency: EUR
rewards:
  answered: {to: member, on: survey_answered, review: true, give: {credit: 5 EUR}}
"""


def reviewed() -> History:
    """Ada answers a survey, and Eva approves her reward by its clause and the event that earned it."""
    store = MemoryStore(Rulebook([compiled(REVIEWED)], CALENDAR))
    by_clause = {"clause": "answered", "by": "Eva"}
    store.receive(
        [
            published(REVIEWED),
            Arrival(SHOP, "answers", "survey_answered", "Ada", START + DAY),
            Arrival(SHOP, "judged", "reward_approved", "Ada", START + 2 * DAY, refers_to="answers", props=by_clause),
        ]
    )
    return History(store, [])


def test_a_decision_that_names_clause_and_cause_is_matched_by_them() -> None:
    history = reviewed()
    assert report_of(history, REVIEWED, history.stored()).unchanged
    dearer = report_of(history, REVIEWED.replace("5 EUR", "6 EUR"), history.stored())
    assert (dearer.unmatched_count, [line.state for line in dearer.changed]) == (0, ["issued"])
    renamed = report_of(history, REVIEWED.replace("answered: {to", "thanked: {to"), history.stored())
    (line,) = renamed.unmatched
    assert (line.external_id, line.decision, line.clause, line.member) == (
        "judged",
        "reward_approved",
        "answered",
        "Ada",
    )
    assert [line.state for line in renamed.gained] == ["in_review"]
    assert "reward_approved judged: rewards.answered of Ada" in as_text(renamed)


def test_people_who_were_erased_are_counted_since_their_events_say_nothing_any_more() -> None:
    history = reviewed()
    history.store.receive([Arrival(SHOP, "gone", "member_erased", "Ada", START + 3 * DAY)])
    report = report_of(history, REVIEWED, history.stored())
    assert report.compared.erased == 1
    assert "1 of the members were erased since" in as_text(report)
