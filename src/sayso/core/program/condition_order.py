"""Which of two conditions is harder to meet, where that can be told from how they are written.

Owns that comparison. It must not say what a harder condition means for anybody, and it never guesses.
"""

from collections.abc import Iterable
from decimal import Decimal

from sayso.core.program.tree import All, AnyOf, Compare, Node, Value

_RISING, _FALLING = (">", ">="), ("<", "<=")


def harder(old: Node, new: Node) -> int | None:
    """1 when the new condition is met only where the old one is, -1 when wherever it is, 0 when both are the same.

    None when nobody can tell: the two ask for different things, or one is harder here and easier there.
    """
    if old == new:
        return 0
    if isinstance(old, Compare) and isinstance(new, Compare):
        return _comparisons(old, new)
    for kind, more_is in ((All, 1), (AnyOf, -1)):
        if isinstance(old, kind) or isinstance(new, kind):
            return _groups(_parts(old, kind), _parts(new, kind), more_is)
    return None


def _parts(node: Node, kind: type[All] | type[AnyOf]) -> tuple[Node, ...]:
    return node.parts if isinstance(node, kind) else (node,)


def _groups(old: tuple[Node, ...], new: tuple[Node, ...], more_is: int) -> int | None:
    """Parts that came or went, or as many parts of which some are harder; never both at once."""
    gone = [part for part in old if part not in new]
    came = [part for part in new if part not in old]
    if not gone or not came:
        return more_is if came else -more_is
    if len(gone) != len(came):
        return None
    return _together(harder(one, other) for one, other in zip(gone, came, strict=True))


def _together(orders: Iterable[int | None]) -> int | None:
    found = set(orders) - {0}
    return found.pop() if len(found) == 1 else None if found else 0


def _comparisons(old: Compare, new: Compare) -> int | None:
    if old.left != new.left or not isinstance(old.right, Value) or not isinstance(new.right, Value):
        return None
    if old.right.type != new.right.type:
        return None
    before, after = old.right.value, new.right.value
    if old.operator == new.operator and isinstance(before, tuple) and isinstance(after, tuple):
        return _lists(set(before), set(after), old.operator)
    if not _is_number(before) or not _is_number(after):
        return None
    for operators, sign in ((_RISING, 1), (_FALLING, -1)):
        if old.operator in operators and new.operator in operators:
            # Between the same bounds, the one that leaves the bound itself out is the harder one.
            if before == after:
                return len(old.operator) - len(new.operator)
            return sign if after > before else -sign  # type: ignore[operator]
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _lists(before: set[str | int], after: set[str | int], operator: str) -> int | None:
    sign = 1 if operator == "in" else -1
    if after < before:
        return sign
    return -sign if before < after else None
