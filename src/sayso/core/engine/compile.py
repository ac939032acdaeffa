"""Compiling one version of a program: its conditions become functions that a scope is put to.

Owns nothing that lasts: what it makes is a `CompiledProgram`. It must not read the text of a document.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sayso.core.engine.net import amount_conditions
from sayso.core.engine.rulebook import Check, CompiledProgram, Edition, Rule, Rules
from sayso.core.engine.scope import Getter, Scope, resolver
from sayso.core.program.calendar import Calendar, Day
from sayso.core.program.conditions import Condition
from sayso.core.program.document import Document
from sayso.core.program.tree import Name

Resolve = Callable[[Name], Getter]


def compile_program(
    document: Document, conditions: Mapping[str, Condition], calendar: Calendar, edition: Edition
) -> CompiledProgram:
    """Compile a document.

    Args:
        document: a document without problems.
        conditions: its conditions, by their place in it.
        calendar: the workspace's.
        edition: which version of which program it is, and from when it holds.
    """
    resolve = resolver(document)

    def check(condition: Condition) -> Check:
        return condition.compile(resolve, today=_today, day_of=calendar.day)

    by_path = {path: Rule(each, check(each), _failing(each, resolve)) for path, each in conditions.items()}
    on_amount = {clause: [check(part) for part in parts] for clause, parts in amount_conditions(conditions).items()}
    return CompiledProgram(document, Rules(by_path, on_amount), calendar, edition)


def _today(scope: Scope) -> Day:
    return scope.draft.event.day


def _failing(condition: Condition, resolve: Resolve) -> Callable[[Scope], tuple[int, Any]]:
    def failed(scope: Scope) -> tuple[int, Any]:
        failure = condition.explain_failure(resolve, scope, today=_today, day_of=scope.draft.calendar.day)
        return (failure.leaf, failure.seen) if failure else (-1, None)

    return failed
