"""The store that keeps everything in memory: for scenarios, forecasts and backtests.

Owns the replay of a log. It must not read or write anything outside.
"""

import gc
from collections.abc import Iterable, Sequence

from sayso.core.engine.decide import decide
from sayso.core.engine.decision import Decided
from sayso.core.engine.events import TIMER, Arrival, Event
from sayso.core.engine.evolve import evolve
from sayso.core.engine.facts import Facts
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.run import Log, Ran, fire_due, remember, run, sweep
from sayso.core.ledger.transfers import Transfer
from sayso.core.program.calendar import Moment

# Timers that a replay fires anew have no place in the stored log; they are numbered far beyond it.
BEYOND = 1 << 40


class MemoryStore:
    """Facts, transfers and decisions of one workspace, all in memory.

    Attributes:
        keeps: whether decisions are kept; a long replay needs only what they came to.
    """

    def __init__(self, rulebook: Rulebook, *, keeps: bool = True) -> None:
        self.rulebook, self.keeps = rulebook, keeps
        self.facts = Facts(whole=True)
        self.log = Log()
        self.transfers: list[Transfer] = []
        self.decided: list[Decided] = []

    def receive(self, arrivals: Sequence[Arrival]) -> Ran:
        """Decide arrivals in their order."""
        ran = run(self.rulebook, self.facts, arrivals, self.log)
        self._keep(ran.decided)
        return ran

    def move_clock(self, moment: Moment) -> Ran:
        """Move the clock forward and fire everything that falls due."""
        self.log.reach(moment)
        ran = sweep(self.rulebook, self.facts, self.log, self._all_subjects())
        self._keep(ran.decided)
        return ran

    def _all_subjects(self) -> list[int]:
        return sorted(self.facts.timers.rows)

    def _keep(self, decided: Iterable[Decided]) -> None:
        for each in decided:
            if self.keeps:
                self.decided.append(each)
            if each.decision:
                self.transfers += each.decision.transfers

    def replay(self, events: Iterable[tuple[str, Event]]) -> None:
        """Decide a stored log again, external events at their own positions and timers anew (SEMANTICS 43).

        A stored timer event marks where the log fired its subject's timers; here it fires those that this rulebook
        has due by then, so that the order of scarce things is the log's.

        Args:
            events: (source, event) by position.
        """
        self.log.position = BEYOND
        # Nothing here makes cycles; looking for them takes more than half of a long replay.
        collecting = gc.isenabled()
        gc.disable()
        try:
            for source, event in events:
                self._replay_one(source, event)
        finally:
            if collecting:
                gc.enable()

    def _replay_one(self, source: str, event: Event) -> None:
        self.log.clock = max(self.log.clock, event.clock)
        if event.type == TIMER:
            self._fire([int(event.props["subject"])])
            return
        self._fire(self._subjects_of(event))
        self._decide(source, event)

    def _subjects_of(self, event: Event) -> list[int]:
        facts = self.facts
        subjects = [*self.rulebook.budget_programs, event.member]
        for number in facts.friend_referrals.rows.get(event.member, ()):
            subjects.append(facts.referrals.rows[number].advocate)
        if event.referral_code:
            code = facts.codes.rows.get(event.referral_code.casefold())
            if code:
                subjects.append(code.member)
        return subjects

    def _fire(self, subjects: Iterable[int]) -> None:
        fired: list[Decided] = []
        fire_due(self.rulebook, self.facts, self.log, subjects, fired)
        if fired:
            self._keep(fired)

    def _decide(self, source: str, event: Event) -> None:
        try:
            decision = decide(self.rulebook, self.facts, event)
        except Exception as error:  # as in the live loop: set aside, and the next goes on
            self._keep([Decided(event, None, None, f"{type(error).__name__}: {error}")])
            return
        evolve(self.facts, decision)
        remember(self.facts, event, decision.earned, source=source)
        if self.keeps:
            self.decided.append(Decided(event, decision))
        self.transfers += decision.transfers
