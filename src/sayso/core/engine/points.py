"""Points: earned, spent, expired, taken back; and the debts of every kind of wallet.

Owns what happens to wallets and lots. A lot is what expires together (SEMANTICS 8); debts are repaid first by later
earnings (SEMANTICS 7).
"""

from typing import NamedTuple

from sayso.core.engine.clauses import applies
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope, benefit_tier
from sayso.core.ledger import lots
from sayso.core.ledger.chart import LedgerAccount, available, debt, expired, redeemed, world
from sayso.core.ledger.transfers import Purpose
from sayso.core.ledger.units import is_currency
from sayso.core.program.calendar import Moment
from sayso.core.program.document import Earn
from sayso.core.program.values import Rate

EXPIRY, REMINDER = "points_expiry", "points_reminder"


def earn(draft: Draft, program: CompiledProgram, amount: int | None) -> None:
    """Give the points that the event earns, clause by clause."""
    scope = Scope(draft, program, draft.event.member, amount)
    for name, clause in program.earn[draft.event.type]:
        path = f"points.earn.{name}"
        if applies(scope, path, clause.for_):
            _earn_one(scope, name, clause, path)


def _earn_one(scope: Scope, name: str, clause: Earn, path: str) -> None:
    draft, program, member = scope.draft, scope.program, scope.member
    key = (member, f"earn/{program.name}/{name}", "")
    if clause.limit:
        count, _ = draft.counted(key, *draft.calendar.counting(draft.now, clause.limit))
        if count >= clause.limit.count:
            draft.say(program, path, Verdict.LIMIT_REACHED, seen=count, subject=member)
            return
    times = clause.multiply.get(benefit_tier(draft, member, program.name), 1) if clause.multiply else 1
    earned = worth(clause, scope.amount or 0, times)
    verdict = Verdict.MET
    if clause.cap:
        _, sofar = draft.counted(key, *draft.calendar.counting(draft.now, clause.cap))
        if sofar + earned > clause.cap.count:
            earned, verdict = max(clause.cap.count - sofar, 0), Verdict.CAPPED
    if earned == 0:
        draft.say(program, path, Verdict.NOTHING_EARNED if verdict is Verdict.MET else verdict, subject=member)
        return
    if clause.limit or clause.cap:
        draft.tally(key, draft.event.day, 1, earned)
    draft.book(world(program.unit), available(member, program.unit), earned, Purpose.EARN, draft.event.position)
    expires_at = keep(draft, program.unit, member, earned)
    draft.decision.earned.append((program.name, program.version, name, earned, times, program.unit, expires_at))
    draft.say(program, path, verdict, seen=earned, subject=member)


def worth(clause: Earn, amount: int, times: int) -> int:
    """The points for an amount: rounded down for each event, then multiplied by the tier's factor (SEMANTICS 2)."""
    return (clause.give.of(amount) if isinstance(clause.give, Rate) else clause.give) * times


def keep(draft: Draft, unit: str, member: int, count: int) -> Moment:
    """Take points that became available into the books of their owner: debts first, then a lot; when it expires."""
    draft.tally((member, f"earned/{unit}", ""), draft.event.day, 1, count)
    left = count - repay(draft, member, unit, count)
    rule = draft.rulebook.expiry(unit, draft.now, draft.event.position)
    expires_at = draft.calendar.month_end(draft.event.day, rule.after) if rule else lots.NEVER
    if left:
        add_lot(draft, unit, member, left, expires_at)
    return expires_at


def add_lot(draft: Draft, unit: str, member: int, count: int, expires_at: Moment) -> None:
    """Add points to the lot of an expiry, and see to it that the lot expires."""
    key = (member, unit)
    before = draft.lots(key)
    draft.decision.lots[key] = lots.earn(before, expires_at=expires_at, amount=count)
    if expires_at in before or expires_at == lots.NEVER:
        return
    known = draft.see("timers", member) or {}
    for timer in known.values():
        if timer.about == expires_at and timer.detail == unit:
            return
    kind, due_at = EXPIRY, expires_at
    rule = draft.rulebook.expiry(unit, draft.now, draft.event.position)
    if rule and rule.remind:
        reminded_at = draft.calendar.before(expires_at, rule.remind)
        if reminded_at > draft.now:
            kind, due_at = REMINDER, reminded_at
    draft.set_timer(member, kind, due_at, about=expires_at, detail=unit)


def repay(draft: Draft, member: int, unit: str, count: int) -> int:
    """Repay what the member owes from what just became available; how much that took (SEMANTICS 7)."""
    owed = -draft.balance(debt(member, unit))
    if not owed:
        return 0
    paid = min(owed, count)
    draft.book(available(member, unit), debt(member, unit), paid, Purpose.REPAY)
    return paid


def spend(draft: Draft) -> None:
    """Spend points, or credit, which has no lots: props `points`, and `unit` where the workspace has several."""
    event = draft.event
    unit, count = unit_of(draft), event.props.get("points")
    if not unit or not isinstance(count, int) or count <= 0:
        draft.say(None, "points", Verdict.NOT_FOUND, seen=unit or None, subject=event.member)
        return
    account = available(event.member, unit)
    held = draft.balance(account)
    if held < count:
        draft.say(None, "points", Verdict.NOT_ENOUGH, seen=held, subject=event.member)
        return
    draft.book(account, redeemed(unit), count, Purpose.SPEND, event.position)
    if not is_currency(unit):
        key = (event.member, unit)
        draft.decision.lots[key], _ = lots.spend(draft.lots(key), amount=count)
    draft.say(None, "points", Verdict.MET, seen=count, subject=event.member)


def unit_of(draft: Draft) -> str:
    """The unit that an event speaks of: the one it names, else the workspace's only one; empty when unclear."""
    named = draft.event.props.get("unit")
    if named:
        return str(named)
    units = draft.rulebook.units
    return units[0] if len(units) == 1 else ""


def move_in(draft: Draft) -> None:
    """Take over a balance of another system: props `unit`, `amount`, and `expires_at` (microseconds) for points."""
    event = draft.event
    unit, count = str(event.props["unit"]), event.props["amount"]
    draft.book(world(unit), available(event.member, unit), count, Purpose.MOVE_IN, event.position)
    if not is_currency(unit):
        add_lot(draft, unit, event.member, count, event.props.get("expires_at") or lots.NEVER)
    draft.say(None, "points", Verdict.MET, seen=count, subject=event.member)


def expire(draft: Draft, member: int, unit: str) -> None:
    """Let the lots go whose time has come."""
    key = (member, unit)
    left, lapsed = lots.expire(draft.lots(key), now=draft.now)
    if lapsed:
        draft.decision.lots[key] = left
        draft.book(available(member, unit), expired(unit), lapsed, Purpose.EXPIRE)
    draft.say(None, "points.expire", Verdict.EXPIRED, seen=lapsed, subject=member)


def remind(draft: Draft, member: int, unit: str, expires_at: Moment) -> None:
    """Note that points are about to expire, for whoever tells the member, and wait for the expiry itself."""
    left = draft.lots((member, unit)).get(expires_at, 0)
    if left:
        draft.set_timer(member, EXPIRY, expires_at, about=expires_at, detail=unit)
    draft.say(None, "points.remind", Verdict.REMINDED, seen=left, subject=member)


class Taking(NamedTuple):
    """Where a clawback goes, for which event, and from which lot first."""

    to: LedgerAccount
    about: int
    expires_at: Moment = -1


def claw_back(draft: Draft, wallet: LedgerAccount, count: int, taking: Taking) -> None:
    """Take back what was given: from the wallet, and what is missing there becomes a debt (SEMANTICS 7)."""
    if count <= 0:
        return
    _, member, unit = wallet
    taken = min(draft.balance(wallet), count)
    if taken and not is_currency(unit):
        key = (member, unit)
        draft.decision.lots[key], _ = lots.take_back(draft.lots(key), expires_at=taking.expires_at, amount=taken)
    draft.book(wallet, taking.to, taken, Purpose.CLAWBACK, taking.about)
    draft.book(debt(member, unit), taking.to, count - taken, Purpose.CLAWBACK, taking.about)
