"""A reward's way through its states, and what the books show at each.

Granting reserves: money for the member's wallet in `held`, every other cost in `promised`, points in `held`.
Issuing releases; denying and reversing give back. States and their names are DESIGN's ("The words").
"""

from collections.abc import Collection

from sayso.core.engine import gifts, points
from sayso.core.engine.case import Case, granted_key
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import TIMER
from sayso.core.engine.rows import Reward
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.states import COMMITTED
from sayso.core.ledger.chart import LedgerAccount, available, budget, donated, held, loss, promised, world
from sayso.core.ledger.transfers import Purpose
from sayso.core.program.calendar import LAST_DAY
from sayso.core.program.document import DELIVERED_BY_THE_BOOKS, Give

HOLD, EXPIRY = "reward_hold", "reward_expiry"
# About the moment at which the period began that runs.
REFILL = "budget_refill"
STAFF = "staff"
# Who gets nothing any more, not even what was granted before (SEMANTICS 16).
BARRED = ("banned", "erased")


def grant(case: Case, give: Give) -> bool:
    """Grant what a clause gives: reserve its cost and start its way; whether it was granted."""
    scope = case.scope
    draft, program = scope.draft, scope.program
    items, options = gifts.items_of(program, give, scope.amount)
    if gifts.nothing(items, options):
        case.say(Verdict.NOTHING_EARNED)
        return False
    referral = scope.referral
    reward = Reward(
        id=draft.number(),
        program=program.name,
        version=program.version,
        clause=case.name,
        cause=case.cause,
        beneficiary=case.beneficiary,
        referral=referral.id if referral else 0,
        trigger=case.trigger,
        state="",
        items=items,
        options=options,
        cost_minor=gifts.cost_of(items, options),
        base_minor=(scope.amount or 0) if gifts.by_amount(give) else 0,
        granted_at=draft.now,
        limit_owner=case.limit_owner,
    )
    if not affordable(draft, program, reward):
        return _without_budget(case, reward)
    draft.tally(case.granted_key, draft.event.day, 1, reward.cost_minor)
    draft.add_reward(reward)
    reserve(draft, program, reward)
    case.say(Verdict.MET, seen=reward.id)
    begin(draft, program, reward)
    return True


def _without_budget(case: Case, reward: Reward) -> bool:
    """The budget is spent: wait for the next period, or stop (SEMANTICS 29)."""
    draft, rules = case.scope.draft, case.program.document.budget
    assert rules is not None
    if rules.when_spent == "stop" or rules.per is None:
        case.say(Verdict.BUDGET_SPENT, seen=reward.cost_minor)
        return False
    reward.state = "waiting"
    draft.add_reward(reward)
    draft.hang("waiting", case.program.name, reward.id)
    draft.tally(case.granted_key, draft.event.day, 1, 0)
    case.say(Verdict.BUDGET_WAITS, seen=reward.cost_minor)
    return True


def source(program: CompiledProgram) -> LedgerAccount:
    """Where the money for rewards comes from: the program's budget, or the world where it has none."""
    if program.document.budget:
        return budget(program.number, program.currency)
    return world(program.currency)


def _goes_back(draft: Draft, program: CompiledProgram) -> LedgerAccount:
    """Where what was reserved goes: to the budget of the period in which it happens (SEMANTICS 30).

    What fell due before the period that runs now had begun went with the period before, however late anybody looks; the
    midnight between the two closes the one before.
    """
    rules = program.document.budget
    if rules is None or rules.roll_over or draft.event.type != TIMER:
        return source(program)
    planned = (draft.see("timers", program.number) or {}).values()
    begun = max((timer.about for timer in planned if timer.kind == REFILL and timer.detail == program.name), default=0)
    return world(program.currency) if draft.now <= begun else source(program)


def affordable(draft: Draft, program: CompiledProgram, reward: Reward) -> bool:
    """Whether the budget holds what the reward reserves."""
    return not program.document.budget or draft.balance(source(program)) >= reward.cost_minor


def reserve(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Book what a granted reward holds back: its cost, and the points themselves."""
    member, currency = reward.beneficiary, program.currency
    wallet = gifts.wallet_money(reward.items)
    draft.book(source(program), held(member, currency), wallet, Purpose.GRANT, reward.trigger)
    draft.book(source(program), promised(member, currency), reward.cost_minor - wallet, Purpose.GRANT, reward.trigger)
    count = gifts.points_in(reward.items)
    if count:
        draft.book(world(program.unit), held(member, program.unit), count, Purpose.GRANT, reward.trigger)


def begin(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Put a reserved reward into its first state: a person's look, a wait until a date, or at once."""
    clause = program.document.rewards.get(reward.clause)
    referral = draft.see("referrals", reward.referral) if reward.referral else None
    if (clause is not None and clause.review) or (referral is not None and referral.status == "in_review"):
        reward.state = "in_review"
    elif clause is not None and clause.hold:
        reward.state = "held"
        reward.due_at = draft.calendar.deadline(draft.now, clause.hold)
        reward.timer = draft.set_timer(reward.beneficiary, HOLD, reward.due_at, about=reward.id)
    else:
        reward.state = "approved"
        approve(draft, program, reward)


def approve(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Let the member have it: issued where the books alone deliver, else until it is chosen or handed over."""
    if draft.member(reward.beneficiary).status in BARRED:
        give_back(draft, program, reward, "denied")
        draft.say(program, f"rewards.{reward.clause}", Verdict.INACTIVE, subject=reward.beneficiary)
        return
    if _count_fell(draft, program, reward):
        give_back(draft, program, reward, "reversed")
        draft.say(program, f"rewards.{reward.clause}", Verdict.TAKEN_BACK, seen=reward.id, subject=reward.beneficiary)
        return
    reward.state, reward.due_at = "approved", 0
    draft.drop_timer(reward.beneficiary, reward.timer)
    reward.timer = 0
    if not reward.options and gifts.handed_over_by_us(reward.items):
        issue(draft, program, reward)


def _count_fell(draft: Draft, program: CompiledProgram, reward: Reward) -> bool:
    """Whether reversals since took away what a bonus by count was for; it is not issued yet (SEMANTICS 28)."""
    clause = program.document.rewards.get(reward.clause)
    if clause is None or not clause.every:
        return False
    count, _ = draft.counted((reward.beneficiary, f"reached/{program.name}/{clause.at}", ""), 0, LAST_DAY)
    granted, _ = draft.counted(granted_key(reward.limit_owner, program.name, reward.clause), 0, LAST_DAY)
    return count // clause.every < granted


def choose(draft: Draft, program: CompiledProgram, reward: Reward, option: int) -> None:
    """Settle an open choice on one option; what the dearest reserved beyond it goes back (SEMANTICS 31)."""
    chosen = reward.options[option]
    dearest = max(item.cost for item in reward.options)
    member, currency = reward.beneficiary, program.currency
    draft.book(promised(member, currency), source(program), dearest - chosen.cost, Purpose.RETURN, reward.trigger)
    wallet = gifts.wallet_money((chosen,))
    draft.book(promised(member, currency), held(member, currency), wallet, Purpose.GRANT, reward.trigger)
    count = gifts.points_in((chosen,))
    if count:
        draft.book(world(program.unit), held(member, program.unit), count, Purpose.GRANT, reward.trigger)
    reward.items, reward.options = (*reward.items, chosen), ()
    reward.cost_minor -= dearest - chosen.cost
    approve(draft, program, reward)


def issue(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Hand it over: release what was held, award badges, and settle costs that end here."""
    member, currency = reward.beneficiary, program.currency
    reward.state = "issued"
    wallet = gifts.wallet_money(reward.items)
    if wallet:
        draft.book(held(member, currency), available(member, currency), wallet, Purpose.RELEASE, reward.trigger)
        points.repay(draft, member, currency, wallet)
    count = gifts.points_in(reward.items)
    if count:
        draft.book(held(member, program.unit), available(member, program.unit), count, Purpose.RELEASE, reward.trigger)
        points.keep(draft, program.unit, member, count)
    for item in reward.items:
        if item.kind == "badge":
            award(draft, program, member, item.value)
    open_cost = _redeemable_cost(reward)
    given_away = _donated(reward)
    spent = reward.cost_minor - wallet - open_cost - given_away
    draft.book(promised(member, currency), world(currency), spent, Purpose.ISSUE, reward.trigger)
    draft.book(promised(member, currency), donated(currency), given_away, Purpose.DONATE, reward.trigger)
    _set_expiry(draft, reward)
    draft.say(program, f"rewards.{reward.clause}", Verdict.ISSUED, seen=reward.id, subject=member)


def award(draft: Draft, program: CompiledProgram, member: int, name: str) -> None:
    """Give a badge, once."""
    if name not in draft.participation(member, program.name).badges:
        row = draft.edit_participation(member, program.name)
        row.badges = (*row.badges, name)


def _redeemable_cost(reward: Reward) -> int:
    """What stays reserved after handing over, until it is used or lapses: coupons (SEMANTICS 31)."""
    return sum(item.cost for item in reward.items if item.kind == "coupon")


def _donated(reward: Reward) -> int:
    """What goes to a good cause in the member's name."""
    return sum(item.cost for item in reward.items if item.kind == "donation")


def _set_expiry(draft: Draft, reward: Reward) -> None:
    """Rewards expire from the day they are issued (SEMANTICS 8)."""
    dues = [draft.calendar.deadline(draft.now, item.expires) for item in reward.items if item.expires]
    if dues:
        reward.due_at = min(dues)
        reward.timer = draft.set_timer(reward.beneficiary, EXPIRY, reward.due_at, about=reward.id)


def redeem(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """The member used it: what a coupon still reserved is spent."""
    reward.state, reward.due_at = "redeemed", 0
    draft.drop_timer(reward.beneficiary, reward.timer)
    reward.timer = 0
    currency = program.currency
    draft.book(
        promised(reward.beneficiary, currency),
        world(currency),
        _redeemable_cost(reward),
        Purpose.REDEEM,
        reward.trigger,
    )


def lapse(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """It was issued and not used in time: a coupon gives its reserve back to the budget (SEMANTICS 31)."""
    reward.state, reward.timer = "expired", 0
    account = promised(reward.beneficiary, program.currency)
    draft.book(account, _goes_back(draft, program), _redeemable_cost(reward), Purpose.LAPSE, reward.trigger)
    draft.say(program, f"rewards.{reward.clause}", Verdict.EXPIRED, seen=reward.id, subject=reward.beneficiary)


def give_back(draft: Draft, program: CompiledProgram, reward: Reward, state: str) -> None:
    """End a reward that was not issued: everything it reserved goes back, and it counts towards no limit any more."""
    member, currency = reward.beneficiary, program.currency
    if reward.state in COMMITTED:
        wallet, back = gifts.wallet_money(reward.items), _goes_back(draft, program)
        draft.book(held(member, currency), back, wallet, Purpose.RETURN, reward.trigger)
        draft.book(promised(member, currency), back, reward.cost_minor - wallet, Purpose.RETURN, reward.trigger)
        count = gifts.points_in(reward.items)
        if count:
            draft.book(held(member, program.unit), world(program.unit), count, Purpose.RETURN, reward.trigger)
    _end(draft, program, reward, state)


def reverse_issued(draft: Draft, program: CompiledProgram, reward: Reward) -> None:
    """Take back what was issued: wallet first, debt for the rest; what a third party holds is a loss (SEMANTICS 32).

    A donation stays where it went; that it was for nothing is a loss like any other.
    """
    member, currency = reward.beneficiary, program.currency
    wallet, count = _left_of_what_was_given(program, reward)
    points.claw_back(draft, available(member, currency), wallet, points.Taking(source(program), reward.trigger))
    if count:
        taking = points.Taking(world(program.unit), reward.trigger)
        points.claw_back(draft, available(member, program.unit), count, taking)
    coupon = _redeemable_cost(reward) if reward.state == "issued" else 0
    draft.book(promised(member, currency), source(program), coupon, Purpose.CLAWBACK, reward.trigger)
    lost = sum(item.cost for item in reward.items if item.kind not in DELIVERED_BY_THE_BOOKS) - coupon
    if lost:
        given_away = _donated(reward)
        draft.book(world(currency), loss(currency), lost - given_away, Purpose.LOSS, reward.trigger)
        draft.book(donated(currency), loss(currency), given_away, Purpose.LOSS, reward.trigger)
        draft.say(program, f"rewards.{reward.clause}", Verdict.LOSS, seen=lost, subject=member)
    _end(draft, program, reward, "reversed")


def lose(draft: Draft, program: CompiledProgram, reward: Reward, places: Collection[int]) -> None:
    """Book what reached the member although the reward had been taken back meanwhile (SEMANTICS 32).

    Its cost had gone back to the budget, which pays for it as far as it still can.

    Args:
        places: of the items that were handed over; a coupon that nobody used costs nothing.
    """
    items = [item for place, item in enumerate(reward.items) if place in places]
    lost = sum(item.cost for item in items if item.kind not in DELIVERED_BY_THE_BOOKS | {"coupon"})
    currency = program.currency
    if program.document.budget:
        paid = min(lost, draft.balance(source(program)))
        draft.book(source(program), world(currency), paid, Purpose.ISSUE, reward.trigger)
    draft.book(world(currency), loss(currency), lost, Purpose.LOSS, reward.trigger)
    draft.say(program, f"rewards.{reward.clause}", Verdict.LOSS, seen=lost, subject=reward.beneficiary)


def _left_of_what_was_given(program: CompiledProgram, reward: Reward) -> tuple[int, int]:
    """The money and the points of a reward that earlier refunds left; these shrank what was taken of the amount."""
    wallet, count = gifts.wallet_money(reward.items), gifts.points_in(reward.items)
    found = gifts.taken_of_amount(program, reward)
    if found and reward.items[found[0]].kind == "points":
        return wallet, count - reward.taken_back
    return wallet - reward.taken_back, count


def _end(draft: Draft, program: CompiledProgram, reward: Reward, state: str) -> None:
    """Close a reward, and let its clause be granted again within the limit (SEMANTICS 27)."""
    draft.drop_timer(reward.beneficiary, reward.timer)
    reward.timer, reward.due_at, reward.state = 0, 0, state
    clause = program.document.rewards.get(reward.clause)
    day = draft.calendar.day(reward.granted_at)
    if reward.limit_owner:
        draft.tally(granted_key(reward.limit_owner, reward.program, reward.clause), day, -1, 0)
    if clause is not None and clause.recurring:
        draft.tally((reward.referral, f"paid/{program.name}/{reward.clause}", ""), day, -1, 0)
