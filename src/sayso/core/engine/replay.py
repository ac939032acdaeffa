"""Deciding a stored log again: external events at their own places, timers anew (SEMANTICS 41, 43).

Owns when a timer fires in a replay, and which versions a replayed event can see. It must not keep decisions, compare
anything or read a store: whoever replays is told of each decision as it is made.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sayso.core.engine.decide import decide
from sayso.core.engine.decision import Decided
from sayso.core.engine.due import earliest, fire, fire_due, order_of, subjects_before
from sayso.core.engine.events import PROGRAM_PUBLISHED, TIMER, Event
from sayso.core.engine.evolve import evolve
from sayso.core.engine.facts import Facts
from sayso.core.engine.log import Log, Ran, remember
from sayso.core.engine.rows import Timer
from sayso.core.engine.rulebook import Rulebook
from sayso.core.program.calendar import Moment

# Timers that a replay fires have no place in the stored log; they are numbered far beyond it.
BEYOND = 1 << 40

Hear = Callable[[Decided], None]


class Replay:
    """A log decided once more, from its first event, in memory.

    Attributes:
        facts: what is known so far.
        rulebook: the versions published so far; like the live one it grows with each publication, since what is
            tallied, and how points expire, follows from the versions there are.
    """

    def __init__(self, rulebook: Rulebook, facts: Facts, hear: Hear) -> None:
        """Begin a replay.

        Args:
            rulebook: every version; those of position 0 are there from the start.
            facts: of an empty workspace, whole.
            hear: told of every event and every timer that was decided or failed.
        """
        self.facts, self.hear = facts, hear
        self.log = Log(position=BEYOND)
        self._every = list(rulebook.versions.values())
        self._calendar = rulebook.calendar
        self.rulebook = self._published_by(0)

    def _published_by(self, position: int) -> Rulebook:
        return Rulebook([each for each in self._every if each.position <= position], self._calendar)

    def step(self, source: str, event: Event) -> None:
        """Decide the next event of the log; of a stored timer only its place is taken."""
        self.log.clock = max(self.log.clock, event.clock)
        if event.type == TIMER:
            self._fire_as_stored(event)
            return
        if event.type == PROGRAM_PUBLISHED:
            self.rulebook = self._published_by(event.position)
        self._fire(subjects_before(self.rulebook, self.facts, event.member, event.referral_code))
        self._decide(source, event)

    def finish(self, frontier: Moment) -> None:
        """Fire what falls due before a moment up to which the log fired everything.

        Args:
            frontier: microseconds UTC; what falls due then or later the log had not fired either.
        """
        while True:
            due = [timer for timer in self._pending() if timer.due_at < frontier]
            if not due:
                return
            for timer in sorted(due, key=order_of):
                if timer.id in self.facts.timers.rows.get(timer.subject, ()):
                    self._fire_one(timer)

    def _pending(self) -> Iterator[Timer]:
        for held in self.facts.timers.rows.values():
            yield from held.values()

    # --- timers -------------------------------------------------------------------------------------------------

    def _fire_as_stored(self, event: Event) -> None:
        """Fire the timer that stands here in the log, and before it what its subject has due earlier.

        The log fires several subjects' timers by their moments; firing all of this subject's here would change the
        order in which a budget is drawn on. What the log did not have fires before the subject's next event.
        """
        props = event.props
        held = self.facts.timers.rows.get(int(props["subject"]))
        wanted = (props["kind"], props["about"], props["detail"], event.occurred_at)
        while held:
            timer = min(held.values(), key=order_of)
            if timer.due_at >= event.occurred_at:
                break
            self._fire_one(timer)
        for timer in list((held or {}).values()):
            if (timer.kind, timer.about, timer.detail, timer.due_at) == wanted:
                self._fire_one(timer)
                return

    def _fire_one(self, timer: Timer) -> None:
        self.hear(fire(self.rulebook, self.facts, self.log, timer))

    def _fire(self, subjects: Iterable[int]) -> None:
        if earliest(self.facts, subjects, self.log.clock) is None:
            return
        ran = Ran()
        fire_due(self.rulebook, self.facts, self.log, subjects, ran)
        for each in ran.decided:
            self.hear(each)

    # --- events -------------------------------------------------------------------------------------------------

    def _decide(self, source: str, event: Event) -> None:
        try:
            decision = decide(self.rulebook, self.facts, event)
        except Exception as error:  # as in the live loop: set aside, and the next goes on
            self.hear(Decided(event, None, None, f"{type(error).__name__}: {error}"))
            return
        evolve(self.facts, decision)
        remember(self.facts, event, decision.earned, source=source)
        self.hear(Decided(event, decision))


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the garbage collector from looking for cycles, which a replay does not make, through all that it keeps."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            # All that was made waits among the youngest objects, and would be looked through at once.
            gc.freeze()
            gc.enable()
            gc.unfreeze()
