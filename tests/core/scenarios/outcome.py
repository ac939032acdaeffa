"""What came of a scenario, in names instead of numbers, and where it differs from what must come of it.

Owns the comparison. Each store makes an `Outcome` of itself; this module must not know how.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sayso.core.engine.decision import Verdict
from sayso.core.program.values import Money


class GrantedReward(NamedTuple):
    """A reward; `cost` in minor units of its program's currency, `items` the kinds that are given for certain."""

    member: str
    program: str
    version: int
    clause: str
    state: str
    cost: int
    items: list[str]


class OpenedReferral(NamedTuple):
    """A referral, from the moment both sides are known."""

    program: str
    version: int
    advocate: str
    friend: str
    status: str


class GivenReason(NamedTuple):
    """Why a clause came out as it did; `event` is the company's id of the event, `verdict` in lower-case words."""

    event: str
    program: str
    clause: str
    verdict: str
    member: str
    seen: Any


@dataclass(slots=True)
class Outcome:
    """What a store holds when everything has happened.

    Attributes:
        rewards: oldest first.
        wallets: (member, unit) to available, held and owed.
        tiers, badges: (member, program) to what they have there.
        budgets: program to what is left, in minor units.
        books: (kind of ledger account, unit) to the sum of their balances.
        set_aside: ids of the events that could not be decided.
        refused: paths of what kept a document from being published.
        order_sensitive: paths of what its check marks as order-sensitive.
        numbers: the member's name to their number, which a reason may have seen.
    """

    rewards: list[GrantedReward] = field(default_factory=list)
    wallets: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    referrals: list[OpenedReferral] = field(default_factory=list)
    tiers: dict[tuple[str, str], str] = field(default_factory=dict)
    badges: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    budgets: dict[str, int] = field(default_factory=dict)
    books: dict[tuple[str, str], int] = field(default_factory=dict)
    reasons: list[GivenReason] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    order_sensitive: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


def held(outcome: Outcome) -> tuple[object, ...]:
    """What members have in the end; timers fire anew in a replay, so reasons may come in another order."""
    return outcome.rewards, outcome.wallets, outcome.referrals, outcome.tiers, outcome.badges, outcome.books


def verdict_words(verdict: int) -> str:
    """A verdict as a scenario writes it: `limit reached`."""
    return Verdict(verdict).name.lower().replace("_", " ")


def mismatches(expect: Mapping[str, Any], outcome: Outcome) -> list[str]:
    """Where the outcome is not what it must be; empty when all holds.

    Args:
        expect: parts by name. `rewards` and `referrals` are complete lists; of each entry the named fields are
            compared. `balances`, `tiers`, `badges`, `budget` and `books` compare what they name. `reasons` must each
            be among those given. `set_aside`, `refused` and `order_sensitive` are complete lists of names; the first
            two are empty unless they are named.

    Raises:
        KeyError: there is no such part.
    """
    wanted = {"set_aside": [], "refused": [], **expect}
    return [problem for part, value in wanted.items() for problem in _PARTS[part](value, outcome)]


def _rewards(wanted: list[dict[str, Any]], outcome: Outcome) -> Iterator[str]:
    yield from _lists("rewards", wanted, outcome.rewards)


def _referrals(wanted: list[dict[str, Any]], outcome: Outcome) -> Iterator[str]:
    yield from _lists("referrals", wanted, outcome.referrals)


def _lists(part: str, wanted: list[dict[str, Any]], found: Iterable[Any]) -> Iterator[str]:
    rows = [row._asdict() for row in found]
    seen = [{name: row[name] for name in want} for want, row in zip(wanted, rows, strict=False)]
    minor = [{name: _minor(value) for name, value in want.items()} for want in wanted]
    if minor != seen or len(wanted) != len(rows):
        yield f"{part}: expected {wanted}, found {rows}"


def _minor(value: Any) -> Any:
    """An amount of money in minor units; everything else as it is."""
    try:
        return Money.parse(value).minor if isinstance(value, str) else value
    except ValueError:
        return value


def _balances(wanted: list[dict[str, Any]], outcome: Outcome) -> Iterator[str]:
    for entry in wanted:
        for place, name in enumerate(("available", "held", "owes")):
            if name in entry:
                unit, amount = _quantity(entry[name])
                found = outcome.wallets.get((entry["member"], unit), (0, 0, 0))[place]
                if found != amount:
                    yield f"balances: expected {entry['member']} {name} {entry[name]}, found {found}"


def _quantity(text: str) -> tuple[str, int]:
    number, _, unit = text.partition(" ")
    return (unit, Money.parse(text).minor) if unit.isupper() else (unit, int(number))


def _standing(part: str) -> Any:
    def compare(wanted: dict[str, Any], outcome: Outcome) -> Iterator[str]:
        for member, value in wanted.items():
            held: dict[tuple[str, str], Any] = getattr(outcome, part)
            nothing: list[str] | None = [] if isinstance(value, list) else None
            found = next((held[who, program] for who, program in held if who == member), nothing)
            if found != value:
                yield f"{part}: expected {member} {value}, found {found}"

    return compare


def _budget(wanted: Any, outcome: Outcome) -> Iterator[str]:
    by_program = wanted if isinstance(wanted, dict) else {next(iter(outcome.budgets), ""): wanted}
    for program, amount in by_program.items():
        if outcome.budgets.get(program) != _minor(amount):
            yield f"budget: expected {program} {amount}, found {outcome.budgets.get(program)}"


def _books(wanted: dict[str, str], outcome: Outcome) -> Iterator[str]:
    for kind, text in wanted.items():
        unit, amount = _quantity(text)
        if outcome.books.get((kind, unit), 0) != amount:
            yield f"books: expected {kind} {text}, found {outcome.books.get((kind, unit), 0)}"


def _reasons(wanted: list[dict[str, Any]], outcome: Outcome) -> Iterator[str]:
    for entry in wanted:
        if not any(_fits(entry, reason, outcome) for reason in outcome.reasons):
            near = [tuple(reason) for reason in outcome.reasons if reason.clause == entry.get("clause", reason.clause)]
            yield f"reasons: expected {entry}, found {near}"


def _fits(entry: dict[str, Any], reason: GivenReason, outcome: Outcome) -> bool:
    found = reason._asdict()
    return all(
        found[name] == value or (name == "seen" and found[name] in (_minor(value), outcome.numbers.get(value, value)))
        for name, value in entry.items()
    )


def _names(part: str) -> Any:
    def compare(wanted: list[Any], outcome: Outcome) -> Iterator[str]:
        found = getattr(outcome, part)
        if [str(each) for each in wanted] != found:
            yield f"{part}: expected {wanted}, found {found}"

    return compare


_PARTS: dict[str, Any] = {
    "rewards": _rewards,
    "referrals": _referrals,
    "balances": _balances,
    "tiers": _standing("tiers"),
    "badges": _standing("badges"),
    "budget": _budget,
    "books": _books,
    "reasons": _reasons,
    "set_aside": _names("set_aside"),
    "refused": _names("refused"),
    "order_sensitive": _names("order_sensitive"),
}
