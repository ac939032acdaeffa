"""What of a condition hangs on the event's amount alone, so that a refund can ask it again.

Owns that part. What hangs on other facts was judged when the event came, and is not judged anew (SEMANTICS 32).
"""

from collections.abc import Mapping
from dataclasses import replace

from sayso.core.program.conditions import Condition
from sayso.core.program.tree import All, AnyOf, Node, names


def amount_conditions(conditions: Mapping[str, Condition]) -> dict[str, list[Condition]]:
    """Of each clause, by its path, the parts of its `when` and `if` that the amount alone decides."""
    found: dict[str, list[Condition]] = {}
    for path, condition in conditions.items():
        clause, _, key = path.rpartition(".")
        tree = _amount_part(condition.tree) if key in ("when", "if") else None
        if tree is not None:
            found.setdefault(clause, []).append(replace(condition, tree=tree, names=frozenset(names(tree))))
    return found


def _amount_part(node: Node) -> Node | None:
    """The part of a tree that asks for the amount only; None where whatever is left of the amount would do."""
    if not isinstance(node, All | AnyOf):
        return node if {name.path for name in names(node)} == {"event.amount"} else None
    parts = [_amount_part(part) for part in node.parts]
    kept = tuple(part for part in parts if part is not None)
    if isinstance(node, AnyOf):
        return AnyOf(kept) if len(kept) == len(parts) else None
    return All(kept) if kept else None
