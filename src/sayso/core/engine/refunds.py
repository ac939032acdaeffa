"""Refunds: take back what the original event gave, never more than it gave, however many parts (SEMANTICS 32)."""

from dataclasses import replace

from sayso.core.engine import gifts, points, settle
from sayso.core.engine.amounts import amount_in, tally_event
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.referrals import lower_early, undo
from sayso.core.engine.rows import Logged, Referral, Refunded, Reward
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.engine.settle import source
from sayso.core.engine.states import HANDED_OVER, UNPAID
from sayso.core.ledger.chart import available, held, promised, world
from sayso.core.ledger.transfers import Purpose


def refund(draft: Draft) -> None:
    """Lower what counted for the original event, and take back what it earned beyond its net amount."""
    event = draft.event
    original = _original(draft)
    if original is None or original.amount_minor is None:
        draft.say(None, "refund", Verdict.NOT_FOUND, subject=event.member)
        return
    before = draft.see("refunded", original.position) or Refunded(original.position, 0, {})
    left = original.amount_minor - before.amount_minor
    given_back = amount_in(draft, original.currency, event.amount_minor)
    part = min(left if given_back is None else given_back, left)
    if part <= 0:
        draft.say(None, "refund", Verdict.NOTHING_TO_TAKE_BACK, subject=original.member)
        return
    row = Refunded(original.position, before.amount_minor + part, dict(before.taken))
    draft.put("refunded", original.position, row)
    net = original.amount_minor - row.amount_minor
    tally_event(draft, -1 if net == 0 else 0, -part, original)
    _take_back_points(draft, original, row, net)
    for number in draft.numbers("trigger_rewards", original.position):
        _take_back_reward(draft, original, number, net)
    for referral in list(draft.referrals_of(original.member)):
        _undo_steps(draft, referral, original, before=net + part, net=net)


def _original(draft: Draft) -> Logged | None:
    """The event that this one refunds, as of whom its member has become; None where it is not known."""
    found = draft.see("logged", draft.event.refers_to) if draft.event.refers_to else None
    if found is None or not found.member:
        return found
    became = draft.become(found.member).id
    return found if became == found.member else replace(found, member=became)


def _in_time(draft: Draft, program: CompiledProgram, name: str, original: Logged) -> bool:
    clause = program.document.rewards.get(name)
    within = (clause.refunds_within if clause else None) or program.document.refunds_within
    return draft.now < draft.calendar.deadline(original.occurred_at, within)


def _take_back_points(draft: Draft, original: Logged, row: Refunded, net: int) -> None:
    for name, version, clause_name, earned, times, unit, expires_at in original.earned:
        program = draft.rulebook.versions[name, version]
        clause = program.document.points.earn[clause_name] if program.document.points else None
        if clause is None:
            continue
        path = f"points.earn.{clause_name}"
        if not _in_time(draft, program, "", original):
            draft.say(program, path, Verdict.OUTSIDE_REFUND_TIME, subject=original.member)
            continue
        amount = amount_in(draft, program.currency, net, original) or 0
        keeps = min(points.worth(clause, amount, times), earned) if _still_met(draft, program, path, amount) else 0
        key = f"{name}/{clause_name}"
        taken = row.taken.get(key, 0)
        back = earned - keeps - taken
        if back <= 0:
            continue
        row.taken[key] = taken + back
        taking = points.Taking(world(unit), original.position, expires_at)
        points.claw_back(draft, available(original.member, unit), back, taking)
        draft.tally((original.member, f"earned/{unit}", ""), original.day, 0, -back)
        if clause.limit or clause.cap:
            draft.tally(
                (original.member, f"earn/{name}/{clause_name}", ""), original.day, -1 if not keeps else 0, -back
            )
        draft.say(program, path, Verdict.TAKEN_BACK, seen=back, subject=original.member)


def _still_met(draft: Draft, program: CompiledProgram, path: str, amount: int) -> bool:
    """Whether the event's own condition still holds for what is left; what hangs on other facts is not judged anew."""
    scope = Scope(draft, program, draft.event.member, amount)
    return amount > 0 and all(check(scope) for check in program.on_amount.get(path, ()))


def _take_back_reward(draft: Draft, original: Logged, number: int, net: int) -> None:
    seen = draft.reward(number)
    program = draft.rulebook.versions[seen.program, seen.version]
    path = f"rewards.{seen.clause}"
    if seen.state not in UNPAID + HANDED_OVER:
        return
    if not _in_time(draft, program, seen.clause, original):
        draft.say(program, path, Verdict.OUTSIDE_REFUND_TIME, subject=seen.beneficiary, seen=number)
        return
    amount = amount_in(draft, program.currency, net, original) or 0
    if _clause_still_met(draft, program, seen, amount):
        if seen.base_minor:
            _shrink(draft, program, draft.edit("rewards", number), amount)
        return
    clause = program.document.rewards.get(seen.clause)
    if clause is not None and clause.every and seen.state in HANDED_OVER:
        return  # a bonus by count is taken back only while it is not issued (SEMANTICS 28)
    reverse(draft, program, number)


def _clause_still_met(draft: Draft, program: CompiledProgram, reward: Reward, amount: int) -> bool:
    paths = [f"rewards.{reward.clause}"]
    clause = program.document.rewards.get(reward.clause)
    if clause is not None and clause.at:
        paths.append(f"referral.steps.{clause.at}")
    return all(_still_met(draft, program, path, amount) for path in paths)


def reverse(draft: Draft, program: CompiledProgram, number: int) -> None:
    """Take a reward back whole, whatever its state."""
    reward = draft.edit("rewards", number)
    if reward.state in HANDED_OVER:
        settle.reverse_issued(draft, program, reward)
    else:
        settle.give_back(draft, program, reward, "reversed")
    draft.say(program, f"rewards.{reward.clause}", Verdict.TAKEN_BACK, seen=number, subject=reward.beneficiary)


def _undo_steps(draft: Draft, referral: Referral, original: Logged, *, before: int, net: int) -> None:
    """Undo what the event no longer reaches; a referral whose success fell is rejected, and no longer counts.

    A step that was taken stays on the record, so that no clause pays for it a second time (SEMANTICS 19). How the
    referral ended does not matter: its steps are counted for the advocate as long as they stand.

    Args:
        before: what was left of the original amount before this refund; a step is undone once.
        net: what is left of it now.
    """
    program = draft.rulebook.governing(referral, draft.now, draft.event.position)
    in_time = _in_time(draft, program, "", original)
    was = amount_in(draft, program.currency, before, original) or 0
    left = amount_in(draft, program.currency, net, original) or 0
    for name, _ in program.steps.get(original.type, ()):
        path = f"referral.steps.{name}"
        still = _still_met(draft, program, path, left)
        if referral.taken_by.get(name) == original.position:
            if in_time and not still and _still_met(draft, program, path, was):
                undo(draft, program, referral.id, name)
        elif any(each.position == original.position for each in referral.early.get(name, ())):
            # Nothing was given for it yet, so there is no time after which that could not be taken back.
            lower_early(draft.edit("referrals", referral.id), name, original.position, left if still else 0)


def _shrink(draft: Draft, program: CompiledProgram, reward: Reward, amount: int) -> None:
    """A reward by amount shrinks to what the net amount would have earned, less what was taken back before."""
    _shrink_options(draft, program, reward, amount)
    found = gifts.taken_of_amount(program, reward)
    if found:
        place, gift = found
        back = reward.items[place].value - gifts.amount_of(gift, amount) - reward.taken_back
        if back > 0:
            _take_back_part(draft, program, reward, place, back)
    if reward.state not in HANDED_OVER:
        reward.base_minor = amount


def _take_back_part(draft: Draft, program: CompiledProgram, reward: Reward, place: int, back: int) -> None:
    """Take back so much of the item at a place."""
    if reward.state in HANDED_OVER:
        in_points = reward.items[place].kind == "points"
        unit, to = (program.unit, world(program.unit)) if in_points else (program.currency, source(program))
        points.claw_back(draft, available(reward.beneficiary, unit), back, points.Taking(to, reward.trigger))
        reward.taken_back += back
    else:
        _shrink_item(draft, program, reward, place, back)
    draft.say(program, f"rewards.{reward.clause}", Verdict.TAKEN_BACK, seen=back, subject=reward.beneficiary)


def _shrink_options(draft: Draft, program: CompiledProgram, reward: Reward, amount: int) -> None:
    """What is still to be chosen shrinks too, and frees what the dearest option reserves no longer."""
    given = list(gifts.gifts_of(program.document.rewards[reward.clause]))
    options = []
    for item in reward.options:
        gift = next((gift for gift in given if gifts.item_of(program, gift, reward.base_minor) == item), None)
        options.append(gifts.item_of(program, gift, amount) if gift else item)
    freed = gifts.cost_of((), reward.options) - gifts.cost_of((), tuple(options))
    reward.options, reward.cost_minor = tuple(options), reward.cost_minor - freed
    if reward.state != "waiting":
        account = promised(reward.beneficiary, program.currency)
        draft.book(account, source(program), freed, Purpose.RETURN, reward.trigger)


def _shrink_item(draft: Draft, program: CompiledProgram, reward: Reward, place: int, back: int) -> None:
    """Give back part of what a reward that is not handed over yet reserves."""
    item = reward.items[place]
    freed = item.cost * back // item.value
    shrunk = item._replace(value=item.value - back, cost=item.cost - freed)
    reward.items = (*reward.items[:place], shrunk, *reward.items[place + 1 :])
    reward.cost_minor -= freed
    if reward.state == "waiting":
        return
    member, currency = reward.beneficiary, program.currency
    if item.kind == "points":
        draft.book(held(member, program.unit), world(program.unit), back, Purpose.RETURN, reward.trigger)
        draft.book(promised(member, currency), source(program), freed, Purpose.RETURN, reward.trigger)
    else:
        draft.book(held(member, currency), source(program), freed, Purpose.RETURN, reward.trigger)
