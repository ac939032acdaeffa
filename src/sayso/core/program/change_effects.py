"""What a difference does to members: takes something, gives something, neither, or cannot be told.

Owns the comparison of terms (SEMANTICS 18). It must not write sentences. Where two values cannot be put in order,
the answer is "unclear", never a guess.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

from sayso.core.program.condition_order import harder
from sayso.core.program.differences import Difference, Path
from sayso.core.program.document import Choice, Gift
from sayso.core.program.tree import Node
from sayso.core.program.values import Duration, Limit, Money, MoneyLimit, Percent, Rate

Effect = Literal["better", "worse", "same", "unclear"]

# A place is found by its end; "*" stands for a name. What is not listed here changes words or our own costs only.
_MORE_IS_BETTER: tuple[Path, ...] = (
    ("referral", "window"),
    ("steps", "*", "within"),
    ("rewards", "*", "limit"),
    ("recurring", "within"),
    ("recurring", "times"),
    ("earn", "*", "give"),
    ("earn", "*", "limit"),
    ("earn", "*", "cap"),
    ("multiply", "*"),
    ("expire", "after"),
    ("drop", "grace"),
    ("drop", "one_level"),
    ("budget", "amount"),
    ("budget", "roll_over"),
    ("guard", "speed"),
    ("runs", "until"),
)
_LESS_IS_BETTER: tuple[Path, ...] = (
    ("rewards", "*", "hold"),
    ("rewards", "*", "review"),
    ("rewards", "*", "every"),
    ("rewards", "*", "refunds_within"),
    ("refunds_within",),
    ("levels", "*"),
    ("runs", "from"),
)
# Without a value these count as the smallest; every other place without a value is without a bound.
_NOTHING_IS_LEAST: tuple[Path, ...] = (
    ("multiply", "*"),
    ("rewards", "*", "hold"),
    ("rewards", "*", "every"),
    ("runs", "from"),
)
_ADDED_IS_WORSE: tuple[Path, ...] = (
    ("rewards", "*", "if"),
    ("rewards", "*", "for"),
    ("rewards", "*", "when"),
    ("steps", "*", "when"),
    ("earn", "*", "if"),
    ("earn", "*", "for"),
    ("earn", "*", "when"),
    ("badges", "*", "if"),
    ("badges", "*", "when"),
    ("people", "advocates"),
    ("people", "friends"),
    ("points", "expire"),
    ("exclusive",),
    ("budget",),
)
_ADDED_IS_BETTER: tuple[Path, ...] = (
    ("rewards", "*"),
    ("referral",),
    ("points",),
    ("points", "earn", "*"),
    ("tiers",),
    ("badges", "*"),
)
_ONLY_A_CHANGE_COUNTS: tuple[Path, ...] = (("facts", "*"), ("attributes", "*"))
_STRICTNESS = {"allow": 0, "review": 1, "block": 2}
_SCALES: dict[str, dict[str, int]] = {
    **dict.fromkeys(("same_person", "same_device", "disposable_email", "known_address", "on_speed"), _STRICTNESS),
    "when_spent": {"wait": 0, "stop": 1},
}
_WORDS_ONLY = frozenset(
    {"title", "why", "goals", "ideal_customer", "customer_value", "staff_grants", "asking", "messages", "page"}
    | {"applies_to", "sayso"}
)
_OUR_OWN: tuple[Path, ...] = (("points", "name"), ("points", "value"), ("expire", "remind"), ("names", "*"), ("names",))
_NAMES: tuple[Path, ...] = (("tiers", "names"), ("badges", "*", "name"))


def effect_of(difference: Difference) -> Effect:
    """What one difference does to members, taken by itself."""
    path = difference.path
    if path[0] in _WORDS_ONLY or _ends(path, (*_OUR_OWN, *_NAMES)):
        return "same"
    if difference.order:
        return "unclear" if path in (("rewards",), ("referral", "steps"), ("people", "groups")) else "same"
    if _ends(path, (*_MORE_IS_BETTER, *_LESS_IS_BETTER)):
        return _by_size(difference)
    if _ends(path, (("rewards", "*", "give"), ("by_count", "*"))):
        return _given(difference)
    if path[-1] in _SCALES and difference.kind == "changed":
        scale = _SCALES[path[-1]]
        return _signed(scale[difference.old] - scale[difference.new])
    return _by_presence(difference)


def effect_of_condition(difference: Difference, old: Node, new: Node) -> Effect:
    """What another condition does to members: one that is harder to meet takes from whom it lets through."""
    if old == new:
        return "same"
    plain = effect_of(difference)
    if plain != "unclear" or not _ends(difference.path, _ADDED_IS_WORSE):
        return plain
    order = harder(old, new)
    return "unclear" if order is None else _signed(-order)


def _ends(path: Path, places: Iterable[Path]) -> bool:
    return any(
        len(path) >= len(place)
        and all(asked in ("*", part) for asked, part in zip(place, path[-len(place) :], strict=True))
        and (len(place) > 1 or len(path) == 1)
        for place in places
    )


def _signed(sign: int | None) -> Effect:
    if sign is None:
        return "unclear"
    return "better" if sign > 0 else "worse" if sign < 0 else "same"


def _by_presence(difference: Difference) -> Effect:
    path, kind = difference.path, difference.kind
    if path[-1] == "per" and path[0] == "rewards" and len(path) == 3:
        return "worse" if difference.new == "account" else "better"
    if kind == "changed":
        return "unclear"
    if _ends(path, _ONLY_A_CHANGE_COUNTS) or (path[:2] == ("people", "groups") and kind == "added"):
        return "same"
    if _ends(path, _ADDED_IS_WORSE):
        return "worse" if kind == "added" else "better"
    if _ends(path, _ADDED_IS_BETTER):
        return "better" if kind == "added" else "worse"
    return "unclear"


def _by_size(difference: Difference) -> Effect:
    path = difference.path
    if _ends(path, (("levels", "*"),)) and difference.kind != "changed":
        return "unclear"
    sign = _size(difference.old, difference.new, nothing_is_least=_ends(path, _NOTHING_IS_LEAST))
    if sign is None:
        return "unclear"
    return _signed(sign if _ends(path, _MORE_IS_BETTER) else -sign)


def _size(old: Any, new: Any, *, nothing_is_least: bool) -> int | None:
    if old is None or new is None:
        grows = (old is None) == nothing_is_least
        return 1 if grows else -1
    return compare(old, new)


# --- values -----------------------------------------------------------------------------------------------------


def compare(old: Any, new: Any) -> int | None:
    """1 when the new value is larger, -1 when it is smaller, 0 when both are the same, None when nobody can tell."""
    if old == new:
        return 0
    if type(old) is not type(new):
        return None
    if isinstance(old, Duration):
        return _durations(old, new)
    pair = _measures(old, new)
    return None if pair is None else (1 if pair[1] > pair[0] else -1)


def _measures(old: Any, new: Any) -> tuple[Any, Any] | None:
    match old:
        case bool() | int() | date():
            return old, new
        case Money():
            return (old.minor, new.minor) if old.currency == new.currency else None
        case Percent():
            return old.basis_points, new.basis_points
        case Rate():
            return (old.per_minor, new.per_minor) if old.per.currency == new.per.currency else None
        case Limit():
            return (old.count, new.count) if old.per == new.per else None
        case MoneyLimit():
            return _measures(old.amount, new.amount) if old.per == new.per else None
    return None


def _durations(old: Duration, new: Duration) -> int | None:
    """Months have 28 to 31 days: lengths are put in order only where that holds for every calendar."""
    if old.months and new.months and (old.days, old.hours) == (new.days, new.hours):
        return 1 if new.months > old.months else -1
    (old_least, old_most), (new_least, new_most) = _hours(old), _hours(new)
    if new_least > old_most:
        return 1
    return -1 if new_most < old_least else None


def _hours(length: Duration) -> tuple[int, int]:
    fixed = length.days * 24 + length.hours
    return length.months * 28 * 24 + fixed, length.months * 31 * 24 + fixed


# --- gifts ------------------------------------------------------------------------------------------------------


def _given(difference: Difference) -> Effect:
    if difference.kind != "changed":
        return "unclear"
    return _bundles(difference.old, difference.new)


def _bundles(old: Sequence[Gift | Choice], new: Sequence[Gift | Choice]) -> Effect:
    """Several things given together, or several to choose from: more of them is better."""
    left, right = list(old), list(new)
    for each in list(left):
        if each in right:
            left.remove(each)
            right.remove(each)
    if not left or not right:
        return "worse" if left else "better" if right else "same"
    if len(left) != len(right):
        return "unclear"
    return _together(_gift(one, other) for one, other in zip(left, right, strict=True))


def _together(effects: Iterable[Effect]) -> Effect:
    found = set(effects) - {"same"}
    if not found:
        return "same"
    return found.pop() if len(found) == 1 else "unclear"


def _gift(old: Gift | Choice, new: Gift | Choice) -> Effect:
    if isinstance(old, Choice) and isinstance(new, Choice):
        return _bundles(old.choice, new.choice)
    if isinstance(old, Choice) or isinstance(new, Choice) or old.kind != new.kind:
        return "unclear"
    order = _size(old.minimum_order, new.minimum_order, nothing_is_least=True)
    if old.minimum_order == new.minimum_order:
        order = 0
    return _together(
        (
            _signed(compare(old.value, new.value)),
            _signed(None if order is None else -order),
            _bounded(old.expires, new.expires),
            _bounded(old.up_to, new.up_to),
        )
    )


def _bounded(old: Any, new: Any) -> Effect:
    return "same" if old == new else _signed(_size(old, new, nothing_is_least=False))


def gift_direction(old: Sequence[Gift | Choice], new: Sequence[Gift | Choice]) -> int | None:
    """Whether one gift of one kind rises or falls; None for everything else."""
    if len(old) != 1 or len(new) != 1 or not isinstance(old[0], Gift) or not isinstance(new[0], Gift):
        return None
    plain = old[0].model_copy(update={old[0].kind: new[0].value}) if old[0].kind == new[0].kind else None
    return compare(old[0].value, new[0].value) if plain == new[0] else None
