"""The reasons of a decision as its sender reads them.

Owns which numbers of the engine are names of somebody or something: those are told as public ids. It must not put a
reason into words; that is done where somebody asks why.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sayso.core.engine.decision import Verdict
from sayso.core.engine.rows import Reason
from sayso.core.program.calendar import datetime_of
from sayso.domains.workspaces.ids import public_id
from sayso.web.api.shapes import written

_VERDICTS = {int(verdict): verdict.name.lower() for verdict in Verdict}
_OF_REWARDS = ("rewards", "staff_grants")
_NAMES_A_REWARD = frozenset({
    Verdict.MET, Verdict.ISSUED, Verdict.RELEASED, Verdict.EXPIRED, Verdict.LAPSED, Verdict.OUTSIDE_REFUND_TIME,
    Verdict.GUARD_REVIEW, Verdict.GAVE_WAY,
})  # fmt: skip


def reasons_as_dicts(reasons: Iterable[Reason], *, rewards: Collection[int]) -> list[dict[str, Any]]:
    """Return reasons as they are written.

    Args:
        reasons: of one decision.
        rewards: the numbers of those that it granted or changed.
    """
    return [
        {
            "program": each.program,
            "version": each.version,
            "clause": each.clause,
            "verdict": _VERDICTS[each.verdict],
            "seen": _seen(each, rewards),
            "member": public_id("mem", each.subject) if each.subject else None,
        }
        for each in reasons
    ]


def _seen(reason: Reason, rewards: Collection[int]) -> Any:
    seen, verdict, place = reason.seen, reason.verdict, reason.clause.partition(".")[0]
    if type(seen) is not int or verdict == Verdict.CONDITION:
        return seen
    if verdict == Verdict.STEP_TOO_LATE:
        return written(datetime_of(seen))
    if reason.clause == "referral" or verdict in (Verdict.MERGED, Verdict.CODE_TAKEN):
        return public_id("mem", seen)
    # What is taken back is a whole reward, or so much of one.
    taken_back_whole = verdict == Verdict.TAKEN_BACK and seen in rewards
    if place in _OF_REWARDS and (verdict in _NAMES_A_REWARD or taken_back_whole):
        return public_id("rew", seen)
    return seen
