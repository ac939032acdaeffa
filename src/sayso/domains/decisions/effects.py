"""What an event made: the rewards it gave and the referrals it opened or moved, for whoever sent it.

Owns which rows an answer tells of, so that a repeat tells of the same ones as the first answer. Their states are
those of the moment. It must not decide, and works on whole batches of answers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from sayso.core.engine.decision import Decision
from sayso.core.engine.events import SPAN, Arrival
from sayso.core.engine.replay import without_collector
from sayso.core.engine.rows import Referral, Reward
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.answers import repeat_of
from sayso.domains.decisions.batch import Batch, decide_waiting, waiting_of
from sayso.domains.decisions.dialect import Tables, open_tables
from sayso.domains.decisions.elsewhere import Waits, told_why, waits_of
from sayso.domains.events.answer import Answer
from sayso.domains.events.models import Event
from sayso.domains.referrals.rows import REFERRALS
from sayso.domains.rewards.rows import REWARDS
from sayso.domains.workspaces.head import HeadBusy

_REWARDS, _REFERRALS = "rewards.", "referral"
# More ranges of keys in one statement are more than SQLite's parser takes.
_MOST_RANGES = 200


@dataclass(slots=True)
class Told:
    """An answer with what the event made; oldest first."""

    answer: Answer
    rewards: Sequence[Reward] = ()
    referrals: Sequence[Referral] = ()


class PartlyDecided(HeadBusy):
    """Somebody else had the workspace before all were decided; whoever asks again finds these as repeats.

    Attributes:
        told: what was told of those that were decided, by their place.
    """

    def __init__(self, told: Mapping[int, Told]) -> None:
        super().__init__(f"somebody else had the workspace after {len(told)} events were decided")
        self.told = told


def decide_and_tell(workspace: int, arrivals: Sequence[Arrival], *, now: datetime) -> list[Told]:
    """Decide arrivals as `decide_batch` does, and tell what each of them made; a repeat's is looked up.

    Raises:
        PartlyDecided: within `waiting_at_most`, where somebody else held the workspace before all were decided.
    """
    batch = Batch(workspace, moment_of(now))
    try:
        with without_collector():
            decide_waiting(batch, waiting_of(arrivals))
    except HeadBusy as error:
        raise PartlyDecided(_told(batch, arrivals)) from error
    told = _told(batch, arrivals)
    return [told[at] for at in range(len(arrivals))]


def _told(batch: Batch, arrivals: Sequence[Arrival]) -> dict[int, Told]:
    told = {at: Told(answer) for at, answer in batch.answers.items()}
    repeated: list[Told] = []
    waiting: dict[int, Waits] = {}
    for at, each in told.items():
        if each.answer.decision is not None:
            _take_from(each, each.answer.decision)
        elif each.answer.repeated and each.answer.reasons:
            repeated.append(each)
        elif each.answer.status == "set_aside":
            waiting[at] = Waits(arrivals[at].source, arrivals[at].refers_to, each.answer.problem)
    if repeated:
        _look_up(batch.workspace, repeated)
    for at, why in zip(waiting, told_why(batch.workspace, [*waiting.values()]), strict=True):
        told[at].answer.problem = why
    return told


def told_of(event: Event) -> Told:
    """Tell what became of an event of the log; the states of what it made are those of now."""
    told = Told(repeat_of(event))
    if told.answer.status == "set_aside":
        (told.answer.problem,) = told_why(event.workspace_id, [waits_of(event)])
    if told.answer.reasons:
        _look_up(event.workspace_id, [told])
    return told


def _take_from(told: Told, decision: Decision) -> None:
    position, rows = told.answer.position, decision.rows
    if rows:
        told.rewards = [row for number, row in rows.get("rewards", {}).items() if number // SPAN == position]
        told.referrals = [row for row in rows.get("referrals", {}).values() if _moved(row, position)]


def _moved(row: Referral, position: int) -> bool:
    return row.id // SPAN == position or position in row.taken_by.values()


def _look_up(workspace: int, repeated: Sequence[Told]) -> None:
    tables = open_tables(connection, workspace)
    giving = {each.answer.position for each in repeated if _speaks_of(each.answer, _REWARDS)}
    given = defaultdict(list)
    for reward in _rewards_of(tables, giving):
        given[reward.id // SPAN].append(reward)
    moving = {each.answer.member for each in repeated if _speaks_of(each.answer, _REFERRALS)} - {0}
    moved = defaultdict(list)
    for referral in sorted(tables.find(REFERRALS, "friend", moving), key=lambda row: row.id):
        moved[referral.friend].append(referral)
    for each in repeated:
        position = each.answer.position
        each.rewards = given.get(position, [])
        each.referrals = [row for row in moved.get(each.answer.member, ()) if _moved(row, position)]


def _speaks_of(answer: Answer, clause: str) -> bool:
    return any(reason.clause.startswith(clause) for reason in answer.reasons)


def _rewards_of(tables: Tables, positions: Collection[int]) -> Iterator[Reward]:
    """What events made has numbers that begin with the event's position."""
    ordered = sorted(positions)
    for first in range(0, len(ordered), _MOST_RANGES):
        some = ordered[first : first + _MOST_RANGES]
        ranges = " OR ".join(["id BETWEEN %s AND %s"] * len(some))
        bounds = [bound for position in some for bound in (position * SPAN, (position + 1) * SPAN - 1)]
        yield from sorted(REWARDS.to_rows(tables.where(REWARDS, f"({ranges})", bounds)), key=lambda row: row.id)
