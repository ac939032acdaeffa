"""The app as Django sees it."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Endpoints and deliveries."""

    name = "sayso.domains.connectors.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Listen to notices, have the worker deliver and clean up, and `verify` look at deliveries."""
        from sayso.domains.connectors.webhooks.clean import clean_deliveries
        from sayso.domains.connectors.webhooks.deliver import Lines
        from sayso.domains.connectors.webhooks.enqueue import WebhookConsumer
        from sayso.domains.connectors.webhooks.verify import CHECKS
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.jobs.relay import register_consumer
        from sayso.domains.workspaces.promises import register_checks

        register_checks(CHECKS)
        register_consumer(WebhookConsumer())
        lines = Lines()
        register_duty(Duty("webhooks", lines.deliver, every_seconds=1, finish=lines.finish))
        register_duty(Duty("old-deliveries", clean_deliveries, every_seconds=3600))
