"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Batches and timers. Puts itself behind the port of `events.submit`."""

    name = "sayso.domains.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Let the domains below hand their events to the batch, and the worker fire what falls due."""
        names = ("events.submit", "jobs.duties", *(f"decisions.{name}" for name in ("batch", "ahead", "sweep", "late")))
        submit, duties, batch, ahead, sweep, late = (import_module(f"sayso.domains.{name}") for name in names)
        submit.set_decider(batch.decide_batch, ahead.decide_each)
        for task in ("backtest_task", "replay_task"):
            import_module(f"sayso.domains.decisions.{task}")
        duties.register_duty(duties.Duty("timers", sweep.sweep_all, every_seconds=2))
        duties.register_duty(duties.Duty("late-refunds", late.decide_late, every_seconds=15))
