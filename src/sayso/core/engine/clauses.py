"""What every kind of clause asks first: is the member in its group, do its conditions hold."""

from sayso.core.engine.decision import Failed, Verdict
from sayso.core.engine.scope import Scope
from sayso.core.program.document import HandKept


def applies(scope: Scope, path: str, group: str | None = None) -> bool:
    """Whether a clause applies to the scope's member; says why when it does not.

    Args:
        path: where the clause stands in the document, `rewards.thanks`.
        group: the group that the clause is for; None for everybody.
    """
    program = scope.program
    if group and not _in_group(scope, group):
        scope.draft.say(program, path, Verdict.NOT_IN_GROUP, seen=group, subject=scope.member)
        return False
    for name, rule in program.conditions.get(path, ()):
        if not rule.check(scope):
            failed = Failed(*rule.failed(scope), name)
            scope.draft.say_failed(program, path, Verdict.CONDITION, failed, scope.member)
            return False
    return True


def _in_group(scope: Scope, group: str) -> bool:
    """Whether the scope's member is in a group (SEMANTICS 37)."""
    kept = scope.program.document.people.groups.get(group)
    if isinstance(kept, HandKept):
        return group in scope.draft.member(scope.member).groups
    rule = scope.program.rules.get(f"people.groups.{group}")
    return rule is not None and rule.check(scope)
