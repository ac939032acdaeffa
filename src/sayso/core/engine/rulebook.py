"""The rulebook: every running version of every program of a workspace, compiled.

Owns which clauses listen to which event, and which day tallies the conditions need. It must not hold state.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from sayso.core.engine.measures import Measures, longer, needed
from sayso.core.engine.rows import Referral
from sayso.core.engine.tier_rules import tier_rules
from sayso.core.program.calendar import Calendar, Moment
from sayso.core.program.conditions import Condition
from sayso.core.program.document import Clause, Document, Earn, Expiry, Step
from sayso.core.program.parse import Parsed
from sayso.core.program.review_names import events_of
from sayso.core.program.values import Duration

# What judges a `Scope`; the scope stands above this module, and what compiles conditions above both.
Check = Callable[[Any], bool]


@dataclass(slots=True, frozen=True)
class Rule:
    """A condition of one clause, ready to be asked.

    Attributes:
        failed: which leaf failed, by number, and the value it saw.
    """

    condition: Condition
    check: Check
    failed: Callable[[Any], tuple[int, Any]]


class Rules(NamedTuple):
    """The conditions of one version.

    Attributes:
        by_path: every condition by its place in the document, `rewards.thanks.when`.
        on_amount: by clause, what of its conditions a refund asks again.
    """

    by_path: dict[str, Rule]
    on_amount: dict[str, list[Check]]


@dataclass(slots=True, frozen=True)
class Edition:
    """Which version of which program, and from when it holds.

    Attributes:
        number: the program's number, owner of its budget account and subject of its budget timers.
        version: the version's number, from 1.
        valid_from: the version holds for events that occurred from this moment on.
        position: place of its publication in the log; earlier events never see it.
    """

    number: int = 1
    version: int = 1
    valid_from: Moment = 0
    position: int = 0


class CompiledProgram:
    """One version of one program, with its clauses by what they listen to; `Edition` says what the numbers mean.

    It is made by `compile.compile_program`.
    """

    def __init__(self, document: Document, rules: Rules, calendar: Calendar, edition: Edition):
        self.document: Document = document
        self.calendar: Calendar = calendar
        self.name: str = document.program
        self.number, self.version = edition.number, edition.version
        self.valid_from, self.position = edition.valid_from, edition.position
        self.currency = document.currency
        self.unit: str = document.points.unit if document.points else ""
        self.rules, self.on_amount = rules
        self.conditions: dict[str, list[tuple[str, Rule]]] = defaultdict(list)
        for path, rule in self.rules.items():
            clause, _, condition = path.rpartition(".")
            self.conditions[clause].append((condition, rule))
        self.order = list(document.referral.steps) if document.referral else []
        self.steps: dict[str, list[tuple[str, Step]]] = defaultdict(list)
        self.at_step: dict[str, list[tuple[str, Clause]]] = defaultdict(list)
        self.on_event: dict[str, list[tuple[str, Clause]]] = defaultdict(list)
        self.recurring: dict[str, list[tuple[str, Clause]]] = defaultdict(list)
        self.earn: dict[str, list[tuple[str, Earn]]] = defaultdict(list)
        self.badges: dict[str, list[str]] = defaultdict(list)
        self._index()
        self.tiers = tier_rules(document)
        self.listens = frozenset((*self.steps, *self.on_event, *self.recurring, *self.earn, *self.badges))

    def _index(self) -> None:
        document = self.document
        if document.referral:
            for step_name, step in document.referral.steps.items():
                self.steps[step.on].append((step_name, step))
        for name, clause in document.rewards.items():
            if clause.recurring:
                self.recurring[clause.recurring.on].append((name, clause))
            elif clause.at:
                self.at_step[clause.at].append((name, clause))
            else:
                self.on_event[clause.on or ""].append((name, clause))
        if document.points:
            for name, earn in document.points.earn.items():
                self.earn[earn.on].append((name, earn))
        for name, badge in document.badges.items():
            self.badges[badge.on].append(name)


class Rulebook:
    """Every version of every program of one workspace.

    Attributes:
        measures: tallies that some version needs, and how far back.
        currencies: the programs' currencies.
        tallied: those, after the empty one of events without an amount; what tallies may be in.
        budget_programs: program numbers that own a budget.
        times: attributes that the programs declare as a date or a moment, by name; those on which they agree.
        units: the points of all programs; the name that some of them share is the workspace's (SEMANTICS 5).
    """

    def __init__(self, versions: Iterable[CompiledProgram], calendar: Calendar) -> None:
        self.calendar = calendar
        self.programs: dict[str, list[CompiledProgram]] = {}
        for each in sorted(versions, key=lambda version: (version.name, version.version)):
            self.programs.setdefault(each.name, []).append(each)
        self.versions = {(each.name, each.version): each for each in self._all()}
        self._for_everyone = {each.name for each in self._all() if each.document.applies_to == "everyone"}
        self.by_number = {each.number: name for name, held in self.programs.items() for each in held}
        self.currencies = tuple(sorted({each.currency for each in self._all()}))
        self.tallied = ("", *self.currencies)
        self.budget_programs = sorted({each.number for each in self._all() if each.document.budget})
        self._latest = [held[-1] for held in self.programs.values()]
        self._latest_from = max((each.valid_from for each in self._latest), default=0)
        self._latest_position = max((each.position for each in self._latest), default=0)
        self._latest_expiry = _expiries(self._latest)
        self.step_types = frozenset(kind for each in self._all() for kind in each.steps)
        self.recurring_types = frozenset(kind for each in self._all() for kind in each.recurring)
        self.measures: Measures = {}
        for each in self._all():
            for measure, within in needed(each.document, (rule.condition for rule in each.rules.values())).items():
                self.measures[measure] = longer(self.measures.get(measure, within), within)
        for one in self.currencies:
            for other in self.currencies:
                if one != other:
                    self.measures[f"rate/{one}/{other}"] = Duration(days=1)
        self.times = _times(each.document for each in self._all())
        self.units = tuple(dict.fromkeys(each.unit for each in self._all() if each.unit))

    def _all(self) -> Iterable[CompiledProgram]:
        return (each for held in self.programs.values() for each in held)

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """The types of event that the latest version of any program speaks of."""
        conditions = ({path: rule.condition for path, rule in each.rules.items()} for each in self._latest)
        written = (Parsed(each.document, [], known) for each, known in zip(self._latest, conditions, strict=True))
        return frozenset[str]().union(*map(events_of, written))

    def governing(self, referral: Referral, moment: Moment, position: int) -> CompiledProgram:
        """By which version an open referral is judged: the one it opened under, or a later one that is for everyone.

        See SEMANTICS 18; `moment` and `position` as in `running`.
        """
        found = self.versions[referral.program, referral.version]
        if referral.program in self._for_everyone:
            for each in self.programs[referral.program]:
                later = each.version > referral.version and each.valid_from <= moment and each.position < position
                if later and each.document.applies_to == "everyone":
                    found = each
        return found

    def running(self, moment: Moment, position: int) -> list[CompiledProgram]:
        """The version of each program in force at a moment, for an event at a position, by program name."""
        if moment >= self._latest_from and position > self._latest_position:
            return self._latest
        found = []
        for held in self.programs.values():
            for each in reversed(held):
                if each.valid_from <= moment and each.position < position:
                    found.append(each)
                    break
        return found

    def in_force(self, name: str, moment: Moment, position: int) -> CompiledProgram | None:
        """The running version of one program; None where none runs. `moment` and `position` as in `running`."""
        return next((each for each in self.running(moment, position) if each.name == name), None)

    def expiry(self, unit: str, moment: Moment, position: int) -> Expiry | None:
        """How points expire that become available at a moment, by the running version that was published last.

        Programs that share points agree on it (SEMANTICS 5), save while a change goes from one to the other. `moment`
        and `position` as in `running`.
        """
        running = self.running(moment, position)
        if running is self._latest:
            return self._latest_expiry.get(unit)
        return _expiries(running).get(unit)


def _expiries(versions: Iterable[CompiledProgram]) -> dict[str, Expiry | None]:
    """By unit, how the version that was published last lets points expire."""
    ordered = sorted(versions, key=lambda each: each.position)
    return {each.unit: each.document.points.expire for each in ordered if each.document.points}


def _times(documents: Iterable[Document]) -> dict[str, Literal["date", "moment"]]:
    declared: dict[str, set[str]] = {}
    for document in documents:
        for name, kind in document.attributes.items():
            declared.setdefault(name, set()).add(kind)
    kinds: tuple[Literal["date", "moment"], ...] = ("date", "moment")
    return {name: kind for name, found in declared.items() for kind in kinds if found == {kind}}
