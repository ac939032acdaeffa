"""What a member has, and how it came about: every movement, the latest first, in the units of the programs.

Owns the words of amounts. What moves is the ledger's. It must not speak of what rewards cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.core.engine.events import TIMER
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.explain.units import amount_of_points, points_name
from sayso.domains.events.models import Event
from sayso.domains.insight.portal.me import Me
from sayso.domains.ledger.models import Lot
from sayso.domains.ledger.movements import Movement, movements_of
from sayso.domains.ledger.queries import Wallet, lots_of, wallets_of

PAGE = 30
# The calendar's events are nobody's deed.
_WITHOUT_A_DEED = (TIMER,)


@dataclass(frozen=True, slots=True)
class OwnWallet:
    """What a member has of one unit, written out.

    Attributes:
        holds: there is something in it, to spend or not yet, or something is owed.
        name: of the points, in the plural; of money, that it is credit.
        number: how many points, without their name; the amount where the unit is a currency.
        on_the_way, owed, expiring: empty where there is nothing of it.
        expires: the last day of what expires first.
    """

    unit: str
    is_points: bool
    holds: bool
    name: str
    number: str
    amount: str
    on_the_way: str
    owed: str
    expiring: str
    expires: str


@dataclass(frozen=True, slots=True)
class OwnMovement:
    """One movement, written out.

    Attributes:
        reason: why value moved, one of `core.ledger.transfers.Purpose` in small letters.
        account: `available`, `held` or `debt`.
        amount: with its sign, where it changes what they have or owe.
        deed: what happened, as a noun: "purchase"; empty for none.
    """

    day: str
    reason: str
    account: str
    amount: str
    is_gain: bool
    deed: str


def wallets_of_mine(me: Me) -> list[OwnWallet]:
    """Return what a member has of each unit: points first, those of running programs even where there are none yet."""
    found = {each.unit: each for each in wallets_of(me.workspace, me.numbers)}
    units = dict.fromkeys([*(each.unit for each in me.programs if each.unit), *found])
    lots = [lot for lot in lots_of(me.workspace, me.numbers) if lot.expires_at and lot.expires_at > me.now]
    wallets = [_wallet(me, found.get(unit) or Wallet(unit, 0, 0, 0), lots) for unit in units]
    return [each for each in wallets if each.is_points or each.holds]


def _wallet(me: Me, wallet: Wallet, lots: Sequence[Lot]) -> OwnWallet:
    unit, program = wallet.unit, _of_points(me, wallet.unit)
    amount = amount_in(me, unit, wallet.available)
    next_lot = next((lot for lot in lots if lot.unit == unit), None)
    return OwnWallet(
        unit=unit,
        is_points=program is not None,
        holds=bool(wallet.available or wallet.held or wallet.owed),
        name=points_name(program.document, me.voice) if program else me.voice.say("kind.credit"),
        number=me.voice.number(wallet.available) if program else amount,
        amount=amount,
        on_the_way=amount_in(me, unit, wallet.held) if wallet.held else "",
        owed=amount_in(me, unit, wallet.owed) if wallet.owed else "",
        expiring=amount_in(me, unit, next_lot.remaining) if next_lot else "",
        expires=me.last_day(next_lot.expires_at) if next_lot else "",
    )


def movements_of_mine(me: Me, *, before: int = 0) -> tuple[list[OwnMovement], int]:
    """Return a page of a member's movements, and the number before which the next page begins; 0 at the end.

    Args:
        me: whose.
        before: only movements before this one; 0 for the latest.
    """
    rows, following = movements_of(me.workspace, me.numbers, limit=PAGE, before=before)
    positions = {row.about or row.cause for row in rows}
    mine = Event.objects.filter(position__in=positions, workspace=me.workspace, member__in=me.numbers)
    deeds = dict(mine.exclude(type__in=_WITHOUT_A_DEED).values_list("position", "type"))
    found = [
        OwnMovement(
            day=me.day(row.at),
            reason=row.reason,
            account=row.account,
            amount=_moved(me, row),
            is_gain=row.amount > 0,
            deed=_deed(me, deeds.get(row.about or row.cause, "")),
        )
        for row in rows
    ]
    return found, following


def amount_in(me: Me, unit: str, amount: int) -> str:
    """Write an amount of a unit: points by their name, money as money."""
    program = _of_points(me, unit)
    if program is not None:
        return amount_of_points(amount, program.document, me.voice)
    return me.voice.minor(amount, unit) if unit in me.rulebook.currencies else f"{me.voice.number(amount)} {unit}"


def _moved(me: Me, row: Movement) -> str:
    """With its sign, but for what is on its way: it counts when it arrives, and would be added up twice."""
    amount = amount_in(me, row.unit, abs(row.amount))
    if row.account == "held":
        return amount
    return f"{'+' if row.amount > 0 else '−'}{amount}"


def _of_points(me: Me, unit: str) -> CompiledProgram | None:
    """A program that counts in these points, the latest that does; None for a currency."""
    versions = (each for held in me.rulebook.programs.values() for each in reversed(held))
    return next((each for each in versions if each.unit == unit), None)


def _deed(me: Me, kind: str) -> str:
    if not kind:
        return ""
    readers = [me.reader(each) for held in me.rulebook.programs.values() for each in reversed(held)]
    # What happened is nobody's own: the program that has a name for it tells it, else any.
    reader = next((each for each in readers if kind in each.document.names), readers[0] if readers else None)
    text = reader.event(kind).one if reader else me.voice.event(kind).one
    return text[:1].upper() + text[1:]
