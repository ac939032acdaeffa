"""The app as Django sees it."""

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    """The provider that asks a receiver. It has no tables: orders are those of rewards."""

    name = "sayso.domains.connectors.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        """Put the provider behind the port, and have the worker carry out its orders."""
        from sayso.domains.connectors.fulfilment.by_webhook import ByWebhook
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.rewards.fulfilment.elsewhere import Lines
        from sayso.domains.rewards.fulfilment.port import register_remote
        from sayso.domains.rewards.models import Way

        register_remote(Way.WEBHOOK, ByWebhook())
        lines = Lines()
        register_duty(Duty("orders-elsewhere", lines.hand_over, every_seconds=1, finish=lines.finish))
