"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Endpoints and deliveries."""

    name = "sayso.domains.connectors.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Listen to notices, have the worker deliver and clean up, and `verify` look at deliveries."""
        duties, relay = import_module("sayso.domains.jobs.duties"), import_module("sayso.domains.jobs.relay")
        enqueue, deliver, clean = (import_module(f"{self.name}.{name}") for name in ("enqueue", "deliver", "clean"))
        promises, checks = import_module("sayso.domains.workspaces.promises"), import_module(f"{self.name}.verify")
        promises.register_checks(checks.CHECKS)
        relay.register_consumer(enqueue.WebhookConsumer())
        lines = deliver.Lines()
        duties.register_duty(duties.Duty("webhooks", lines.deliver, every_seconds=1, finish=lines.finish))
        duties.register_duty(duties.Duty("old-deliveries", clean.clean_deliveries, every_seconds=3600))
