"""What happened lately: the last events of a workspace, each with what was decided, in words for the staff.

Owns the joining of the log's end with people and versions. It must not read further back than it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import PROGRAM_PAUSED, PROGRAM_PUBLISHED, PROGRAM_RESUMED, TIMER
from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.why import render
from sayso.core.program.explain.voice import Language, voice_of
from sayso.domains.events.models import Event, State
from sayso.domains.events.outcome import reasons_of
from sayso.domains.people.queries import refs_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

# A decision that gave nothing has a reason for each clause that might have; the first ones tell enough.
MOST_SENTENCES = 3
# How far back the last event that was no timer is looked for.
MOST_READ = 5000
_OF_PROGRAMS = (PROGRAM_PUBLISHED, PROGRAM_PAUSED, PROGRAM_RESUMED)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of the log.

    Attributes:
        member: the company's name for whom it is about; empty for the workspace's own events.
        amount: with its currency, as the reader writes it; empty where there is none.
        decided: what came of it, a sentence for each clause.
        failure: why it was set aside; empty when it was decided.
        program, version: which program it published, paused or resumed; empty and 0 where it is about none.
    """

    position: int
    type: str
    member: str
    occurred_at: datetime | None
    amount: str
    decided: tuple[str, ...]
    failure: str
    program: str
    version: int


def happened_lately(workspace: Workspace, *, language: Language, limit: int) -> list[Happened]:
    """Return the last events of the log, the newest first.

    Args:
        workspace: whose log.
        language: of the reader.
        limit: how many at most.
    """
    rows = _last_rows(workspace, limit)
    reasons = {row.position: _telling(reasons_of(row.outcome)) for row in rows}
    people = {row.member for row in rows}
    for each in chain.from_iterable(reasons.values()):
        people |= {each.subject, each.seen} if each.verdict == Verdict.CODE_TAKEN else {each.subject}
    teller = _Teller(rulebook_of(head_of(workspace)), refs_of(workspace, people), language)
    return [teller.told(row, reasons[row.position]) for row in rows]


def _last_rows(workspace: Workspace, limit: int) -> list[Event]:
    """The last events that came in; timers only where nothing else came, since they may be many at once."""
    head = head_of(workspace).position
    # The place of one set aside and decided later is empty; what came of it stands at its new place.
    near = Event.objects.filter(workspace=workspace, position__gt=head - MOST_READ).exclude(state=State.REPLAYED)
    newest = near.order_by("-position")
    return list(newest.exclude(type=TIMER)[:limit]) or list(newest[:limit])


def _telling(reasons: list[Reason]) -> list[Reason]:
    """What came out, when something did, rewards first; else why nothing did."""
    met = [each for each in reasons if each.verdict == Verdict.MET and _gives(each.clause)]
    return sorted(met, key=lambda each: not each.clause.startswith("rewards.")) or reasons


def _gives(clause: str) -> bool:
    return not clause.startswith(("people.", "guard.")) and clause != "member"


@dataclass(frozen=True, slots=True)
class _Teller:
    rulebook: Rulebook
    names: dict[int, str]
    language: Language

    def told(self, row: Event, reasons: list[Reason]) -> Happened:
        amount = row.amount_minor
        return Happened(
            position=row.position,
            type=row.type,
            member=self.names.get(row.member, row.ref) or self._about(reasons),
            occurred_at=row.occurred_at,
            amount=voice_of(self.language).minor(amount, row.currency) if amount is not None and row.currency else "",
            decided=tuple(dict.fromkeys(self._said(each) for each in reasons))[:MOST_SENTENCES],
            failure=row.failure if row.state == State.SET_ASIDE else "",
            program=str(row.props.get("program", "")) if row.type in _OF_PROGRAMS else "",
            version=int(row.props.get("version", 0)) if row.type == PROGRAM_PUBLISHED else 0,
        )

    def _about(self, reasons: list[Reason]) -> str:
        """Whom something came out for, where the event itself names nobody: a reward is named by its number."""
        return self.names.get(reasons[0].subject, "") if reasons else ""

    def _said(self, reason: Reason) -> str:
        """What came out and why; where the document says so is one click away."""
        version = self.rulebook.versions.get((reason.program, reason.version))
        words = render(reason, version, language=self.language, audience="staff", names=self._name)
        return " ".join(words.sentences[:-1] or words.sentences)

    def _name(self, member: int) -> str:
        return self.names.get(member, str(member))
