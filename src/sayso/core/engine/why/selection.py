"""Which reasons answer a question: the latest about a member and a clause, or that the clause heard nothing yet.

Owns the choice. It must not put anything into words, nor read a store: it is given the events to look through.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from sayso.core.domain_error import DomainError
from sayso.core.engine.decision import Decided, Verdict
from sayso.core.engine.events import CANCELLED, INVITED, REFUND, REWARD_CHOSEN, SPAN, SURVEY, TIMER, WITH_A_MEANING
from sayso.core.engine.rows import Earned, Reason
from sayso.core.engine.rulebook import CompiledProgram, Rulebook
from sayso.core.engine.why.clauses import Listening, listening, paths
from sayso.core.program.calendar import Moment

# What stands in the log about the whole workspace.
_OURS = frozenset({"refund", "points", "points.expire", "points.remind", "member", "guard"})
# Events in somebody's name that are not their deed: what staff decided or changed, and what fell due.
_NO_DEEDS = (WITH_A_MEANING - {REFUND, CANCELLED, SURVEY, INVITED}) | {TIMER}
# Verdicts on a reward that saw its number.
_SEES_A_REWARD = frozenset(
    {
        Verdict.MET, Verdict.RELEASED, Verdict.ISSUED, Verdict.EXPIRED, Verdict.LAPSED, Verdict.TAKEN_BACK,
        Verdict.GAVE_WAY,
    }
)  # fmt: skip


class Heard(NamedTuple):
    """An event of the log with the reasons of its decision, and the points that it earned."""

    position: int
    type: str
    occurred_at: Moment
    member: int
    reasons: Sequence[Reason]
    amount_minor: int | None = None
    currency: str = ""
    earned: Sequence[Earned] = ()

    @classmethod
    def of(cls, decided: Decided) -> "Heard":
        """An event that was just decided."""
        event, decision = decided.event, decided.decision
        reasons, earned = (decision.reasons, decision.earned) if decision else ((), ())
        amount = event.amount_minor, event.currency
        return cls(event.position, event.type, event.occurred_at, event.member, reasons, *amount, earned)


@dataclass(frozen=True, slots=True)
class Because:
    """A reason that answers the question, with the event and the version it came from.

    Attributes:
        asked_by: the member whom the question is about; the reason may be about a friend of theirs.
        program: the version that decided; None for the workspace itself.
        turned_away: it is why a friend who named them opened no referral.
        in_review: it is of a referral that waited for a person's look.
        deed: what somebody else did that led to it; None where it was nobody else's.
    """

    asked_by: int
    heard: Heard
    reason: Reason
    program: CompiledProgram | None
    turned_away: bool = False
    in_review: bool = False
    deed: Heard | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A clause that nothing has happened for yet.

    Attributes:
        early: when what it listens to happened last, where that was before any version of the program held; else 0.
    """

    program: CompiledProgram
    path: str
    listening: Listening | None
    early: Moment = 0


class UnknownClause(DomainError, LookupError):
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
    heard: Iterable[Heard],
    rulebook: Rulebook,
    *,
    member: int,
    clause: str | None = None,
    turned_away: Collection[int] = (),
) -> list[Because | Silence]:
    """The latest reasons about a member, clause by clause, the newest first.

    Args:
        heard: the events of the member, of the friends they recommended, and those in `turned_away`, by position.
        member: whom the question is about.
        clause: a path (`badges.regular`), its end (`regular`) or its beginning (`badges`); None for every clause that
            has something to say: a step that nobody was referred for is told only to who asks for it.
        turned_away: positions of events that named the member as advocate and opened no referral
            (`Participation.turned_away`).

    Raises:
        UnknownClause: no version of any program has it.
    """
    wanted = None if clause is None else _wanted(rulebook, clause)
    told = _told(heard, member, turned_away)
    refused = (replace(each, turned_away=True) for each in _because(told.refused.values(), told, member, rulebook))
    answers = _newest_first([*_because(told.mine.values(), told, member, rulebook), *refused])
    if wanted is None:
        telling = [each for each in answers if each.reason.verdict != Verdict.NO_REFERRAL]
        return list(telling or answers) or [_silence(each, told, rulebook) for each in _silent(rulebook, None)]
    answers = [each for each in answers if each.reason.clause in wanted]
    missing = wanted - {path for _, path in told.mine} - {each.reason.clause for each in answers}
    behind = [each for each in _silent(rulebook, missing) if answers == [] or len(wanted) > 1]
    return [*answers, *(found for each in behind for found in _behind(each, told, member, rulebook))]


def _newest_first(answers: Iterable[Because]) -> list[Because]:
    return sorted(answers, key=lambda each: -each.heard.position)


def _wanted(rulebook: Rulebook, clause: str) -> set[str]:
    known = {path: None for held in rulebook.programs.values() for each in held for path in paths(each)}
    known |= dict.fromkeys(_OURS)
    fits = {path for path in known if path == clause or path.endswith(f".{clause}") or path.startswith(f"{clause}.")}
    if clause in known:
        fits = {clause}
    if not fits:
        raise UnknownClause(clause, list(known))
    return fits


_Key = TypeVar("_Key", bound=tuple[str, object])
_Latest = dict[tuple[str, str], tuple[Heard, list[Reason]]]


@dataclass(slots=True)
class _Told:
    """The latest event with reasons for each clause: about the member, and about friends they recommended.

    Attributes:
        refused: by program and friend, why a friend who named the member opened no referral.
        events: when something of each type last happened to the member.
        unclear: the program and friend of each referral that waits for a person's look.
        in_review: the rewards that were granted meanwhile, each with its program and friend.
        deeds: by position, what others did on which something about the member was decided.
    """

    mine: _Latest = field(default_factory=dict)
    friends: _Latest = field(default_factory=dict)
    refused: dict[tuple[str, int], tuple[Heard, list[Reason]]] = field(default_factory=dict)
    events: dict[str, Moment] = field(default_factory=dict)
    unclear: set[tuple[str, int]] = field(default_factory=set)
    in_review: dict[int, tuple[str, int]] = field(default_factory=dict)
    deeds: dict[int, Heard] = field(default_factory=dict)


def _told(heard: Iterable[Heard], member: int, turned_away: Collection[int]) -> _Told:
    told = _Told()
    friends: set[int] = set()
    for each in heard:
        refused = each.position in turned_away
        if each.member == member:
            told.events[each.type] = max(each.occurred_at, told.events.get(each.type, 0))
        elif each.member and each.type not in _NO_DEEDS:
            told.deeds[each.position] = each
        for reason in each.reasons:
            if (reason.clause, reason.verdict, reason.seen) == ("referral", Verdict.MET, member):
                friends.add(reason.subject)
            _note_review(told, each, reason)
            if refused and _refuses(reason):
                _note(told.refused, (reason.program, each.member), each, reason)
            elif _concerns(reason, each, member):
                _note(told.mine, (reason.program, reason.clause), each, reason)
            elif reason.subject in friends:
                _note(told.friends, (reason.program, reason.clause), each, reason)
    return told


def _refuses(reason: Reason) -> bool:
    opening = reason.clause in ("referral", "people.advocates", "people.friends") or reason.clause.startswith("guard.")
    return opening and reason.verdict not in (Verdict.MET, Verdict.NO_REFERRAL)


def _concerns(reason: Reason, heard: Heard, member: int) -> bool:
    if reason.subject == member:
        return True
    # Whether the advocate may recommend is decided when the friend comes, and is the friend's answer too.
    return heard.member == member and (not reason.subject or reason.clause == "people.advocates")


def _note(latest: dict[_Key, tuple[Heard, list[Reason]]], key: _Key, heard: Heard, reason: Reason) -> None:
    known = latest.get(key)
    if known is not None and known[0].position == heard.position:
        known[1].append(reason)
    else:
        latest[key] = (heard, [reason])


def _note_review(told: _Told, heard: Heard, reason: Reason) -> None:
    """Whoever lets one reward of a referral go has looked at the referral (SEMANTICS 29); one that gave way is over."""
    referral = (reason.program, heard.member)
    if reason.verdict == Verdict.GUARD_REVIEW:
        told.unclear.add(referral)
    elif reason.verdict == Verdict.MET and reason.clause.startswith("rewards.") and referral in told.unclear:
        told.in_review[reason.seen] = referral
    elif reason.verdict in (Verdict.RELEASED, Verdict.GAVE_WAY) and reason.seen in told.in_review:
        told.unclear.discard(told.in_review[reason.seen])


def _because(
    found: Iterable[tuple[Heard, Sequence[Reason]]], told: _Told, member: int, rulebook: Rulebook
) -> Iterator[Because]:
    for heard, reasons in found:
        issued = {_which(heard, each) for each in reasons if each.verdict == Verdict.ISSUED}
        met = {(each.clause, each.subject) for each in reasons if each.verdict == Verdict.MET}
        for reason in reasons:
            if reason.verdict == Verdict.GAVE_WAY and (reason.clause, reason.subject) in met:
                continue  # they got it by the one that came in its place
            if reason.verdict == Verdict.RELEASED and _which(heard, reason) in issued:
                continue  # that it was handed over says as much
            program = rulebook.versions.get((reason.program, reason.version))
            in_review = reason.verdict == Verdict.MET and reason.seen in told.in_review
            yield Because(member, heard, reason, program, in_review=in_review, deed=_deed(heard, reason, told))


def _which(heard: Heard, reason: Reason) -> tuple[str, int]:
    """The reward that a reason is about: by its number, or by whose it is where they chose; a choice saw the option."""
    return reason.clause, reason.subject if heard.type == REWARD_CHOSEN else reason.seen


def _deed(heard: Heard, reason: Reason, told: _Told) -> Heard | None:
    """What somebody else did: the event that was decided, or the one that made the reward, whose number tells it."""
    found = told.deeds.get(heard.position)
    if found is None and reason.clause.startswith("rewards.") and reason.verdict in _SEES_A_REWARD:
        found = told.deeds.get(reason.seen // SPAN) if isinstance(reason.seen, int) else None
    return found


def _silent(rulebook: Rulebook, wanted: set[str] | None) -> Iterator[tuple[CompiledProgram, str, Listening | None]]:
    """The clauses of the latest versions that could have been heard of."""
    for held in rulebook.programs.values():
        for path in paths(held[-1]):
            heard_of = listening(held[-1], path)
            if (wanted is None and heard_of) or (wanted is not None and path in wanted):
                yield held[-1], path, heard_of


def _behind(
    silent: tuple[CompiledProgram, str, Listening | None], told: _Told, member: int, rulebook: Rulebook
) -> list[Because | Silence]:
    """What stopped a clause from being asked at all: its step was not taken, no referral was opened; else silence."""
    program, path, heard_of = silent
    if heard_of and heard_of.step:
        where = told.friends if heard_of.by_friend else told.mine
        for before in (f"referral.steps.{heard_of.step}", "people.friends", "people.advocates", "referral"):
            heard, reasons = where.get((program.name, before), (None, []))
            stopped = [each for each in reasons if each.verdict != Verdict.MET]
            if heard is not None and stopped and before != path:
                return [*_because([(heard, stopped)], told, member, rulebook)]
    if heard_of and heard_of.by_friend:
        refused = [each for (name, _), each in told.refused.items() if name == program.name]
        if refused:
            found = _because(refused, told, member, rulebook)
            return list(_newest_first(replace(each, turned_away=True) for each in found))
    return [_silence(silent, told, rulebook)]


def _silence(silent: tuple[CompiledProgram, str, Listening | None], told: _Told, rulebook: Rulebook) -> Silence:
    """Nothing was heard; perhaps since all of it came before the program held."""
    program, path, heard_of = silent
    latest = told.events.get(heard_of.event, 0) if heard_of and not heard_of.by_friend else 0
    held_from = min(each.valid_from for each in rulebook.programs[program.name])
    return Silence(program, path, heard_of, latest if latest < held_from else 0)
