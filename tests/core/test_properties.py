"""Random programs and random events: what must always hold, holds, against a naive model of the books."""

from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sayso.core.engine.events import Arrival
from sayso.core.engine.guard import KNOWN_ADDRESS
from sayso.core.program.calendar import HOUR, Moment
from tests.core.naive_books import NaiveBooks
from tests.core.naive_counts import left_behind, miscounted
from tests.core.scenarios.memory import Memory, outcome_of_memory, unsound
from tests.core.scenarios.outcome import held
from tests.core.scenarios.scenario import SOURCE, ZONE, Publication, moment

CAST = ("Ada", "Ben", "Chloé", "Dario", "Eva")
START = moment("2027-01-10 12:00", ZoneInfo(ZONE))
DAY = 24 * HOUR

PROGRAM = """
sayso: 1
program: friends
title: Friends
currency: EUR
facts: {{orders: {{count: purchase, within: 30d}}}}
referral:
  window: 30d
  steps: {{signed_up: {{on: signup}}, {between}bought: {{on: purchase, when: event.amount >= 20, within: 60d}}{after}}}
  success: {success}
rewards:
  welcome: {{to: friend, at: signed_up, give: {{coupon: 5 EUR, expires: 30d}}}}
  thanks:
    {{to: advocate, at: bought, {wait}, limit: 2 per month,
     give: {{choice: [{{gift_card: 10 EUR}}, {{cashback: 20%}}, {{donation: 9 EUR}}, {{points: 900}}]}}}}
  bonus: {{to: advocate, at: bought, every: 2, {wait}, give: [{{badge: host}}, {{credit: 10 EUR}}]}}
  back: {{to: member, on: purchase, when: event.amount >= 30, {wait}, give: {{cashback: 5%}}}}
  extra: {{to: member, on: purchase, if: member.orders >= 1, review: true, give: {{points: 2 per 1 EUR}}}}
points:
  unit: stars
  value: 0.01 EUR
  expire: {{after: 1 month}}
  earn: {{shopping: {{on: purchase, give: {rate}, cap: 100 per month, multiply: {{silver: 2}}}}}}
tiers:
  by: points_earned within 30d
  levels: {{bronze: 0, silver: 40, gold: 90}}
  drop: {{grace: 5d, one_level: true}}
badges: {{host: {{on: party_held}}}}
budget: {{amount: {budget} EUR, per: month, when_spent: {spent}, roll_over: {rolls}}}
staff_grants: {{limit: 20 EUR per month}}
guard: {{speed: 2 per hour}}
"""
# The steps about the purchase: one before it lets orders come early, one after it lets a referral stand without it.
STEPS = (
    {"between": "", "after": "", "success": "bought"},
    {"between": "confirmed: {on: confirmed}, ", "after": "", "success": "bought"},
    {"between": "", "after": ", stayed: {on: stayed}", "success": "stayed"},
)
programs = st.builds(
    lambda steps, rest: PROGRAM.format_map({**steps, **rest}),
    st.sampled_from(STEPS),
    st.fixed_dictionaries(
        {
            "wait": st.sampled_from(["hold: 5d", "review: true", "review: false"]),
            "rate": st.sampled_from(["1 per 1 EUR", "3 per 2 EUR", "10"]),
            "budget": st.sampled_from([10, 40, 500]),
            "spent": st.sampled_from(["wait", "stop"]),
            "rolls": st.sampled_from(["true", "false"]),
        }
    ),
)
cast = st.sampled_from(CAST)
amounts = st.sampled_from([90, 1999, 2000, 3050, 7777])
hours = st.integers(-72, 96)  # events also come late
picks = st.integers(0, 30)
CHOICES = ["gift_card", "cashback", "donation", "points"]
DECISIONS = (
    "reward_approved", "reward_denied", "reward_chosen", "reward_issued", "reward_redeemed", "reward_reversed",
)  # fmt: skip


class Workspace(RuleBasedStateMachine):
    """Five people buy, recommend, return, spend and are judged, under a program nobody has seen before."""

    @initialize(text=programs)
    def publish(self, text: str) -> None:
        self.memory, self.naive, self.now = Memory(ZONE), NaiveBooks(), START
        self.publication = Publication((text,), START)
        self.memory.publish(self.publication)
        assert self.memory.refused == []
        self.happened: list[Arrival | Moment] = []
        for member in CAST:
            self.arrive("member_updated", member, props={"code": member})

    def arrive(self, kind: str, member: str, *, after: int = 0, **rest: Any) -> None:
        at = max(START, self.now + after * HOUR)
        self.now = max(self.now, at)
        arrival = Arrival(SOURCE, str(len(self.happened)), kind, member, at, **rest)
        self.happened.append(arrival)
        self.memory.receive([arrival])

    def purchases(self) -> list[Arrival]:
        return [each for each in self.happened if isinstance(each, Arrival) and each.type == "purchase"]

    @rule(member=cast, advocate=cast, after=hours, typed=st.booleans())
    def signs_up(self, member: str, advocate: str, after: int, typed: bool = False) -> None:
        props = {KNOWN_ADDRESS: True} if typed else {}
        self.arrive("signup", member, after=after, referral_code=advocate, props=props)

    @rule(member=cast, kind=st.sampled_from(["confirmed", "stayed"]))
    def goes_on(self, member: str, kind: str) -> None:
        self.arrive(kind, member)

    @rule(member=cast, advocate=cast, pick=st.none() | picks)
    def is_attributed(self, member: str, advocate: str, pick: int | None) -> None:
        theirs = [each.external_id for each in self.purchases() if each.ref == member]
        named = theirs[pick % len(theirs)] if theirs and pick is not None else ""
        self.arrive("referral_attributed", member, props={"advocate": advocate, "by": "Eva"}, refers_to=named)

    @rule(member=cast, amount=amounts, after=hours)
    def buys(self, member: str, amount: int, after: int) -> None:
        self.arrive("purchase", member, after=after, amount_minor=amount, currency="EUR")

    @rule(friend=cast, advocate=cast, amount=amounts)
    def joins_and_buys(self, friend: str, advocate: str, amount: int) -> None:
        self.signs_up(friend, advocate, 1)
        self.buys(friend, amount, 1)

    @precondition(lambda self: self.purchases())
    @rule(pick=picks, part=st.none() | st.integers(1, 4000), after=hours)
    def returns(self, pick: int, part: int | None, after: int) -> None:
        bought = self.purchases()[pick % len(self.purchases())]
        money = {"amount_minor": part, "currency": "EUR"} if part else {}
        self.arrive("refund", bought.ref, after=after, refers_to=bought.external_id, **money)

    @rule(member=cast, points=st.integers(1, 30))
    def spends(self, member: str, points: int) -> None:
        self.arrive("points_spent", member, props={"points": points})

    @precondition(lambda self: self.memory.store.facts.rewards.rows)
    @rule(
        kind=st.sampled_from(DECISIONS),
        pick=picks,
        choice=st.sampled_from(["gift_card", "cashback", "donation", "points"]),
    )
    def is_judged(self, kind: str, pick: int, choice: str) -> None:
        facts = self.memory.store.facts
        rewards = [facts.rewards.rows[number] for number in sorted(facts.rewards.rows)]
        reward = rewards[pick % len(rewards)]
        props = {"reward": reward.id, "choice": choice, "by": "Eva"}
        self.arrive(kind, facts.members.rows[reward.beneficiary].ref, props=props)

    # Not more than the whole budget: that is no gift of this program, and is set aside.
    @rule(member=cast, euros=st.integers(1, 10))
    def staff_give(self, member: str, euros: int) -> None:
        give = {"credit": f"{euros} EUR"}
        self.arrive("reward_granted", member, props={"program": "friends", "give": give, "reason": "Late", "by": "Eva"})

    @rule(member=cast, other=cast)
    def takes_over(self, member: str, other: str) -> None:
        self.arrive("member_merged", member, props={"other": other})

    @precondition(lambda self: len(self.happened) > 20)
    @rule(member=cast, kind=st.sampled_from(["member_banned", "member_erased"]))
    def leaves(self, member: str, kind: str) -> None:
        self.arrive(kind, member)

    @rule(days=st.integers(1, 25))
    def time_passes(self, days: int) -> None:
        self.now += days * DAY
        self.happened.append(self.now)
        self.memory.move_clock(self.now)

    @invariant()
    def the_books_are_those_of_the_naive_model(self) -> None:
        self.naive.book(self.memory.store)
        assert self.naive.faults(self.memory.store) == []
        assert unsound(self.memory.store) == []

    @invariant()
    def nothing_is_set_aside(self) -> None:
        assert [each.failure for each in self.memory.store.decided if each.failure] == []

    @invariant()
    def no_more_is_taken_back_than_was_earned(self) -> None:
        assert self.naive.taken_beyond_given(self.memory.store) == []

    @invariant()
    def what_counts_for_an_advocate_is_what_their_friends_reached(self) -> None:
        assert miscounted(self.memory.store) == []

    @invariant()
    def nothing_is_left_with_whom_was_merged(self) -> None:
        assert left_behind(self.memory.store) == []

    def teardown(self) -> None:
        if not hasattr(self, "memory"):
            return
        outcome = self.memory.outcome()
        assert held(outcome_of_memory(self.memory.replayed())) == held(outcome)
        again = Memory(ZONE)
        again.publish(self.publication)
        for kind, group in groupby(self.happened, key=type):
            if kind is Arrival:
                again.receive([each for each in group if isinstance(each, Arrival)])
            else:
                for at in group:
                    assert isinstance(at, Moment)
                    again.move_clock(at)
        assert again.outcome() == outcome


TestWorkspace = Workspace.TestCase


# --- order, and parts -----------------------------------------------------------------------------------------------

days = st.lists(st.tuples(st.integers(0, 40), amounts), min_size=1, max_size=8)


def bought(member: str, baskets: list[tuple[int, int]]) -> list[Arrival]:
    """A member's purchases, in the order in which they happened."""
    return [
        Arrival(SOURCE, f"{member}-{place}", "purchase", member, START + day * DAY, amount, "EUR")
        for place, (day, amount) in enumerate(sorted(baskets))
    ]


def played(text: str, arrivals: list[Arrival]) -> Memory:
    """A workspace in which a program was published and a batch has arrived."""
    memory = Memory(ZONE)
    memory.publish(Publication((text,), START))
    memory.receive(arrivals)
    memory.move_clock(START + 60 * DAY)
    return memory


def belongings(memory: Memory, member: str) -> list[Any]:
    """What one member has, whatever the others have."""
    found = memory.outcome()
    parts: list[Any] = [found.wallets, found.tiers, found.badges]
    return [reward for reward in found.rewards if reward.member == member] + [
        {key: value for key, value in part.items() if key[0] == member} for part in parts
    ]


@given(wait=st.sampled_from(["hold: 5d", "review: false"]), ada=days, ben=days, mix=st.randoms(use_true_random=False))
def test_the_order_of_unrelated_members_does_not_matter(
    wait: str, ada: list[tuple[int, int]], ben: list[tuple[int, int]], mix: Any
) -> None:
    """Within a day, as files are shuffled; an event from a day before the clock is late, and that is another rule."""
    text = PROGRAM.format(wait=wait, rate="1 per 1 EUR", budget=100_000, spent="wait", rolls="true", **STEPS[0])
    one, other = bought("Ada", ada), bought("Ben", ben)
    begins = {each.occurred_at: mix.choice(("Ada", "Ben")) for each in (*one, *other)}
    order = sorted([*one, *other], key=lambda each: (each.occurred_at, each.ref != begins[each.occurred_at]))
    mixed = played(text, order)
    for member, alone in (("Ada", one), ("Ben", other)):
        assert belongings(mixed, member) == belongings(played(text, alone), member)


@given(text=programs, amount=amounts, parts=st.lists(st.none() | st.integers(1, 9000), min_size=2, max_size=5))
def test_refunds_of_one_purchase_take_back_once(text: str, amount: int, parts: list[int | None]) -> None:
    """However many parts, in one batch: what is left is what the net amount earns, and never less."""
    refunds = [
        Arrival(SOURCE, f"part-{place}", "refund", "Ada", START + HOUR, part, "EUR" if part else "", refers_to="Ada-0")
        for place, part in enumerate(parts)
    ]
    returned = amount if None in parts else min(amount, sum(part or 0 for part in parts))
    net = bought("Ada", [(0, amount - returned)]) if returned < amount else []
    left, right = played(text, [*bought("Ada", [(0, amount)]), *refunds]), played(text, net)
    for unit in ("stars", "EUR"):
        nothing = (0, 0, 0)
        assert left.outcome().wallets.get(("Ada", unit), nothing) == right.outcome().wallets.get(("Ada", unit), nothing)
