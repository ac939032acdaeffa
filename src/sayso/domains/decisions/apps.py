"""The app as Django sees it."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Batches and timers. Puts itself behind the port of `events.submit`."""

    name = "sayso.domains.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Let the domains below hand their events to the batch, and the worker fire what falls due."""
        from sayso.domains.decisions import backtest_task, replay_task  # noqa: F401 -- they register themselves
        from sayso.domains.decisions.ahead import decide_each
        from sayso.domains.decisions.batch import decide_batch
        from sayso.domains.decisions.late import decide_late
        from sayso.domains.decisions.sweep import sweep_all
        from sayso.domains.events.submit import set_decider
        from sayso.domains.jobs.duties import Duty, register_duty

        set_decider(decide_batch, decide_each)
        register_duty(Duty("timers", sweep_all, every_seconds=2))
        register_duty(Duty("late-refunds", decide_late, every_seconds=15))
