"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Batches and timers. Puts itself behind the port of `events.submit`."""

    name = "sayso.domains.decisions"
    label = "decisions"

    def ready(self) -> None:
        """Let the domains below hand their events to the batch."""
        submit, batch = (import_module(f"sayso.domains.{name}") for name in ("events.submit", "decisions.batch"))
        submit.set_decider(batch.decide_batch)
