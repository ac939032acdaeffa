"""Which reasons answer a question: the latest about a member and a clause, or that the clause heard nothing yet.

Owns the choice. It must not put anything into words, nor read a store: it is given the events to look through.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from sayso.core.engine.decision import Decided, Reason, Verdict
from sayso.core.engine.rulebook import CompiledProgram, Rulebook
from sayso.core.engine.why.clauses import Listening, listening, paths
from sayso.core.program.calendar import Moment

# What stands in the log about the whole workspace.
_OURS = frozenset({"refund", "points", "points.expire", "points.remind", "member", "guard"})


class Heard(NamedTuple):
    """An event of the log with the reasons of its decision."""

    position: int
    type: str
    occurred_at: Moment
    member: int
    reasons: Sequence[Reason]

    @classmethod
    def of(cls, decided: Decided) -> "Heard":
        """An event that was just decided."""
        event, decision = decided.event, decided.decision
        reasons = decision.reasons if decision else ()
        return cls(event.position, event.type, event.occurred_at, event.member, reasons)


@dataclass(frozen=True, slots=True)
class Because:
    """A reason that answers the question, with the event and the version it came from.

    Attributes:
        asked_by: the member whom the question is about; the reason may be about a friend of theirs.
        program: the version that decided; None for the workspace itself.
    """

    asked_by: int
    heard: Heard
    reason: Reason
    program: CompiledProgram | None


@dataclass(frozen=True, slots=True)
class Silence:
    """A clause that nothing has happened for yet."""

    program: CompiledProgram
    path: str
    listening: Listening | None


class UnknownClause(LookupError):
    """No program of the workspace has a clause of this name.

    Attributes:
        instead: the nearest path; empty when none is near.
    """

    def __init__(self, clause: str, known: Sequence[str]) -> None:
        ends = {path.rpartition(".")[2]: path for path in known}
        near = get_close_matches(clause, [*known, *ends], n=1)
        self.instead = ends.get(near[0], near[0]) if near else ""
        super().__init__(f"no program has a clause {clause!r}" + (f"; {self.instead} is near" if near else ""))


def why(
    heard: Iterable[Heard], rulebook: Rulebook, *, member: int, clause: str | None = None
) -> list[Because | Silence]:
    """The latest reasons about a member, clause by clause, the newest first.

    Args:
        heard: the events of the member, and of the friends they recommended, by position.
        member: whom the question is about.
        clause: a path (`badges.regular`), its end (`regular`) or its beginning (`badges`); None for every clause that
            has something to say: a step that nobody was referred for is told only to who asks for it.

    Raises:
        UnknownClause: no version of any program has it.
    """
    wanted = None if clause is None else _wanted(rulebook, clause)
    latest, friends = _latest(heard, member)
    found = [each for (_, path), each in latest.items() if wanted is None or path in wanted]
    answers = [_because(member, each, reason, rulebook) for each, reasons in found for reason in reasons]
    answers.sort(key=lambda each: -each.heard.position)
    if wanted is None:
        telling = [each for each in answers if each.reason.verdict != Verdict.NO_REFERRAL]
        return list(telling or answers) or [Silence(*each) for each in _silent(rulebook, None)]
    missing = wanted - {path for _, path in latest}
    behind = [each for each in _silent(rulebook, missing) if answers == [] or len(wanted) > 1]
    return [*answers, *(found for each in behind for found in _behind(each, latest, friends, member, rulebook))]


def _wanted(rulebook: Rulebook, clause: str) -> set[str]:
    known = {path: None for held in rulebook.programs.values() for each in held for path in paths(each)}
    known |= dict.fromkeys(_OURS)
    fits = {path for path in known if path == clause or path.endswith(f".{clause}") or path.startswith(f"{clause}.")}
    if clause in known:
        fits = {clause}
    if not fits:
        raise UnknownClause(clause, list(known))
    return fits


_Latest = dict[tuple[str, str], tuple[Heard, list[Reason]]]


def _latest(heard: Iterable[Heard], member: int) -> tuple[_Latest, _Latest]:
    """The latest event with reasons for each clause: about the member, and about friends they recommended."""
    mine: _Latest = {}
    theirs: _Latest = {}
    friends: set[int] = set()
    for each in heard:
        for reason in each.reasons:
            if (reason.clause, reason.verdict, reason.seen) == ("referral", Verdict.MET, member):
                friends.add(reason.subject)
            if _concerns(reason, each, member):
                _note(mine, each, reason)
            elif reason.subject in friends:
                _note(theirs, each, reason)
    return mine, theirs


def _concerns(reason: Reason, heard: Heard, member: int) -> bool:
    if reason.subject == member:
        return True
    # Whether the advocate may recommend is decided when the friend comes, and is the friend's answer too.
    return heard.member == member and (not reason.subject or reason.clause == "people.advocates")


def _note(latest: _Latest, heard: Heard, reason: Reason) -> None:
    key = (reason.program, reason.clause)
    known = latest.get(key)
    if known is not None and known[0].position == heard.position:
        known[1].append(reason)
    else:
        latest[key] = (heard, [reason])


def _because(member: int, heard: Heard, reason: Reason, rulebook: Rulebook) -> Because:
    return Because(member, heard, reason, rulebook.versions.get((reason.program, reason.version)))


def _silent(rulebook: Rulebook, wanted: set[str] | None) -> Iterator[tuple[CompiledProgram, str, Listening | None]]:
    """The clauses of the latest versions that could have been heard of."""
    for held in rulebook.programs.values():
        for path in paths(held[-1]):
            heard_of = listening(held[-1], path)
            if (wanted is None and heard_of) or (wanted is not None and path in wanted):
                yield held[-1], path, heard_of


def _behind(
    silent: tuple[CompiledProgram, str, Listening | None],
    mine: _Latest,
    friends: _Latest,
    member: int,
    rulebook: Rulebook,
) -> list[Because | Silence]:
    """What stopped a clause from being asked at all: its step was not taken, no referral was opened; else silence."""
    program, path, heard_of = silent
    where = friends if heard_of and heard_of.by_friend else mine
    if heard_of and heard_of.step:
        for before in (f"referral.steps.{heard_of.step}", "people.friends", "people.advocates", "referral"):
            heard, reasons = where.get((program.name, before), (None, []))
            stopped = [each for each in reasons if each.verdict != Verdict.MET]
            if heard is not None and stopped and before != path:
                return [_because(member, heard, each, rulebook) for each in stopped]
    return [Silence(program, path, heard_of)]
