"""The store that keeps everything in memory: for scenarios, forecasts and backtests.

Owns what is kept of each decision. It must not read or write anything outside.
"""

from collections.abc import Iterable, Sequence

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import Arrival, Event
from sayso.core.engine.facts import Facts
from sayso.core.engine.log import Log, Ran
from sayso.core.engine.replay import Replay, without_collector
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.run import run, sweep
from sayso.core.ledger.transfers import Transfer
from sayso.core.program.calendar import Moment


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
            self._hear(each)

    def _hear(self, decided: Decided) -> None:
        if self.keeps:
            self.decided.append(decided)
        if decided.decision:
            self.transfers += decided.decision.transfers

    def replay(self, events: Iterable[tuple[str, Event]]) -> None:
        """Decide a stored log again, external events at their own positions and timers anew (SEMANTICS 43).

        Args:
            events: (source, event) by position.
        """
        replay = Replay(self.rulebook, self.facts, self._hear)
        with without_collector():
            for source, event in events:
                replay.step(source, event)
        self.log = replay.log
