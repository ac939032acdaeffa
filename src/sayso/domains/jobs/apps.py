"""The app as Django sees it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Notices, tasks, and the duties of the worker."""

    name = "sayso.domains.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register this room's own duties."""
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.jobs.relay import relay
        from sayso.domains.jobs.run_tasks import run_next_task

        register_duty(Duty("relay", relay, every_seconds=0.5))
        register_duty(Duty("tasks", run_next_task, every_seconds=1))
