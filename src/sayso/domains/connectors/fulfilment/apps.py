"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    """The provider that asks a receiver. It has no tables: orders are those of rewards."""

    name = "sayso.domains.connectors.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        """Put the provider behind the port, and have the worker carry out its orders."""
        port, deliver, duties = (
            import_module(f"sayso.domains.{name}")
            for name in ("rewards.fulfilment.port", "rewards.fulfilment.deliver", "jobs.duties")
        )
        by_webhook = import_module(f"{self.name}.by_webhook")
        port.register_remote("webhook", by_webhook.ByWebhook())
        duties.register_duty(duties.Duty("orders-elsewhere", deliver.hand_over_elsewhere, every_seconds=1))
