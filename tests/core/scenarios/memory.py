"""The memory store as scenarios play it: documents are compiled as they are published, and what came of it is told.

Owns nothing but that translation, and the checks of what must always hold in memory.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from sayso.core.engine.compile import compile_program
from sayso.core.engine.decision import Decided
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival
from sayso.core.engine.facts import Facts
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import CompiledProgram, Edition, Rulebook
from sayso.core.engine.tiers import tier_shown
from sayso.core.ledger.chart import CEILING, FLOOR, Kind, available, budget
from sayso.core.ledger.transfers import balances
from sayso.core.ledger.units import is_currency
from sayso.core.program.calendar import Calendar, Moment
from sayso.core.program.changes import Change, Version, takes_something
from sayso.core.program.document import Document
from sayso.core.program.parse import Parsed
from sayso.core.program.problems import Problem
from sayso.core.program.review import contradictions
from sayso.core.program.review_notes import order_sensitive
from sayso.core.program.yaml_source import dotted
from tests.core.documents import reviewed
from tests.core.scenarios.outcome import GivenReason, GrantedReward, OpenedReferral, Outcome, verdict_words
from tests.core.scenarios.scenario import Publication

OWN = "sayso"  # the source of events that the workspace submits itself


@cache
def calendar(zone: str) -> Calendar:
    """A zone's calendar, which keeps what it looked up."""
    return Calendar(zone)


@cache
def compiled(text: str, zone: str, edition: Edition) -> CompiledProgram:
    """A version of a program; nothing changes it, so every play of a scenario shares it."""
    parsed = reviewed(text)
    assert parsed.document is not None
    return compile_program(parsed.document, parsed.conditions, calendar(zone), edition)


class Memory:
    """A workspace in memory that documents can be published to.

    Attributes:
        refused: paths of what kept documents from being published.
        order_sensitive: paths of what their check marks as order-sensitive.
    """

    def __init__(self, zone: str) -> None:
        self.calendar = calendar(zone)
        self.versions: list[CompiledProgram] = []
        self.store = MemoryStore(Rulebook((), self.calendar))
        self.refused: list[str] = []
        self.order_sensitive: list[str] = []

    def publish(self, publication: Publication) -> None:
        """Check documents and compile each as the next version of its program; the log tells of its publication."""
        read = [reviewed(text) for text in publication.texts]
        running = {each.name: each.document for each in self.versions}
        running |= {each.document.program: each.document for each in read if each.document}
        for parsed in read:
            self.refused += [problem.path for problem in self._problems(parsed, list(running.values()))]
        if self.refused:
            return
        for text, parsed in zip(publication.texts, read, strict=True):
            self._compile(text, parsed, publication.at)

    def _compile(self, text: str, parsed: Parsed, at: Moment) -> None:
        assert parsed.document is not None
        name = parsed.document.program
        self.order_sensitive += [dotted(path) for path in order_sensitive(parsed.document)]
        names = list(dict.fromkeys([*(each.name for each in self.versions), name]))
        version = 1 + sum(each.name == name for each in self.versions)
        edition = Edition(names.index(name) + 1, version, at, self.store.log.position)
        self.versions.append(compiled(text, self.calendar.zone.key, edition))
        self.store.rulebook = Rulebook(self.versions, self.calendar)
        props = {"program": name, "version": version}
        self.receive([Arrival(OWN, f"{name}-{version}", PROGRAM_PUBLISHED, "", at, props=props)])

    def _problems(self, parsed: Parsed, others: Sequence[Document]) -> Sequence[Problem | Change]:
        """What keeps a document from being published: mistakes, contradictions, what it takes from open referrals."""
        document = parsed.document
        if document is None or parsed.errors:
            return parsed.errors
        found = contradictions(document, others)
        before = [each for each in self.versions if each.name == document.program]
        if found or not before or document.applies_to != "everyone":
            return found
        conditions = {path: rule.condition for path, rule in before[-1].rules.items()}
        old, new = Version(before[-1].document, conditions), Version(document, parsed.conditions)
        return takes_something(old, new, language="en")

    def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Decide a batch of arrivals."""
        self.store.receive(arrivals)

    def move_clock(self, moment: Moment) -> None:
        """Move the clock forward and fire what falls due."""
        self.store.move_clock(moment)

    def outcome(self) -> Outcome:
        """What came of it."""
        found = outcome_of_memory(self.store)
        found.refused, found.order_sensitive = self.refused, self.order_sensitive
        return found

    def replayed(self) -> MemoryStore:
        """A second store in which the recorded log was decided again."""
        again = MemoryStore(self.store.rulebook)
        again.replay([(each.arrival.source if each.arrival else OWN, each.event) for each in self.store.decided])
        return again


# --- what came of it ------------------------------------------------------------------------------------------------


def outcome_of_memory(store: MemoryStore) -> Outcome:
    """What a memory store holds, in names."""
    facts, rulebook = store.facts, store.rulebook
    names = {row.id: "erased" if row.status == "erased" else row.ref for row in facts.members.rows.values()}
    found = Outcome(numbers={name: number for number, name in names.items()})
    for row in sorted(facts.rewards.rows.values(), key=lambda reward: reward.id):
        kinds = [item[0] for item in row.items]
        found.rewards.append(
            GrantedReward(
                names[row.beneficiary], row.program, row.version, row.clause, row.state, row.cost_minor, kinds
            )
        )
    for each in sorted(facts.referrals.rows.values(), key=lambda referral: referral.id):
        found.referrals.append(
            OpenedReferral(each.program, each.version, names[each.advocate], names[each.friend], each.status)
        )
    for (number, program), part in facts.participations.rows.items():
        found.badges[names[number], program] = list(part.badges)
        found.tiers[names[number], program] = tier_shown(rulebook.programs[program][-1], part)
    _books(facts, rulebook, names, found)
    for decided in store.decided:
        found.reasons += _reasons(decided, names)
        if decided.decision is None:
            found.set_aside.append(decided.event.external_id)
    return found


def _books(facts: Facts, rulebook: Rulebook, names: dict[int, str], found: Outcome) -> None:
    places = {Kind.AVAILABLE: 0, Kind.HELD: 1, Kind.DEBT: 2}
    for (kind, owner, unit), balance in facts.balances.rows.items():
        key = (Kind(kind).name.lower(), unit)
        found.books[key] = found.books.get(key, 0) + balance
        if kind in places:
            wallet = list(found.wallets.get((names[owner], unit), (0, 0, 0)))
            wallet[places[Kind(kind)]] = abs(balance)
            found.wallets[names[owner], unit] = (wallet[0], wallet[1], wallet[2])
    for name, held in rulebook.programs.items():
        if any(each.document.budget for each in held):
            found.budgets[name] = facts.balances.rows.get(budget(held[-1].number, held[-1].currency), 0)


def _reasons(decided: Decided, names: dict[int, str]) -> Iterator[GivenReason]:
    for reason in decided.decision.reasons if decided.decision else ():
        yield GivenReason(
            decided.event.external_id,
            reason.program,
            reason.clause,
            verdict_words(reason.verdict),
            names.get(reason.subject, ""),
            reason.seen,
        )


# --- what must always hold ------------------------------------------------------------------------------------------


def unsound(store: MemoryStore) -> list[str]:
    """What must always hold and does not (DESIGN 8); empty when the books are sound."""
    facts = store.facts
    booked, problems = balances(store.transfers), []
    if booked != facts.balances.rows:
        problems.append(f"balances {facts.balances.rows} are not the sum of the transfers {booked}")
    sums = Counter[str]()
    for (_, _, unit), balance in booked.items():
        sums[unit] += balance
    problems += [f"{unit} sums to {total}" for unit, total in sums.items() if total]
    for account, balance in booked.items():
        if (account[0] in FLOOR and balance < 0) or (account[0] in CEILING and balance > 0):
            problems.append(f"{account} stands at {balance}")
    for (member, unit), lots in facts.lots.rows.items():
        wallet = facts.balances.rows.get(available(member, unit), 0)
        if sum(lots.values()) != wallet or any(left <= 0 for left in lots.values()):
            problems.append(f"the lots {lots} of {member} are not the wallet of {wallet} {unit}")
    for (kind, owner, unit), balance in booked.items():
        if kind == Kind.AVAILABLE and balance and not is_currency(unit) and (owner, unit) not in facts.lots.rows:
            problems.append(f"{balance} {unit} of {owner} are in no lot")
    causes = Counter((row.program, row.clause, row.cause, row.beneficiary) for row in facts.rewards.rows.values())
    problems += [f"{cause} was rewarded {times} times" for cause, times in causes.items() if times > 1]
    return problems
