"""The fast reading of a condition: Python code made for one tree.

Owns the code that the engine runs for every event. What a value means is `condition_failure`'s, and a property test
holds the two together. Nothing from a document reaches the code as text: constants are bound by number.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from sayso.core.program.calendar import FIRST_WITH_A_DAY, LAST_WITH_A_DAY, Day, Moment
from sayso.core.program.condition_failure import by_day, collection, number
from sayso.core.program.tree import All, AnyOf, Arithmetic, Call, Flag, Leaf, Name, Node, Term, Value, leaves, names

_CHECKS = {
    "bool": "type({value}) is bool",
    "text": "type({value}) is str",
    "whole": "type({value}) is int",
    "money": "type({value}) is int",
    "date": "type({value}) is int",
    "moment": "type({value}) is int",
    "decimal": "({name} := number({raw})) is not None",
    "tags": "({name} := collection({raw})) is not None",
}


@dataclass(slots=True)
class _Writer:
    """The code of one condition while it is written, and what its names are bound to."""

    bound: dict[str, Any]
    shared: dict[str, str] = field(default_factory=dict)
    fetchers: dict[str, str] = field(default_factory=dict)
    temporaries: int = 0

    def bind(self, prefix: str, value: object) -> str:
        """A fresh name for a value that the code needs."""
        name = f"{prefix}{len(self.bound)}"
        self.bound[name] = value
        return name

    def raw(self, name: Name) -> str:
        """The code that gives a name's value."""
        return self.shared.get(name.path) or f"{self.fetchers[name.path]}(scope)"

    def temporary(self) -> str:
        """A fresh name for a value that the code keeps."""
        self.temporaries += 1
        return f"t{self.temporaries}"


def compile_tree(
    tree: Node,
    resolve: Callable[[Name], Callable[[Any], object]],
    *,
    today: Callable[[Any], Day],
    day_of: Callable[[Moment], Day],
) -> Callable[[Any], bool]:
    """Make a function that decides a tree for one scope (see `Condition.compile`)."""
    writer = _Writer({"number": number, "collection": collection, "Fraction": Fraction, "today": today, "day": day_of})
    uses: Counter[str] = Counter()
    for leaf in leaves(tree):
        asked = {name.path: name for name in names(leaf)}
        uses.update(asked.keys())
        for path, name in asked.items():
            if path not in writer.fetchers:
                writer.fetchers[path] = writer.bind("fetch", resolve(name))
    lines = ["def condition(scope):"]
    for path in (path for path, count in uses.items() if count > 1):
        writer.shared[path] = writer.temporary()
        lines.append(f"    {writer.shared[path]} = {writer.fetchers[path]}(scope)")
    lines.append(f"    return {_node(writer, tree)}")
    exec(compile("\n".join(lines), "<condition>", "exec"), writer.bound)  # noqa: S102 - the text is ours, see above
    return cast("Callable[[Any], bool]", writer.bound["condition"])


def _node(writer: _Writer, node: Node) -> str:
    if isinstance(node, All | AnyOf):
        word = " and " if isinstance(node, All) else " or "
        return "(" + word.join(_node(writer, part) for part in node.parts) + ")"
    return _leaf(writer, node)


def _leaf(writer: _Writer, leaf: Leaf) -> str:
    if isinstance(leaf, Flag):
        return f"({writer.raw(leaf.name)} is {leaf.expected})"
    checks: list[str] = []
    values: dict[tuple[str, str], str] = {}
    for name in names(leaf):
        if (name.path, name.type) not in values:
            variable, check = _checked(writer, name)
            values[name.path, name.type] = variable
            checks.append(check)
    term = _TermWriter(writer, values, checks)
    write = term.day if by_day(leaf) else term.side
    left, right = write(leaf.left), write(leaf.right)
    return "(" + " and ".join([*checks, f"{left} {leaf.operator} {right}"]) + ")"


def _checked(writer: _Writer, name: Name) -> tuple[str, str]:
    """The variable that holds a name's value, and the check that it is known and of its type."""
    raw, check = writer.raw(name), _CHECKS[name.type]
    if "{raw}" in check:
        variable = writer.temporary()
        return variable, check.format(name=variable, raw=raw)
    if name.path in writer.shared:
        return raw, check.format(value=raw)
    variable = writer.temporary()
    return variable, check.format(value=f"({variable} := {raw})")


@dataclass(slots=True)
class _TermWriter:
    """The code of the terms of one leaf; a divisor adds its own check."""

    writer: _Writer
    values: dict[tuple[str, str], str]
    checks: list[str]

    def side(self, term: Term) -> str:
        """The code of a side of a comparison."""
        if isinstance(term, Value):
            value = frozenset(term.value) if isinstance(term.value, tuple) else term.value
            return repr(value) if type(value) is int else self.writer.bind("value", value)
        if isinstance(term, Name):
            return self.values[term.path, term.type]
        if isinstance(term, Call):
            day = self.day(term.argument)
            return f"(today(scope) - {day})" if term.function == "days_since" else f"({day} - today(scope))"
        return self._arithmetic(term)

    def day(self, term: Term) -> str:
        """The code of the local day of a date or a moment."""
        side = self.side(term)
        if term.type != "moment":
            return side
        self.checks.append(f"{FIRST_WITH_A_DAY} <= {side} <= {LAST_WITH_A_DAY}")
        return f"day({side})"

    def _arithmetic(self, term: Arithmetic) -> str:
        left, right = self._exact(term.left), self._exact(term.right)
        if term.operator != "/":
            return f"({left} {term.operator} {right})"
        divisor = self.writer.temporary()
        self.checks.append(f"({divisor} := {right}) != 0")
        return f"(Fraction({left}) / {divisor})"

    def _exact(self, term: Term) -> str:
        """Decimals calculate as fractions, so that no digit is lost."""
        if isinstance(term, Value) and isinstance(term.value, Decimal):
            return self.writer.bind("value", Fraction(term.value))
        code = self.side(term)
        return f"Fraction({code})" if isinstance(term, Name) and term.type == "decimal" else code
