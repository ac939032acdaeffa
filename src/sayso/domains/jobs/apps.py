"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Notices, tasks, and the duties of the worker."""

    name = "sayso.domains.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register this room's own duties."""
        duties, relay, run = (import_module(f"sayso.domains.jobs.{name}") for name in ("duties", "relay", "run_tasks"))
        duties.register_duty(duties.Duty("relay", relay.relay, every_seconds=0.5))
        duties.register_duty(duties.Duty("tasks", run.run_next_task, every_seconds=1))
